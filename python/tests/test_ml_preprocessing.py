"""Transformers of lazy data against scikit-learn's of the same data in memory."""

import numpy as np
import pandas as pd
import pytest
import sklearn
import sklearn.decomposition
from sklearn import preprocessing as theirs
from sklearn.base import clone

import plait
import plait.array as da
import plait.dataframe as dd
from plait.ml import preprocessing as ours
from plait.ml.decomposition import PCA

TRANSFORMERS = [
    ("StandardScaler", {}),
    ("StandardScaler", {"with_mean": False}),
    ("StandardScaler", {"with_std": False}),
    ("MinMaxScaler", {}),
    ("MinMaxScaler", {"feature_range": (-1, 2), "clip": True}),
    ("MaxAbsScaler", {}),
    ("RobustScaler", {}),
    ("RobustScaler", {"quantile_range": (10, 80), "unit_variance": True}),
    ("RobustScaler", {"with_centering": False}),
    ("QuantileTransformer", {"n_quantiles": 20}),
    ("QuantileTransformer", {"n_quantiles": 500, "output_distribution": "normal"}),
    ("PolynomialFeatures", {"degree": 3}),
    ("PolynomialFeatures", {"interaction_only": True, "include_bias": False}),
    ("KBinsDiscretizer", {"n_bins": 4, "encode": "ordinal", "strategy": "uniform"}),
    ("KBinsDiscretizer", {"n_bins": 4, "encode": "onehot-dense", "quantile_method": "linear"}),
    ("Normalizer", {"norm": "l1"}),
    ("Binarizer", {"threshold": 0.5}),
    ("FunctionTransformer", {"func": np.abs}),
]
CHUNKS = [(60, 3), (17, 2), ((1, 0, 40, 19), (3,))]


def rows():
    return np.random.default_rng(0).normal(1, 2, (60, 3)).round(3)


@pytest.mark.parametrize(("name", "parameters"), TRANSFORMERS)
@pytest.mark.parametrize("chunks", CHUNKS)
def test_a_lazy_array_is_transformed_as_scikit_learn_transforms_it(name, parameters, chunks):
    expected = getattr(theirs, name)(**parameters).fit(rows())
    found = getattr(ours, name)(**parameters).fit(da.from_array(rows(), chunks=chunks))
    lazy = found.transform(da.from_array(rows(), chunks=chunks))
    assert isinstance(lazy, da.Array)
    np.testing.assert_allclose(lazy, expected.transform(rows()), atol=1e-12)
    np.testing.assert_allclose(found.transform(rows()), expected.transform(rows()), atol=1e-12)
    assert lazy.shape == expected.transform(rows()).shape and lazy.dtype == expected.transform(rows()).dtype
    for attribute in [each for each in vars(expected) if each.endswith("_") and not each.startswith("_")]:
        if isinstance(getattr(expected, attribute), (np.ndarray, int, float)) and getattr(expected, attribute) is not None:
            if np.asarray(getattr(expected, attribute)).dtype != object:
                np.testing.assert_allclose(getattr(found, attribute), getattr(expected, attribute), atol=1e-12, err_msg=attribute)


@pytest.mark.parametrize(("name", "parameters"), TRANSFORMERS)
def test_a_lazy_frame_stays_one_and_names_its_columns(name, parameters):
    frame = pd.DataFrame(rows(), columns=list("abc"))
    lazy = dd.from_pandas(frame, npartitions=3)
    expected = getattr(theirs, name)(**parameters).set_output(transform="pandas").fit(frame)
    found = clone(getattr(ours, name)(**parameters)).fit(lazy)
    assert found.feature_names_in_.tolist() == ["a", "b", "c"] and found.n_features_in_ == 3
    made = found.transform(lazy)
    assert isinstance(made, dd.DataFrame)
    pd.testing.assert_frame_equal(made.compute(), expected.transform(frame), check_freq=False, check_dtype=False)


@pytest.mark.parametrize("name", ["StandardScaler", "MinMaxScaler", "RobustScaler"])
def test_what_was_scaled_goes_back(name):
    x = da.from_array(rows(), chunks=(17, 3))
    scaler = getattr(ours, name)()
    np.testing.assert_allclose(scaler.inverse_transform(scaler.fit_transform(x)), rows())


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_transformers_run_on_every_executor(scheduler):
    with plait.config.set(scheduler=scheduler):
        for name in ("StandardScaler", "QuantileTransformer"):
            x = da.from_array(rows(), chunks=(17, 3))
            expected = getattr(theirs, name)(**({"n_quantiles": 60} if name[0] == "Q" else {})).fit_transform(rows())
            np.testing.assert_allclose(getattr(ours, name)().fit_transform(x), expected, atol=1e-12)


@pytest.mark.parametrize("values", [["b", "a", "c", "a"], [3, 1, 2, 1], [True, False, True, False]])
def test_labels_become_numbers_and_come_back(values):
    expected = theirs.LabelEncoder().fit(values)
    for y in (da.from_array(np.array(values), chunks=3), np.array(values), dd.from_pandas(pd.Series(values), npartitions=2)):
        encoder = ours.LabelEncoder()
        codes = encoder.fit_transform(y)
        assert np.asarray(codes).tolist() == expected.transform(values).tolist()
        assert encoder.classes_.tolist() == expected.classes_.tolist()
        assert np.asarray(encoder.transform(y)).tolist() == expected.transform(values).tolist()
        assert np.asarray(encoder.inverse_transform(codes)).tolist() == values


def test_a_label_that_fit_has_not_seen_is_named():
    encoder = ours.LabelEncoder().fit(da.from_array(np.array(["a", "b"]), chunks=1))
    for y in (da.from_array(np.array(["a", "x"]), chunks=1), dd.from_pandas(pd.Series(["a", "x"]), npartitions=1)):
        with pytest.raises(ValueError, match=r"previously unseen labels: \['x'\]"):
            encoder.transform(y).compute()


def test_a_series_of_categories_keeps_their_order():
    series = dd.from_pandas(pd.Series(["lo", "hi", "lo"], dtype=pd.CategoricalDtype(["lo", "mid", "hi"])), npartitions=2)
    encoder = ours.LabelEncoder()
    assert encoder.fit_transform(series).compute().tolist() == [0, 2, 0] and encoder.classes_.tolist() == ["lo", "mid", "hi"]


@pytest.mark.parametrize("name", ["StandardScaler", "MinMaxScaler", "MaxAbsScaler"])
def test_scalers_learn_from_one_part_after_the_other(name):
    found, expected = getattr(ours, name)(), getattr(theirs, name)().fit(rows())
    found.partial_fit(da.from_array(rows()[:40], chunks=(17, 3))).partial_fit(rows()[40:])
    np.testing.assert_allclose(found.scale_, expected.scale_)
    assert found.n_samples_seen_ == 60


def test_a_transformer_that_gives_frames_gives_lazy_ones_of_lazy_rows():
    expected = theirs.StandardScaler().set_output(transform="pandas").fit_transform(rows())
    x = da.from_array(rows(), chunks=(17, 3))
    scaler = ours.StandardScaler().set_output(transform="pandas")
    for made in (scaler.fit_transform(x), scaler.transform(x)):
        assert isinstance(made, dd.DataFrame)
        pd.testing.assert_frame_equal(made.compute(), expected)
    pd.testing.assert_frame_equal(scaler.transform(rows()), expected)


def test_frames_that_are_asked_of_a_fit_keep_the_labels_of_rows():
    frame = pd.DataFrame(rows(), columns=list("abc"), index=[f"r{i}" for i in range(60)])
    lazy = dd.from_pandas(frame, npartitions=7, sort=False)
    with sklearn.config_context(transform_output="pandas"):
        made = PCA(2).fit_transform(lazy)
        expected = sklearn.decomposition.PCA(2).fit_transform(frame)
    assert isinstance(made, dd.DataFrame) and made.npartitions == 7
    pd.testing.assert_frame_equal(made.compute().abs(), expected.abs())


def test_a_column_of_one_value_is_left_as_it_is():
    x = da.full((9, 2), 0.1, chunks=(2, 2))
    scaler = ours.StandardScaler().fit(x)
    assert scaler.scale_.tolist() == [1, 1] and np.abs(scaler.transform(x)).max().compute() < 1e-15
