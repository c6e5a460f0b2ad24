"""Models on sparse rows, lazy ones and scipy matrices, against scikit-learn. Nothing makes them dense."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import sklearn.decomposition
import sklearn.linear_model
import sklearn.preprocessing
from sklearn.pipeline import make_pipeline

import plait
import plait.bag as db
import plait.dataframe as dd
from plait.ml import _sparse, decomposition, linear_model, preprocessing
from plait.ml.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from plait.ml.wrappers import ParallelPostFit

RNG = np.random.default_rng(0)
X = scipy.sparse.random(120, 60, density=0.1, format="csr", random_state=0)
SCORES = X @ RNG.normal(size=60)
TWO = (SCORES + RNG.normal(scale=0.3, size=120) > 0).astype(int)
THREE = np.digitize(SCORES, [-0.5, 0.5])
WEIGHTS = RNG.uniform(0.5, 2, 120)


def lazy(matrix=X):
    """The same in blocks of unknown lengths, one of them empty."""
    known = _sparse.of_matrix(matrix, 50)
    parts = [each.compute() for each in known.row_blocks()]
    parts.insert(1, matrix[:0])
    return _sparse.SparseArray(plait._plait.delayed_values([plait.delayed(part) for part in parts]), matrix.shape[1], matrix.dtype)


def cut(y):
    """As the blocks of `lazy`."""
    parts = [plait.delayed(part) for part in (y[:50], y[:0], y[50:100], y[100:])]
    return _sparse.dense_of(plait._plait.delayed_values(parts), ((50, 0, 50, 20),), y.dtype, "cut")


@pytest.mark.parametrize("y", [TWO, THREE, np.array(["no", "yes"])[TWO]], ids=["two", "three", "texts"])
@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_logistic_regression(y, scheduler):
    expected = sklearn.linear_model.LogisticRegression(tol=1e-10, max_iter=5000).fit(X, y)
    with plait.config.set(scheduler=scheduler):
        found = linear_model.LogisticRegression(tol=1e-9, max_iter=2000).fit(X, y)
        np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-5)
        np.testing.assert_allclose(found.intercept_, expected.intercept_, atol=1e-5)
        rows = lazy()
        assert np.asarray(found.predict(rows)).tolist() == expected.predict(X).tolist() == found.predict(X).tolist()
        np.testing.assert_allclose(found.predict_proba(rows), expected.predict_proba(X), atol=1e-5)
        np.testing.assert_allclose(found.decision_function(rows), expected.decision_function(X), atol=1e-4)


@pytest.mark.parametrize("solver", ["newton", "lbfgs", "admm", "proximal_grad", "gradient_descent"])
def test_every_solver_takes_blocks_of_unknown_lengths(solver):
    how = {"tol": 1e-7, "max_iter": 5000, "solver": solver}
    rows, y = lazy(), cut(TWO)
    dense = linear_model.LogisticRegression(**how).fit(X.toarray(), TWO, sample_weight=WEIGHTS)
    found = linear_model.LogisticRegression(**how).fit(rows, y, sample_weight=cut(WEIGHTS))
    np.testing.assert_allclose(found.coef_, dense.coef_, atol=1e-4)
    assert found.score(rows, y) == dense.score(X.toarray(), TWO)


def test_newton_of_several_classes():
    how = {"tol": 1e-9, "solver": "newton"}
    np.testing.assert_allclose(
        linear_model.LogisticRegression(**how).fit(X, THREE).coef_, linear_model.LogisticRegression(**how).fit(X.toarray(), THREE).coef_, atol=1e-6
    )


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weights"])
def test_least_squares(weights):
    y = SCORES + 3
    for model in (linear_model.Ridge(alpha=0.5), linear_model.LinearRegression()):
        theirs = getattr(sklearn.linear_model, type(model).__name__)(**({"alpha": 0.5} if "alpha" in model.get_params() else {}))
        expected = theirs.fit(X.toarray(), y, sample_weight=weights)
        model.fit(lazy(), cut(y), sample_weight=None if weights is None else cut(weights))
        np.testing.assert_allclose(model.coef_, expected.coef_, atol=1e-4)
        assert model.intercept_ == pytest.approx(expected.intercept_, abs=1e-4)
        np.testing.assert_allclose(model.predict(lazy()), expected.predict(X.toarray()), atol=1e-3)
    two = linear_model.Ridge().fit(X, np.stack([y, -y], axis=1))
    assert two.coef_.shape == (2, 60)
    np.testing.assert_allclose(two.predict(X)[:, 0], -two.predict(X)[:, 1], atol=1e-3)


def test_counts():
    y = RNG.poisson(np.exp(SCORES / 3))
    expected = linear_model.PoissonRegressor(tol=1e-8).fit(X.toarray(), y)
    found = linear_model.PoissonRegressor(tol=1e-8).fit(lazy(), cut(y))
    np.testing.assert_allclose(found.coef_, expected.coef_, atol=1e-5)
    np.testing.assert_allclose(found.predict(lazy()), expected.predict(X.toarray()), rtol=1e-4)


def test_models_that_learn_block_by_block():
    expected = sklearn.linear_model.SGDClassifier(random_state=0, max_iter=1, tol=None)
    found = linear_model.SGDClassifier(random_state=0).partial_fit(lazy(), cut(TWO), classes=[0, 1])
    for rows in (slice(0, 50), slice(50, 100), slice(100, None)):
        expected.partial_fit(X[rows], TWO[rows], classes=[0, 1])
    np.testing.assert_allclose(found.coef_, expected.coef_)
    assert found.predict(lazy()).compute().tolist() == expected.predict(X).tolist()
    np.testing.assert_allclose(found.decision_function(lazy()), expected.decision_function(X))


def test_estimators_of_scikit_learn_on_blocks():
    model = ParallelPostFit(sklearn.linear_model.LogisticRegression()).fit(X, np.array(["a", "b"])[TWO])
    assert np.asarray(model.predict(lazy())).tolist() == np.asarray(model.predict(X)).tolist()
    np.testing.assert_allclose(model.predict_proba(lazy()), model.predict_proba(X))


@pytest.mark.parametrize(
    "scaler", [preprocessing.StandardScaler(with_mean=False), preprocessing.MaxAbsScaler(), preprocessing.Normalizer(), preprocessing.Binarizer(threshold=0.5)], ids=str
)
def test_scalers_leave_rows_sparse(scaler):
    expected = getattr(sklearn.preprocessing, type(scaler).__name__)(**scaler.get_params()).fit_transform(X)
    found = scaler.fit_transform(lazy())
    assert isinstance(found, _sparse.SparseArray)
    assert abs(found.compute() - expected).max() < 1e-12


def test_what_takes_dense_rows_only_says_so():
    for refuse in (preprocessing.RobustScaler().fit, preprocessing.PolynomialFeatures().fit, decomposition.PCA().fit):
        with pytest.raises(TypeError, match=r"Sparse data was passed for X, but dense data is required. Use todense\(\)"):
            refuse(lazy())
    with pytest.raises(ValueError, match="Cannot center sparse matrices"):
        preprocessing.StandardScaler().fit(lazy())
    with pytest.raises(ValueError, match="X has 59 features, but LogisticRegression is expecting 60"):
        linear_model.LogisticRegression().fit(X, TWO).predict(lazy(X[:, :59]))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_named(bad):
    wrong = X.copy()
    wrong.data[wrong.indptr[60]] = bad
    with pytest.raises(ValueError, match=f"Input X contains {'NaN' if np.isnan(bad) else 'infinity'}: row 10 of block 2, column {wrong.indices[wrong.indptr[60]]}"):
        linear_model.LogisticRegression().fit(lazy(wrong), cut(TWO))


@pytest.mark.parametrize("columns", [60, 700])
@pytest.mark.parametrize("algorithm", ["tsqr", "randomized"])
def test_the_largest_singular_values(algorithm, columns):
    rows = scipy.sparse.random(120, columns, density=0.1, format="csr", random_state=1)
    rows = scipy.sparse.hstack([np.full((120, 1), 5.0), np.repeat([[3.0], [0.0]], 60, axis=0), rows[:, 2:]], format="csr")
    expected = np.linalg.svd(rows.toarray())
    model = decomposition.TruncatedSVD(2, algorithm=algorithm, n_iter=30, random_state=0)
    made = model.fit_transform(lazy(rows)).compute()
    np.testing.assert_allclose(model.singular_values_, expected.S[:2], rtol=1e-6)
    np.testing.assert_allclose(np.abs(model.components_ @ expected.Vh[:2].T), np.eye(2), atol=1e-5)
    np.testing.assert_allclose(made, rows @ model.components_.T, atol=1e-9)
    np.testing.assert_allclose(model.explained_variance_, made.var(axis=0), rtol=1e-6)
    np.testing.assert_allclose(model.explained_variance_ratio_, made.var(axis=0) / rows.toarray().var(axis=0).sum(), rtol=1e-6)
    np.testing.assert_allclose(model.transform(rows), made, atol=1e-9)


def test_a_pipeline_from_texts_to_labels():
    texts = pd.Series(["good film", "bad film", "a good book", "a bad bad book"] * 10)
    labels = texts.str.contains("good").astype(int)
    documents, y = dd.from_pandas(texts, npartitions=3), dd.from_pandas(labels, npartitions=3)
    for vectorizer in (TfidfVectorizer(), HashingVectorizer(n_features=2**20)):
        pipeline = make_pipeline(vectorizer, linear_model.LogisticRegression()).fit(documents, y)
        assert pipeline.score(documents, y) == 1
        assert pipeline.predict(db.from_sequence(["a good film", "bad"])).compute().tolist() == [1, 0]


def test_a_model_of_many_sparse_rows_begins_with_a_sample_of_them():
    many = scipy.sparse.random(40_000, 6, density=0.4, format="csr", random_state=1)
    y = (many @ np.array([1, -1, 2, 0.5, 1, -2]) + 0.3 * np.random.default_rng(1).standard_normal(40_000) > 0.2).astype(int)
    sparse, dense = (linear_model.LogisticRegression(tol=1e-9).fit(rows, y) for rows in (many, many.toarray()))
    np.testing.assert_allclose(sparse.coef_, dense.coef_, atol=1e-8)


@pytest.mark.parametrize("index", [slice(3, 77, 2), [119, 0, 51, 50, 0], np.arange(120) % 3 == 0, [], (slice(40, 60), slice(None))], ids=str)
def test_rows_are_picked_in_the_order_that_is_asked_for(index):
    picked = lazy().compute_chunk_sizes()[index]
    expected = X[index]
    assert picked.shape == expected.shape and (picked.compute() != expected).nnz == 0
    assert picked.compute_chunk_sizes().shape == expected.shape


def test_what_cannot_be_picked_of_sparse_rows_says_so():
    with pytest.raises(ValueError, match=r"call compute_chunk_sizes\(\) first"):
        lazy()[:3]
    rows = lazy().compute_chunk_sizes()
    for index in (3, (slice(None), 2)):
        with pytest.raises(NotImplementedError):
            rows[index]
    with pytest.raises(IndexError):
        rows[[120]]
