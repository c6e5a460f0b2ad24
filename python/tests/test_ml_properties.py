"""Transformers and metrics against scikit-learn: random rows, however they are cut, held and computed."""

import numpy as np
import pandas as pd
import pytest
import sklearn.impute
import sklearn.metrics as their_metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import preprocessing as theirs
from sklearn.metrics import pairwise as their_pairwise

from ml_samples import SETTINGS, answer, matrix, names, runs, same, same_attributes
from plait.ml import impute, metrics
from plait.ml import preprocessing as ours
from plait.ml.metrics import pairwise

HOLES = ["StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "QuantileTransformer"]
TRANSFORMERS = [
    ("StandardScaler", [{}, {"with_mean": False}, {"with_std": False}]),
    ("MinMaxScaler", [{}, {"feature_range": (-1, 2), "clip": True}]),
    ("MaxAbsScaler", [{}]),
    ("RobustScaler", [{}, {"quantile_range": (10, 80), "unit_variance": True}, {"with_centering": False}, {"with_scaling": False}]),
    ("QuantileTransformer", [{"n_quantiles": 7}, {"n_quantiles": 500, "output_distribution": "normal"}]),
    ("PolynomialFeatures", [{}, {"degree": 3, "interaction_only": True}, {"include_bias": False}]),
    (
        "KBinsDiscretizer",
        [
            {"n_bins": 4, "encode": "ordinal", "strategy": "uniform"},
            {"n_bins": 3, "encode": "onehot-dense", "quantile_method": "linear"},
            {"n_bins": 5, "encode": "ordinal"},
        ],
    ),
    ("Normalizer", [{}, {"norm": "l1"}, {"norm": "max"}]),
    ("Binarizer", [{}, {"threshold": 0.5}]),
    ("FunctionTransformer", [{"func": np.abs}]),
]
sizes = st.integers(1, 40)
seeds = st.integers(0, 10_000)


@pytest.mark.parametrize(("name", "parameters"), TRANSFORMERS, ids=[name for name, _ in TRANSFORMERS])
@settings(max_examples=12, **SETTINGS)
@given(st.data(), runs(), seeds, sizes, st.integers(1, 4), st.sampled_from(["float64", "float32", "int64", "uint8"]))
def test_transformers(name, parameters, data, run, seed, num_rows, columns, dtype):
    how = data.draw(st.sampled_from(parameters))
    x = matrix(seed, num_rows, columns, dtype, holes=name in HOLES and seed % 2)
    given_x = pd.DataFrame(x, columns=names(x)) if run.as_frame else x
    theirs_fit = answer(getattr(theirs, name)(**how).fit, given_x)
    # Sums of float32 rows are float64 here.
    near = {"rtol": 1e-4, "atol": 1e-4} if dtype == "float32" else {}
    with run.scope():
        found = answer(getattr(ours, name)(**how).fit, run.rows(x))
        if isinstance(theirs_fit, Exception) or isinstance(found, Exception):
            return same(found, theirs_fit)
        same_attributes(found, theirs_fit, **near)
        if name != "FunctionTransformer":
            assert found.get_feature_names_out().tolist() == theirs_fit.get_feature_names_out().tolist()
        made, expected = found.transform(run.rows(x)), theirs_fit.transform(given_x)
        same(made.compute(), expected, **near)
        same(found.fit_transform(run.rows(x)).compute(), expected, **near)
        if hasattr(theirs_fit, "inverse_transform") and name not in ("FunctionTransformer", "QuantileTransformer"):
            same(found.inverse_transform(made).compute(), theirs_fit.inverse_transform(expected), **near)


@settings(max_examples=40, **SETTINGS)
@given(
    runs(as_frame=[False]),
    seeds,
    sizes,
    st.sampled_from(["float64", "int64", "text"]),
    st.sampled_from([None, "first", "if_binary"]),
    st.sampled_from(["error", "ignore"]),
)
def test_one_hot_columns(run, seed, num_rows, kind, drop, unknown):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (num_rows, 2))
    later = rng.integers(0, 4 + seed % 2, (num_rows, 2))
    texts = np.array(["a", "bb", "c", "d", "zz"])
    x, z = (texts[each] if kind == "text" else each.astype(kind) for each in (codes, later))
    expected = theirs.OneHotEncoder(drop=drop, handle_unknown=unknown, sparse_output=False).fit(x)
    with run.scope():
        found = ours.OneHotEncoder(drop=drop, handle_unknown=unknown).fit(run.array(x))
        same_attributes(found, expected)
        same(answer(lambda: found.transform(run.array(z)).compute()), answer(expected.transform, z))


@settings(max_examples=40, **SETTINGS)
@given(runs(), seeds, sizes, st.sampled_from(["int64", "bool", "float64", "text"]))
def test_labels_as_numbers(run, seed, num_rows, kind):
    rng = np.random.default_rng(seed)
    codes, later = rng.integers(0, 5, num_rows), rng.integers(0, 5 + seed % 2, num_rows)
    texts = np.array(["a", "bb", "c", "d", "e", "zz"])
    y, z = (texts[each] if kind == "text" else each > 2 if kind == "bool" else each.astype(kind) for each in (codes, later))
    expected = theirs.LabelEncoder().fit(y)
    with run.scope():
        found = ours.LabelEncoder().fit(run.column(y))
        assert found.classes_.tolist() == expected.classes_.tolist()
        coded = found.fit_transform(run.column(y))
        same(coded.compute(), expected.transform(y))
        assert np.asarray(found.inverse_transform(coded)).tolist() == y.tolist()
        same(answer(lambda: found.transform(run.column(z)).compute()), answer(expected.transform, z))


@settings(max_examples=12, **SETTINGS)
@given(runs(), seeds, sizes)
def test_categories_of_frames(run, seed, num_rows):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"k": rng.choice(["a", "b", "c"], num_rows), "n": rng.integers(0, 3, num_rows), "t": rng.choice(["x", None], num_rows)})
    frame.loc[0, "t"] = "x"
    with run.scope():
        lazy = ours.Categorizer().fit_transform(run.frame(frame))
        of_memory = frame.astype({name: pd.CategoricalDtype(sorted(frame[name].dropna().unique())) for name in ("k", "t")})
        numbers = ours.OrdinalEncoder().fit(lazy)
        coded = numbers.transform(lazy)
        for name in ("k", "t"):
            same(coded.compute()[name], of_memory[name].cat.codes)
        assert numbers.inverse_transform(coded).compute().astype(object).equals(of_memory.astype(object))
        dummies = ours.DummyEncoder(drop_first=bool(seed % 2)).fit(lazy)
        pd.testing.assert_frame_equal(
            dummies.transform(lazy).compute(), pd.get_dummies(of_memory, columns=["k", "t"], drop_first=bool(seed % 2)), check_column_type=False
        )


@settings(max_examples=40, **SETTINGS)
@given(
    runs(),
    seeds,
    sizes,
    st.sampled_from(["mean", "median", "most_frequent", "constant"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, 7]),
)
def test_missing_values(run, seed, num_rows, strategy, indicator, keep_empty, fill):
    x = matrix(seed, num_rows, 3, holes=True).round()
    if seed % 3 == 0:
        x[:, 1] = np.nan
    how = {"strategy": strategy, "add_indicator": indicator, "keep_empty_features": keep_empty, "fill_value": fill}
    given_x = pd.DataFrame(x, columns=names(x)) if run.as_frame else x
    expected = sklearn.impute.SimpleImputer(**how).fit(given_x)
    with run.scope():
        found = impute.SimpleImputer(**how).fit(run.rows(x))
        same(found.statistics_.astype(float), expected.statistics_.astype(float))
        same(found.transform(run.rows(x)).compute(), expected.transform(given_x))
        assert found.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()


def weights_of(rng, num_rows, kind):
    """Weights of rows: none, random ones, or some that are zero."""
    return {"none": None, "random": rng.uniform(0.1, 2, num_rows), "zeros": rng.integers(0, 3, num_rows).astype(float)}[kind]


weightings = st.sampled_from(["none", "random", "zeros"])


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("accuracy_score", [{}, {"normalize": False}]),
        ("balanced_accuracy_score", [{}, {"adjusted": True}]),
        ("precision_score", [{"average": each} for each in ("macro", "micro", "weighted", None)] + [{}]),
        ("recall_score", [{"average": each} for each in ("macro", "micro", "weighted", None)] + [{}]),
        ("f1_score", [{"average": each} for each in ("macro", "micro", "weighted", None)] + [{"labels": [2, 0], "average": "macro"}, {}]),
        ("fbeta_score", [{"beta": 2, "average": "macro"}, {"beta": 0.5, "average": None, "zero_division": 1}]),
        ("confusion_matrix", [{}, {"labels": [2, 0]}] + [{"normalize": each} for each in ("true", "pred", "all")]),
        ("precision_recall_fscore_support", [{}, {"average": "weighted"}]),
        ("classification_report", [{"output_dict": True}, {"digits": 3}, {"labels": [0, 1]}]),
    ],
)
@settings(max_examples=12, **SETTINGS)
@given(st.data(), runs(), seeds, sizes, st.sampled_from([2, 3]), st.sampled_from(["int64", "float64", "bool", "text"]), weightings)
def test_metrics_of_classes(name, parameters, data, run, seed, num_rows, count, kind, weighting):
    how = data.draw(st.sampled_from(parameters))
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, count, num_rows)
    guesses = np.where(rng.random(num_rows) < 0.6, truth, rng.integers(0, count, num_rows))
    texts = np.array(["no", "a long name", "yes"])
    truth, guesses = (texts[each] if kind == "text" else each > 0 if kind == "bool" else each.astype(kind) for each in (truth, guesses))
    if kind == "text" and "labels" in how:
        how = how | {"labels": [str(texts[each]) for each in how["labels"]]}
    weights = weights_of(rng, num_rows, weighting)
    if name == "classification_report" and weights is not None:
        how = {"output_dict": True}  # the text has all digits of sums of weights
    expected = answer(getattr(their_metrics, name), truth, guesses, sample_weight=weights, **how)
    with run.scope():
        lazy_weights = None if weights is None else run.column(weights)
        for others in (run.column(guesses), guesses):
            if run.as_frame and others is guesses:
                continue
            found = answer(getattr(metrics, name), run.column(truth), others, sample_weight=lazy_weights, **how)
            if isinstance(expected, dict) and isinstance(found, dict):
                assert list(found) == list(expected)
                for key, value in expected.items():
                    same(list(found[key].values()) if isinstance(value, dict) else found[key], list(value.values()) if isinstance(value, dict) else value)
            elif isinstance(expected, tuple) and isinstance(found, tuple):
                for one, other in zip(found, expected):
                    same(np.asarray(one, dtype=float), np.asarray(other, dtype=float))
            else:
                same(found, expected)


@pytest.mark.parametrize(
    "name",
    [
        "mean_squared_error",
        "root_mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_log_error",
        "r2_score",
        "explained_variance_score",
    ],
)
@settings(max_examples=15, **SETTINGS)
@given(
    runs(),
    seeds,
    sizes,
    st.sampled_from([0, 1, 2]),
    st.sampled_from(["uniform_average", "raw_values", "variance_weighted", "shares"]),
    st.sampled_from(["float64", "float32", "int64"]),
    weightings,
)
def test_metrics_of_numbers(name, run, seed, num_rows, outputs, multioutput, dtype, weighting):
    rng = np.random.default_rng(seed)
    shape = (num_rows, outputs) if outputs else num_rows
    truth = rng.uniform(-0.5 if seed % 3 == 0 else 0, 5, shape).astype(dtype)
    guesses = (truth + rng.normal(0, 1, shape)).clip(-0.9).astype(dtype)
    if seed % 5 == 0:
        truth[:], weighting = 2, "none"
    weights = weights_of(rng, num_rows, weighting)
    if multioutput == "variance_weighted" and name not in ("r2_score", "explained_variance_score"):
        multioutput = "uniform_average"
    if multioutput == "shares":
        multioutput = np.arange(1, outputs + 1) / sum(range(1, outputs + 1)) if outputs > 1 else "uniform_average"
    how = {"sample_weight": weights, "multioutput": multioutput}
    expected = answer(getattr(their_metrics, name), truth, guesses, **how)
    near = {"rtol": 1e-4, "atol": 1e-5} if dtype == "float32" else {}
    with run.scope():
        how["sample_weight"] = None if weights is None else run.array(weights)
        found = answer(getattr(metrics, name), run.array(truth), run.array(guesses), **how)
        same(found, expected, **near)
        same(answer(getattr(metrics, name), run.array(truth), guesses, **how), expected, **near)


@settings(max_examples=60, **SETTINGS)
@given(runs(), seeds, sizes, st.sampled_from([2, 3]), st.sampled_from(["int64", "bool", "text"]), weightings, st.booleans())
def test_logarithmic_losses(run, seed, num_rows, count, kind, weighting, normalize):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, count, num_rows)
    likely = rng.dirichlet(np.ones(count), num_rows)
    if seed % 3 == 0:
        likely[0] = np.eye(count)[0]
    y = np.array(["a", "b", "c"])[truth] if kind == "text" else truth > 0 if kind == "bool" else truth
    weights = weights_of(rng, num_rows, weighting)
    expected = answer(their_metrics.log_loss, y, likely, sample_weight=weights, normalize=normalize)
    with run.scope():
        found = answer(metrics.log_loss, run.column(y), run.rows(likely), sample_weight=None if weights is None else run.column(weights), normalize=normalize)
        same(found, expected)


@settings(max_examples=40, **SETTINGS)
@given(runs(), seeds, sizes, weightings, st.sampled_from(["int64", "bool", "text"]))
def test_curves_and_areas(run, seed, num_rows, weighting, kind):
    rng = np.random.default_rng(seed)
    truth, scores = rng.integers(0, 2, num_rows), rng.normal(size=num_rows).round(1)
    y = np.array(["a", "b"])[truth] if kind == "text" else truth.astype(kind)
    weights = weights_of(rng, num_rows, weighting)
    lazy = {"sample_weight": None if weights is None else run.column(weights)}
    with run.scope():
        for name in ("roc_auc_score", "roc_curve"):
            if name == "roc_curve" and kind == "text":
                continue  # it wants pos_label
            expected = answer(getattr(their_metrics, name), y, scores, sample_weight=weights)
            found = answer(getattr(metrics, name), run.column(y), run.column(scores), **lazy)
            if isinstance(expected, tuple) and isinstance(found, tuple):
                for one, other in zip(found, expected):
                    same(one, other)
            else:
                same(found, expected)


@settings(max_examples=25, **SETTINGS)
@given(
    runs(),
    seeds,
    sizes,
    st.sampled_from(["euclidean", "manhattan", "cosine", "chebyshev", "sqeuclidean"]),
    st.sampled_from(["linear", "rbf", "polynomial", "sigmoid", "laplacian"]),
    st.sampled_from(["float64", "float32", "int64"]),
)
def test_distances_and_kernels(run, seed, num_rows, metric, kernel, dtype):
    x, few = matrix(seed, num_rows, 3, dtype), matrix(seed + 1, 4, 3, dtype)
    near = {"rtol": 1e-3, "atol": 1e-3} if dtype == "float32" else {"atol": 1e-6}
    with run.scope():
        same(pairwise.pairwise_distances(run.rows(x), few, metric=metric).compute(), their_pairwise.pairwise_distances(x, few, metric=metric), **near)
        same(pairwise.pairwise_kernels(run.rows(x), few, metric=kernel).compute(), their_pairwise.pairwise_kernels(x, few, metric=kernel), **near)
        same(pairwise.euclidean_distances(run.rows(x), few, squared=True).compute(), their_pairwise.euclidean_distances(x, few, squared=True), **near)
        nearest, distances = pairwise.pairwise_distances_argmin_min(run.rows(x), few, metric=metric)
        expected = their_pairwise.pairwise_distances_argmin_min(x, few, metric=metric)
        same(distances.compute(), expected[1], **near)
        if dtype == "float64":
            same(nearest.compute(), expected[0])
