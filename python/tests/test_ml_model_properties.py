"""Estimators against scikit-learn: random rows, weights and classes, however they are cut, held and computed."""

import numpy as np
import pandas as pd
import pytest
import sklearn.base
import sklearn.cluster
import sklearn.compose
import sklearn.decomposition
import sklearn.linear_model as their_models
import sklearn.model_selection
import sklearn.naive_bayes
import sklearn.preprocessing
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_samples import SETTINGS, answer, matrix, names, runs, same
from plait.ml import cluster, compose, decomposition, linear_model, metrics, model_selection, naive_bayes, preprocessing, wrappers

sizes = st.integers(1, 60)
seeds = st.integers(0, 10_000)
dtypes = st.sampled_from(["float64", "float32", "int64", "uint8"])
weightings = st.sampled_from(["none", "random", "zeros", "one number"])
NEAR = {"rtol": 1e-6, "atol": 1e-6}


def weights_of(rng, num_rows, kind):
    """Weights of rows: none, random ones, some that are zero, or one number for all rows."""
    return {"none": None, "random": rng.uniform(0.1, 2, num_rows), "zeros": rng.integers(0, 3, num_rows).astype(float), "one number": 2.0}[kind]


def lazily(run, weights):
    return run.column(weights) if isinstance(weights, np.ndarray) else weights


def as_given(run, x):
    return pd.DataFrame(x, columns=names(x)) if run.as_frame else x


def standardized(seed, num_rows, columns, dtype):
    """Rows whose optimum any solver finds to many digits."""
    x = matrix(seed, num_rows, columns, dtype)
    return x if np.dtype(dtype).kind in "iu" else ((x - x.mean(axis=0)) / (x.std(axis=0) + 0.1)).astype(dtype)


@settings(max_examples=100, **SETTINGS)
@given(
    runs(),
    seeds,
    sizes,
    st.integers(1, 5),
    dtypes,
    st.sampled_from([2, 3]),
    st.sampled_from(["int64", "text", "bool", "float64"]),
    weightings,
    st.sampled_from([None, "balanced", "dict"]),
    st.booleans(),
    st.sampled_from(["auto", "lbfgs", "newton"]),
)
def test_logistic_regression(run, seed, num_rows, columns, dtype, count, kind, weighting, class_weight, intercept, solver):
    rng = np.random.default_rng(seed)
    x = standardized(seed, num_rows, columns, dtype)
    codes = (x[:, :1] * rng.normal(size=count) + rng.gumbel(size=(num_rows, count)) * 2).argmax(axis=1)
    texts = np.array(["no", "a long name", "yes"])
    y = texts[codes] if kind == "text" else codes > 0 if kind == "bool" else codes.astype(kind)
    weights = weights_of(rng, num_rows, weighting)
    if weighting == "zeros":
        weights[[np.argmax(codes == each) for each in range(count)]] = 1.0  # no class without weight, whose intercept has no optimum
    if class_weight == "dict":
        class_weight = {label: 1.0 + i for i, label in enumerate(np.unique(y).tolist())}
    how = {"C": float(rng.choice([0.1, 1.0])), "fit_intercept": intercept, "class_weight": class_weight}
    model = their_models.LogisticRegression(tol=1e-12, max_iter=10_000, solver="newton-cholesky", **how)
    expected = answer(model.fit, as_given(run, x.astype(float)), y, sample_weight=weights)
    with run.scope():
        own = linear_model.LogisticRegression(tol=1e-9, max_iter=2000, solver=solver, **how)
        found = answer(own.fit, run.rows(x), run.column(y), sample_weight=lazily(run, weights))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        assert found.classes_.tolist() == expected.classes_.tolist()
        same(found.coef_, expected.coef_, **NEAR)
        same(found.intercept_, expected.intercept_, **NEAR)
        likely = expected.predict_proba(as_given(run, x))
        same(found.predict_proba(run.rows(x)).compute(), likely, **NEAR)
        same(found.predict_log_proba(run.rows(x)).compute(), np.log(likely), **NEAR)
        same(found.decision_function(run.rows(x)).compute(), expected.decision_function(as_given(run, x)), rtol=1e-5, atol=1e-5)
        is_sure = np.ptp(np.sort(likely, axis=1)[:, -2:], axis=1) > 1e-6
        predicted = found.predict(run.rows(x)).compute()
        assert predicted[is_sure].tolist() == expected.predict(as_given(run, x))[is_sure].tolist()
        if is_sure.all():
            assert found.score(run.rows(x), run.column(y)) == pytest.approx(expected.score(as_given(run, x), y))


@settings(max_examples=80, **SETTINGS)
@given(
    runs(),
    seeds,
    sizes,
    st.integers(1, 5),
    dtypes,
    st.sampled_from([0, 1, 2]),
    weightings,
    st.booleans(),
    st.sampled_from(["least squares", "ridge", "ridge of each"]),
)
def test_least_squares(run, seed, num_rows, columns, dtype, outputs, weighting, intercept, kind):
    rng = np.random.default_rng(seed)
    x = matrix(seed, num_rows, columns, dtype)
    y = x.astype(float) @ rng.normal(size=(columns, outputs or 1)) + rng.normal(size=(num_rows, outputs or 1))
    y = y if outputs else y[:, 0]
    weights = weights_of(rng, num_rows, weighting)
    if kind == "least squares":
        ours, theirs = linear_model.LinearRegression(fit_intercept=intercept), their_models.LinearRegression(fit_intercept=intercept)
    else:
        alpha = np.arange(1.0, outputs + 1) if kind == "ridge of each" and outputs else 0.7
        ours, theirs = linear_model.Ridge(alpha, fit_intercept=intercept), their_models.Ridge(alpha, fit_intercept=intercept)
    expected = answer(theirs.fit, as_given(run, x.astype(float)), y, sample_weight=weights)
    lazy_y = run.rows(y) if outputs else run.column(y)
    with run.scope():
        found = answer(ours.fit, run.rows(x), lazy_y, sample_weight=lazily(run, weights))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        used = num_rows if not isinstance(weights, np.ndarray) else np.count_nonzero(weights)
        if kind == "least squares" and np.linalg.matrix_rank(x[:used].astype(float)) < columns or used <= columns + 1:
            near = {"rtol": 1e-4, "atol": 1e-4}  # the optimum is not unique, or barely
        else:
            near = NEAR
        same(found.coef_, expected.coef_, **near)
        same(found.intercept_, expected.intercept_, **near)
        same(found.predict(run.rows(x)).compute(), expected.predict(as_given(run, x.astype(float))), **near)
        if num_rows > 1:
            same(found.score(run.rows(x), lazy_y), expected.score(as_given(run, x.astype(float)), y), **near)


@settings(max_examples=40, **SETTINGS)
@given(runs(), seeds, sizes, st.integers(1, 4), weightings, st.booleans(), st.sampled_from(["PoissonRegressor", "GammaRegressor"]), st.sampled_from([0.1, 1.0]))
def test_generalized_linear_models(run, seed, num_rows, columns, weighting, intercept, name, alpha):
    rng = np.random.default_rng(seed)
    x = standardized(seed, num_rows, columns, "float64")
    y = rng.poisson(np.exp((x @ rng.normal(0, 0.3, columns)).clip(-3, 3))).astype(float) + (1 if name == "GammaRegressor" else 0)
    y[-1] += 1
    if seed % 7 == 0:
        y[0] = -1.0
    weights = weights_of(rng, num_rows, weighting)
    how = {"alpha": alpha, "fit_intercept": intercept}
    expected = answer(getattr(their_models, name)(tol=1e-12, max_iter=1000, solver="newton-cholesky", **how).fit, as_given(run, x), y, sample_weight=weights)
    with run.scope():
        found = answer(getattr(linear_model, name)(tol=1e-10, max_iter=1000, **how).fit, run.rows(x), run.column(y), sample_weight=lazily(run, weights))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        same(found.coef_, expected.coef_, **NEAR)
        same(found.intercept_, expected.intercept_, **NEAR)
        same(found.predict(run.rows(x)).compute(), expected.predict(as_given(run, x)), **NEAR)
        if len(np.unique(y)) > 1:
            same(found.score(run.rows(x), run.column(y)), expected.score(as_given(run, x), y), rtol=1e-5, atol=1e-5)


@settings(max_examples=60, **SETTINGS)
@given(runs(), seeds, sizes, st.integers(1, 4), st.sampled_from([2, 3]), dtypes, weightings, st.sampled_from(["int64", "text"]))
def test_naive_bayes(run, seed, num_rows, columns, count, dtype, weighting, kind):
    rng = np.random.default_rng(seed)
    x = matrix(seed, num_rows, columns, dtype)
    codes = rng.integers(0, count, num_rows)
    y = np.array(["no", "perhaps", "yes"])[codes] if kind == "text" else codes
    weights = weights_of(rng, num_rows, weighting if weighting != "one number" else "none")
    expected = answer(sklearn.naive_bayes.GaussianNB(var_smoothing=1e-3).fit, as_given(run, x.astype(float)), y, sample_weight=weights)
    with run.scope():
        found = answer(naive_bayes.GaussianNB(var_smoothing=1e-3).fit, run.rows(x), run.column(y), sample_weight=lazily(run, weights))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        for name in ("theta_", "var_", "class_count_", "class_prior_", "epsilon_"):
            same(getattr(found, name), getattr(expected, name), **NEAR)
        same(found.predict_proba(run.rows(x)).compute(), expected.predict_proba(as_given(run, x.astype(float))), rtol=1e-4, atol=1e-6)


def up_to_signs(found, expected, **near):
    """Directions are the same, whichever way they point."""
    assert found.shape == expected.shape
    signs = np.sign((found * expected).sum(axis=1, keepdims=True))
    same(found * np.where(signs == 0, 1, signs), expected, **near)


@settings(max_examples=60, **SETTINGS)
@given(
    runs(),
    seeds,
    st.integers(2, 60),
    st.integers(1, 5),
    st.sampled_from(["float64", "int64", "float32"]),
    st.sampled_from([None, 1, 2, 0.8, 9]),
    st.booleans(),
    st.sampled_from(["auto", "full", "covariance_eigh", "tsqr"]),
)
def test_principal_components(run, seed, num_rows, columns, dtype, wanted, whiten, solver):
    x = matrix(seed, num_rows, columns, dtype)
    theirs = sklearn.decomposition.PCA(wanted, whiten=whiten, svd_solver="full" if solver in ("auto", "tsqr") else solver)
    expected = answer(theirs.fit, as_given(run, x.astype(float)))
    near = {"rtol": 1e-5, "atol": 1e-5}
    with run.scope():
        found = answer(decomposition.PCA(wanted, whiten=whiten, svd_solver=solver).fit, run.rows(x))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        for name in ("mean_", "explained_variance_", "explained_variance_ratio_", "singular_values_", "noise_variance_", "n_components_"):
            same(getattr(found, name), getattr(expected, name), **near)
        if num_rows <= columns + 1 or np.diff(expected.explained_variance_, append=0).max(initial=-1) > -1e-3:
            return None  # directions of no length, or of the same one, are anyone's choice
        up_to_signs(found.components_, expected.components_, **near)
        given_x = as_given(run, x.astype(float))
        up_to_signs(found.transform(run.rows(x)).compute().T, expected.transform(given_x).T, **near)
        lazy = found.fit_transform(run.rows(x))
        same(found.inverse_transform(lazy).compute(), expected.inverse_transform(expected.transform(given_x)), **near)
        if 0 < expected.n_components_ < columns:
            same(found.score_samples(run.rows(x)).compute(), expected.score_samples(given_x), rtol=1e-4, atol=1e-4)


@settings(max_examples=40, **SETTINGS)
@given(runs(), seeds, st.integers(1, 60), st.integers(2, 5), st.integers(1, 6))
def test_truncated_values(run, seed, num_rows, columns, wanted):
    x = matrix(seed, num_rows, columns)
    expected = answer(sklearn.decomposition.TruncatedSVD(wanted, algorithm="arpack" if wanted < min(num_rows, columns) else "randomized").fit, x)
    with run.scope():
        found = answer(decomposition.TruncatedSVD(wanted).fit, run.rows(x))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        for name in ("singular_values_", "explained_variance_", "explained_variance_ratio_"):
            same(getattr(found, name), getattr(expected, name), rtol=1e-5, atol=1e-5)
        if num_rows > columns:
            up_to_signs(found.components_, expected.components_, rtol=1e-4, atol=1e-4)


@settings(max_examples=30, **SETTINGS)
@given(runs(), seeds, st.integers(1, 60), st.integers(1, 4), st.integers(1, 4), st.sampled_from([None, 7, 20]), st.booleans())
def test_components_batch_by_batch(run, seed, num_rows, columns, wanted, batch, whiten):
    x = matrix(seed, num_rows, columns)
    expected = answer(sklearn.decomposition.IncrementalPCA(wanted, batch_size=batch, whiten=whiten).fit, as_given(run, x))
    with run.scope():
        found = answer(decomposition.IncrementalPCA(wanted, batch_size=batch, whiten=whiten).fit, run.rows(x))
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        same(found.mean_, expected.mean_)
        same(found.explained_variance_, expected.explained_variance_, **NEAR)
        same(abs(found.components_), abs(expected.components_), **NEAR)
        same(abs(found.transform(run.rows(x)).compute()), abs(expected.transform(as_given(run, x))), rtol=1e-5, atol=1e-5)


@settings(max_examples=30, **SETTINGS)
@given(runs(), seeds, st.integers(1, 60), st.integers(1, 3), st.integers(1, 5), dtypes, weightings)
def test_centers_from_given_places(run, seed, num_rows, columns, clusters, dtype, weighting):
    rng = np.random.default_rng(seed)
    x = matrix(seed, num_rows, columns, dtype)
    if dtype.startswith("float"):
        x += rng.normal(0, 0.01, x.shape).astype(dtype)
    places = matrix(seed + 1, clusters, columns) + rng.normal(0, 0.01, (clusters, columns))
    weights = weights_of(rng, num_rows, weighting if weighting != "zeros" else "random")
    how = {"n_clusters": clusters, "init": places, "n_init": 1, "max_iter": 30, "tol": 0}
    expected = answer(sklearn.cluster.KMeans(**how).fit, as_given(run, x.astype(float)), sample_weight=weights if weighting != "one number" else None)
    with run.scope():
        found = answer(cluster.KMeans(**how).fit, run.rows(x), sample_weight=lazily(run, weights) if weighting != "one number" else None)
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        if len(np.unique(expected.labels_)) < clusters:
            return None  # where an empty cluster goes is anyone's choice
        if dtype in ("int64", "uint8"):
            assert found.inertia_ == pytest.approx(expected.inertia_, rel=0.5, abs=1e-6)  # rows may be as near to two centers
            return None
        same(found.cluster_centers_, expected.cluster_centers_, **NEAR)
        assert found.inertia_ == pytest.approx(expected.inertia_, abs=1e-6)
        same(found.labels_.compute(), expected.labels_)
        given_x = as_given(run, x.astype(float))
        same(found.predict(run.rows(x)).compute(), expected.predict(given_x))
        same(found.transform(run.rows(x)).compute(), expected.transform(given_x), rtol=1e-5, atol=1e-5)
        assert found.score(run.rows(x)) == pytest.approx(expected.score(given_x), abs=1e-5)


@settings(max_examples=30, **SETTINGS)
@given(runs(), seeds, st.integers(8, 60), st.sampled_from(["SGDClassifier", "SGDRegressor", "GaussianNB"]))
def test_models_that_learn_block_by_block(run, seed, num_rows, name):
    rng = np.random.default_rng(seed)
    x = matrix(seed, num_rows, 3)
    y = (rng.integers(0, 2, num_rows) + np.arange(num_rows)) % 2 if name != "SGDRegressor" else rng.normal(size=num_rows)
    module = sklearn.naive_bayes if name == "GaussianNB" else their_models
    make = getattr(module, name)
    how = {} if name == "GaussianNB" else {"random_state": 0}
    bounds = np.cumsum([0, *run.chunks(num_rows)])
    known = {} if name == "SGDRegressor" else {"classes": np.unique(y)}
    expected = make(**how)
    given_x = as_given(run, x)
    for first, last in zip(bounds, bounds[1:]):
        if last > first:
            expected.partial_fit(given_x[first:last], y[first:last], **known)
    with run.scope():
        for found in (wrappers.Incremental(make(**how), shuffle_blocks=False).fit(run.rows(x), run.column(y)),):
            own = found.estimator_
            for attribute in ("coef_", "intercept_", "theta_", "var_"):
                if hasattr(expected, attribute):
                    same(getattr(own, attribute), getattr(expected, attribute))
            same(found.predict(run.rows(x)).compute(), expected.predict(given_x))
            if num_rows > 1:
                same(found.score(run.rows(x), run.column(y)), expected.score(given_x, y))
        fitted = wrappers.ParallelPostFit(expected)
        same(fitted.predict(run.rows(x)).compute(), expected.predict(given_x))


@settings(max_examples=12, **SETTINGS)
@given(runs(as_frame=[True]), seeds, sizes, st.sampled_from(["drop", "passthrough"]))
def test_transformers_of_columns(run, seed, num_rows, remainder):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"a": rng.normal(size=num_rows), "k": rng.choice(["x", "y", "z"], num_rows), "b": rng.integers(0, 9, num_rows), "c": rng.normal(size=num_rows)}
    )

    def parts(module):
        return [("scaled", module.StandardScaler(), ["a", "b"]), ("hot", module.OneHotEncoder(), ["k"])]

    expected = sklearn.compose.ColumnTransformer(parts(sklearn.preprocessing), remainder=remainder, sparse_threshold=0)
    with run.scope():
        found = compose.ColumnTransformer(parts(preprocessing), remainder=remainder)
        wanted = expected.fit_transform(frame)
        same(found.fit_transform(run.frame(frame)).compute(), wanted)
        same(found.transform(run.frame(frame)).compute(), wanted)
        assert found.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()


@settings(max_examples=25, **SETTINGS)
@given(runs(as_frame=[False]), seeds, st.integers(12, 60), st.sampled_from(["KFold", "StratifiedKFold"]), st.booleans(), st.integers(2, 4))
def test_folds_and_searches(run, seed, num_rows, name, shuffle, splits):
    rng = np.random.default_rng(seed)
    x = standardized(seed, num_rows, 3, "float64")
    y = np.tile([0, 1, 1], num_rows)[:num_rows]
    rng.shuffle(y)
    how = {"n_splits": splits, "shuffle": shuffle, "random_state": 0 if shuffle else None}
    ours, theirs = getattr(model_selection, name)(**how), getattr(sklearn.model_selection, name)(**how)
    with run.scope():
        for one, other in zip(ours.split(run.array(x), run.array(y)), theirs.split(x, y)):
            for mine, wanted in zip(one, other):
                same(mine, wanted)
        if name == "KFold":
            return
        grid = {"C": [0.01, 1.0]}
        expected = sklearn.model_selection.GridSearchCV(
            their_models.LogisticRegression(tol=1e-10, solver="newton-cholesky"), grid, cv=theirs, scoring="neg_log_loss"
        ).fit(x, y)
        found = model_selection.GridSearchCV(linear_model.LogisticRegression(tol=1e-10), grid, cv=ours, scoring="neg_log_loss", iid=False).fit(
            run.array(x), run.array(y)
        )
        for key in ("mean_test_score", "std_test_score", "rank_test_score", "split0_test_score"):
            same(found.cv_results_[key], expected.cv_results_[key], rtol=1e-4, atol=1e-5)
        assert found.best_params_ == expected.best_params_


@settings(max_examples=40, **SETTINGS)
@given(runs(as_frame=[False]), seeds, st.integers(4, 60), st.sampled_from([0.2, 0.5, 1]), st.booleans(), st.booleans())
def test_splits_for_training_and_testing(run, seed, num_rows, test_size, shuffle, stratified):
    x = np.arange(2 * num_rows).reshape(num_rows, 2)
    y = np.arange(num_rows) % 2
    how = {"test_size": test_size, "shuffle": shuffle, "random_state": seed}
    if stratified:
        how["stratify"] = y
    expected = answer(sklearn.model_selection.train_test_split, x, y, **how)
    with run.scope():
        found = answer(model_selection.train_test_split, run.array(x), run.array(y), **how)
        if isinstance(expected, Exception) or isinstance(found, Exception):
            return same(found, expected)
        train, test, y_train, y_test = (each.compute() for each in found)
        assert [len(each) for each in (train, test)] == [len(each) for each in expected[:2]]
        assert sorted([*train[:, 0], *test[:, 0]]) == x[:, 0].tolist()
        same(y[train[:, 0] // 2], y_train)
        same(y[test[:, 0] // 2], y_test)
        if stratified:
            assert y_test.sum() == expected[3].sum()
        if not shuffle:
            same(test, expected[1])


@pytest.mark.parametrize("name", ["accuracy", "neg_log_loss", "f1", "roc_auc", "precision_macro", "recall_weighted"])
@settings(max_examples=10, **SETTINGS)
@given(runs(), seeds, st.integers(8, 60))
def test_scorers(name, run, seed, num_rows):
    x = standardized(seed, num_rows, 3, "float64")
    y = (np.arange(num_rows) % 3 == 0).astype(int)
    expected = sklearn.metrics.get_scorer(name)(their_models.LogisticRegression(tol=1e-10).fit(x, y), x, y)
    with run.scope():
        model = linear_model.LogisticRegression(tol=1e-10).fit(run.rows(x), run.column(y))
        assert metrics.get_scorer(name)(model, run.rows(x), run.column(y)) == pytest.approx(expected, abs=1e-5)
