"""What an estimator has no place for is refused by scikit-learn's exception class, of lazy data as of data in memory."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import plait.array as da
import plait.dataframe as dd
from plait.ml.cluster import KMeans, MiniBatchKMeans
from plait.ml.decomposition import PCA, IncrementalPCA, TruncatedSVD
from plait.ml.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from plait.ml.impute import SimpleImputer
from plait.ml.linear_model import LinearRegression, LogisticRegression, Ridge
from plait.ml.naive_bayes import GaussianNB
from plait.ml.preprocessing import KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, OneHotEncoder, PolynomialFeatures, QuantileTransformer, RobustScaler, StandardScaler

ROWS = np.random.default_rng(0).normal(size=(60, 3))
LABELS = (ROWS[:, 0] > 0).astype(int)

PREDICT = [
    LogisticRegression(),
    LinearRegression(),
    Ridge(),
    RandomForestClassifier(3, random_state=0),
    ExtraTreesClassifier(3, random_state=0),
    RandomForestRegressor(3, random_state=0),
    GaussianNB(),
]
PROJECT = [
    PCA(2),
    PCA(2, whiten=True),
    IncrementalPCA(2),
    TruncatedSVD(2),
    TruncatedSVD(2, algorithm="randomized"),
    KMeans(3, random_state=0),
    MiniBatchKMeans(3, random_state=0),
]
SCALE = [StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), QuantileTransformer(n_quantiles=10)]


def lazy(rows, size=20):
    return da.from_array(rows, chunks=(size, *rows.shape[1:]))


def spoilt(value):
    rows = ROWS.copy()
    rows[33, 1] = value
    return lazy(rows)


def fitted(estimator, rows=None):
    return clone(estimator).fit(lazy(ROWS) if rows is None else rows, lazy(LABELS))


def used(estimator, rows):
    """What a fitted estimator makes of rows, computed."""
    return (estimator.predict if hasattr(estimator, "predict") and not hasattr(estimator, "transform") else estimator.transform)(rows).compute()


@pytest.mark.parametrize("value", [np.nan, np.inf], ids=str)
@pytest.mark.parametrize("estimator", PREDICT + PROJECT, ids=str)
def test_nan_and_infinity_are_refused_in_fits_and_afterwards(estimator, value):
    with pytest.raises(ValueError, match="NaN|infinity"):
        fitted(estimator, spoilt(value))
    with pytest.raises(ValueError, match="NaN|infinity"):
        used(fitted(estimator), spoilt(value))


@pytest.mark.parametrize("estimator", [PCA(2), IncrementalPCA(2), TruncatedSVD(2)], ids=str)
def test_nan_is_named_by_its_place_in_transformed_rows_and_refused_in_coordinates(estimator):
    model = fitted(estimator)
    with pytest.raises(ValueError, match="Input X contains NaN: row 13 of block 1, column 1"):
        model.transform(spoilt(np.nan)).compute()
    for coordinates in (spoilt(np.nan)[:, :2], spoilt(np.nan)[:, :2].compute()):
        with pytest.raises(ValueError, match="NaN"):
            np.asarray(model.inverse_transform(coordinates))
    np.testing.assert_allclose(model.inverse_transform(model.transform(lazy(ROWS))).compute(), model.inverse_transform(model.transform(ROWS)))


def test_nan_has_no_likelihood_under_principal_components():
    with pytest.raises(ValueError, match="NaN"):
        fitted(PCA(2)).score_samples(spoilt(np.nan)).compute()


@pytest.mark.parametrize("estimator", SCALE, ids=str)
def test_scalers_leave_missing_values_out_and_refuse_infinity(estimator):
    assert np.isnan(fitted(estimator, spoilt(np.nan)).transform(spoilt(np.nan)).compute()).sum() == 1
    for value in (np.inf, -np.inf):
        with pytest.raises(ValueError, match="Input X contains infinity or a value too large for dtype.'float64'.: column 1"):
            fitted(estimator, spoilt(value))
        for method in ("transform", "inverse_transform"):
            with pytest.raises(ValueError, match="Input (X )?contains infinity"):
                getattr(fitted(estimator), method)(spoilt(value)).compute()


@pytest.mark.parametrize("estimator", [SimpleImputer(), SimpleImputer(strategy="most_frequent"), KBinsDiscretizer(3), KBinsDiscretizer(3, strategy="uniform")], ids=str)
def test_infinity_is_refused_by_what_counts_and_averages(estimator):
    with pytest.raises(ValueError, match="Input X contains infinity"):
        clone(estimator).fit(spoilt(np.inf))


@pytest.mark.parametrize("estimator", PREDICT + PROJECT + SCALE, ids=str)
def test_rows_that_are_none_are_refused(estimator):
    with pytest.raises(ValueError, match=r"0 sample\(s\)|n_samples=0|y is empty"):
        clone(estimator).fit(lazy(ROWS)[:0], lazy(LABELS)[:0])


def test_rows_that_are_found_to_be_none_are_refused_and_columns_without_values_are_not():
    rows = dd.from_pandas(pd.DataFrame(ROWS), npartitions=3)
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        StandardScaler().fit(rows[rows[0] > 100].to_dask_array())
    assert np.isnan(StandardScaler().fit(lazy(np.full((4, 1), np.nan))).mean_).all()


@pytest.mark.parametrize("estimator", PREDICT + PROJECT + SCALE, ids=str)
def test_texts_among_objects_are_refused_and_numbers_among_them_are_taken(estimator):
    texts = ROWS.astype(object)
    expected = used(fitted(estimator), lazy(ROWS))
    np.testing.assert_allclose(used(fitted(estimator, lazy(texts)), lazy(ROWS)), expected)
    texts[3, 1] = "wide"
    with pytest.raises(ValueError, match="could not convert string to float: 'wide'"):
        fitted(estimator, lazy(texts))


def test_blocks_of_texts_go_to_an_encoder_that_knows_them():
    texts = np.array([["a"], ["b"], ["a"]], dtype=object)
    assert OneHotEncoder().fit(texts).transform(lazy(texts, 2)).compute().tolist() == [[1, 0], [0, 1], [1, 0]]


@pytest.mark.parametrize("estimator", PREDICT + PROJECT + SCALE, ids=str)
def test_partitions_that_are_empty_or_hold_one_row_or_one_class_are_rows_like_others(estimator):
    frame = pd.DataFrame(ROWS, columns=list("abc"))
    frame["y"] = LABELS
    by_class = dd.from_pandas(frame.sort_values("y", ignore_index=True), npartitions=6)
    for given in (dd.concat([by_class[by_class.a > 100], by_class]), dd.from_pandas(frame, npartitions=60)):
        rows = given[["a", "b", "c"]]
        model = clone(estimator).fit(rows, given.y)
        assert len(used(model, rows)) == 60


@pytest.mark.parametrize("estimator", [RandomForestClassifier(3, random_state=0), ExtraTreesClassifier(3, random_state=0)], ids=str)
def test_forests_answer_for_rows_of_unknown_number(estimator):
    model = fitted(estimator)
    frame = dd.from_pandas(pd.DataFrame(ROWS), npartitions=3)
    unknown = frame[frame[0] < 1].to_dask_array()
    assert np.isnan(unknown.shape[0])
    np.testing.assert_array_equal(model.predict(unknown).compute(), model.predict(ROWS[ROWS[:, 0] < 1]))


@pytest.mark.parametrize("estimator", PREDICT + PROJECT + SCALE, ids=str)
def test_other_columns_than_those_of_the_fit_are_refused(estimator):
    frame = dd.from_pandas(pd.DataFrame(ROWS, columns=list("abc")), npartitions=3)
    model = clone(estimator).fit(frame, dd.from_pandas(pd.Series(LABELS), npartitions=3))
    for other in (frame.rename(columns={"c": "z"}), frame[["b", "a", "c"]]):
        with pytest.raises(ValueError, match="The feature names should match those that were passed during fit"):
            used(model, other)
    with pytest.raises(ValueError, match="X has 2 features, but .* is expecting 3 features"):
        used(fitted(estimator), lazy(ROWS[:, :2]))


@pytest.mark.parametrize("estimator", [*PREDICT, *PROJECT, *SCALE, OneHotEncoder(), PolynomialFeatures()], ids=str)
def test_what_is_not_fitted_says_so(estimator):
    with pytest.raises(NotFittedError, match="is not fitted yet"):
        used(clone(estimator), lazy(ROWS))
