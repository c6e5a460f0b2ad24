"""Types of numbers: what is learnt and what is made of rows of a type has the type that scikit-learn gives it, and the one that was declared."""

import importlib
import warnings

import numpy as np
import pytest
from sklearn.metrics import pairwise as their_pairwise

import plait.array as da
from plait.ml.metrics import pairwise

ESTIMATORS = [
    ("linear_model", "LinearRegression", {}, "numbers"),
    ("linear_model", "Ridge", {}, "numbers"),
    ("linear_model", "LogisticRegression", {}, "two classes"),
    ("linear_model", "LogisticRegression", {"C": 0.5}, "three classes"),
    ("linear_model", "PoissonRegressor", {}, "numbers"),
    ("linear_model", "GammaRegressor", {}, "numbers"),
    ("linear_model", "SGDClassifier", {"random_state": 0}, "two classes"),
    ("linear_model", "SGDRegressor", {"random_state": 0}, "numbers"),
    ("ensemble", "RandomForestClassifier", {"n_estimators": 3}, "two classes"),
    ("ensemble", "RandomForestRegressor", {"n_estimators": 3}, "numbers"),
    ("ensemble", "ExtraTreesClassifier", {"n_estimators": 3}, "two classes"),
    ("ensemble", "ExtraTreesRegressor", {"n_estimators": 3}, "numbers"),
    ("cluster", "KMeans", {"n_clusters": 3, "random_state": 0}, None),
    ("cluster", "MiniBatchKMeans", {"n_clusters": 3, "random_state": 0}, None),
    ("decomposition", "PCA", {"n_components": 2}, None),
    ("decomposition", "PCA", {"n_components": 2, "whiten": True, "svd_solver": "full"}, None),
    ("decomposition", "IncrementalPCA", {"n_components": 2}, None),
    ("decomposition", "TruncatedSVD", {"n_components": 2}, None),
    ("naive_bayes", "GaussianNB", {}, "two classes"),
    ("preprocessing", "StandardScaler", {}, None),
    ("preprocessing", "MinMaxScaler", {}, None),
    ("preprocessing", "MaxAbsScaler", {}, None),
    ("preprocessing", "RobustScaler", {}, None),
    ("preprocessing", "QuantileTransformer", {"n_quantiles": 10}, None),
    ("preprocessing", "PolynomialFeatures", {}, None),
    ("preprocessing", "KBinsDiscretizer", {"encode": "ordinal", "quantile_method": "linear"}, None),
    ("preprocessing", "KBinsDiscretizer", {"encode": "onehot-dense", "strategy": "uniform"}, None),
    ("preprocessing", "Normalizer", {}, None),
    ("preprocessing", "Binarizer", {}, None),
    ("preprocessing", "FunctionTransformer", {}, None),
    ("preprocessing", "OneHotEncoder", {"sparse_output": False}, None),
    ("impute", "SimpleImputer", {}, None),
    ("impute", "SimpleImputer", {"strategy": "median", "add_indicator": True}, None),
]
METHODS = ["predict", "predict_proba", "predict_log_proba", "decision_function", "score_samples", "transform", "inverse_transform"]
# What the engine always finds in float64.
ATTRIBUTES_OF_FLOAT64 = {"var_", "inertia_"}
RNG = np.random.default_rng(0)
NUMBERS = 3 * RNG.normal(size=(60, 3))
TARGETS = {"numbers": RNG.uniform(1, 5, 60), "two classes": RNG.integers(0, 2, 60), "three classes": RNG.integers(0, 3, 60), None: None}


def rows_of(dtype):
    kind = np.dtype(dtype).kind
    return NUMBERS > 0 if kind == "b" else (NUMBERS.round() + (20 if kind == "u" else 0)).astype(dtype)


def quietly(function, *arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


@pytest.mark.parametrize("lazy", [False, True], ids=["memory", "lazy"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "int16", "uint8", "bool"])
@pytest.mark.parametrize(("module", "name", "how", "kind"), ESTIMATORS, ids=[f"{name}-{number}" for number, (_, name, *_) in enumerate(ESTIMATORS)])
def test_types_are_scikit_learns(module, name, how, kind, dtype, lazy):
    x, y = rows_of(dtype), TARGETS[kind]
    y = y.astype(dtype) if kind == "numbers" and dtype == "float32" else y
    theirs, ours = (getattr(importlib.import_module(f"{package}.{module}"), name)(**how) for package in ("sklearn", "plait.ml"))

    def given(rows):
        return rows if rows is None or not lazy else da.from_array(rows, chunks=(25, *rows.shape[1:]))

    try:
        quietly(theirs.fit, x, y)
    except (ValueError, TypeError):  # which has no place for this type
        return
    quietly(ours.fit, given(x), given(y))
    wrong = []
    for attribute, value in vars(theirs).items():
        if not attribute.endswith("_") or attribute.startswith("_") or not isinstance(value, (np.ndarray, np.floating)) or attribute in ATTRIBUTES_OF_FLOAT64:
            continue
        own = getattr(ours, attribute, None)
        if own is not None and np.asarray(own).dtype != value.dtype:
            wrong.append(f"{attribute}: {np.asarray(own).dtype}, scikit-learn has {value.dtype}")
    for method in METHODS:
        if not hasattr(theirs, method):
            continue
        for later in {dtype, "float32", "float64"}:
            z = rows_of(later) if method != "inverse_transform" else theirs.transform(x)
            z = z.astype(later) if method == "inverse_transform" and z.dtype.kind == np.dtype(later).kind == "f" else z
            try:
                expected = quietly(getattr(theirs, method), z)
            except (ValueError, TypeError):
                continue
            found = quietly(getattr(ours, method), given(z))
            made = found.compute() if lazy else found
            if not found.dtype == made.dtype == expected.dtype:
                wrong.append(f"{method} of {z.dtype}: {made.dtype}, declared {found.dtype}, scikit-learn has {expected.dtype}")
    assert not wrong, wrong


@pytest.mark.parametrize("few", ["float32", "float64", "int64"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_types_of_distances_and_kernels(dtype, few):
    x, y = rows_of(dtype), rows_of(few)[:4]
    lazy = da.from_array(x, chunks=(25, 3))
    wrong = []
    metrics, kernels = ["euclidean", "manhattan", "cosine", "chebyshev"], ["linear", "rbf", "polynomial"]
    for function, names in ((pairwise.pairwise_distances, metrics), (pairwise.pairwise_kernels, kernels)):
        for name in names:
            expected = getattr(their_pairwise, function.__name__)(x, y, metric=name).dtype
            found = function(lazy, y, metric=name)
            if not found.dtype == found.compute().dtype == expected:
                wrong.append((name, found.dtype, found.compute().dtype, expected))
    assert not wrong, wrong
