"""scikit-learn's rules: `check_estimator` of every estimator. None is excepted from any check."""

import warnings

import pytest
from sklearn.utils.estimator_checks import check_estimator

from plait.ml import impute, linear_model, naive_bayes, preprocessing

ESTIMATORS = [
    linear_model.LogisticRegression(),
    linear_model.LogisticRegression(penalty="l1", solver="saga"),
    linear_model.LinearRegression(),
    linear_model.Ridge(),
    linear_model.PoissonRegressor(),
    linear_model.GammaRegressor(),
    linear_model.PoissonRegression(),
    linear_model.SGDClassifier(),
    linear_model.SGDRegressor(),
    naive_bayes.GaussianNB(),
    preprocessing.StandardScaler(),
    preprocessing.MinMaxScaler(),
    preprocessing.MaxAbsScaler(),
    preprocessing.RobustScaler(),
    preprocessing.QuantileTransformer(n_quantiles=5),
    preprocessing.PolynomialFeatures(),
    preprocessing.KBinsDiscretizer(),
    preprocessing.OneHotEncoder(),
    preprocessing.Normalizer(),
    preprocessing.Binarizer(),
    preprocessing.FunctionTransformer(),
    impute.SimpleImputer(),
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_the_rules_of_scikit_learn_are_kept(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = {each["check_name"]: f"{type(each['exception']).__name__}: {each['exception']}" for each in results if each["status"] == "failed"}
    assert failed == {}
