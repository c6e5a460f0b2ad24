"""XGBoost on blocks of rows, and joblib's calls on Plait's workers."""

import os

import joblib
import numpy as np
import pytest
import xgboost
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV

import plait.array as da
from plait.ml import xgboost as ours

X, Y = make_classification(2000, 10, n_informative=6, n_classes=3, random_state=0)
LAZY = da.from_array(X, chunks=((300, 0, 1700), 10)), da.from_array(Y, chunks=500)


def test_models_of_lazy_rows_are_xgboosts():
    model = ours.XGBClassifier(n_estimators=10, tree_method="hist").fit(*LAZY)
    theirs = xgboost.XGBClassifier(n_estimators=10, tree_method="hist").fit(X, Y)
    assert (model.predict(LAZY[0]).compute() == theirs.predict(X)).mean() > 0.98
    assert model.predict_proba(LAZY[0]).compute().sum(axis=1) == pytest.approx(np.ones(len(X)), abs=1e-5)
    two = ours.XGBClassifier(n_estimators=10).fit(LAZY[0], LAZY[1] > 0)
    assert (two.predict(LAZY[0]).compute() == (Y > 0)).mean() > 0.9 and two.predict_proba(LAZY[0]).shape == (2000, 2)
    regressor = ours.XGBRegressor(n_estimators=10).fit(*LAZY)
    assert regressor.predict(LAZY[0]).compute() == pytest.approx(xgboost.XGBRegressor(n_estimators=10).fit(X, Y).predict(X), abs=0.3)
    with pytest.raises(ValueError, match="Invalid classes"):
        ours.XGBClassifier().fit(LAZY[0], LAZY[1] + 1)
    with pytest.raises(TypeError, match="eval_set"):
        ours.XGBClassifier().fit(*LAZY, eval_set=[(X, Y)])


def test_training_and_predicting():
    params = {"objective": "reg:squarederror"}
    booster = ours.train(None, params, *LAZY, num_boost_round=5)
    assert isinstance(booster, xgboost.Booster)
    predicted = ours.predict(None, booster, LAZY[0])
    assert isinstance(predicted, da.Array) and predicted.compute() == pytest.approx(booster.inplace_predict(X), abs=1e-5)
    assert predicted.compute(scheduler="processes") == pytest.approx(predicted.compute())
    matrix = ours.DaskDMatrix(None, *LAZY, weight=np.ones(len(X)))
    output = ours.train(None, params, matrix, num_boost_round=5, evals=[(matrix, "train")])
    assert len(output["history"]["train"]["rmse"]) == 5
    assert ours.predict(None, output, matrix).compute() == pytest.approx(predicted.compute(), abs=1e-5)
    with pytest.raises(TypeError, match="Booster"):
        ours.predict(None, 3, LAZY[0])
    with pytest.raises(ValueError, match="4 features"):
        ours.predict(None, booster, LAZY[0][:, :4])


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_joblibs_calls_run_on_our_workers(scheduler):
    search = GridSearchCV(RandomForestClassifier(5, random_state=0), {"max_depth": [2, 4]}, n_jobs=2)
    expected = search.fit(X, Y).cv_results_["mean_test_score"]
    with joblib.parallel_backend("plait", scheduler=scheduler):
        assert search.fit(X, Y).cv_results_["mean_test_score"] == pytest.approx(expected)
        places = joblib.Parallel(n_jobs=2)(joblib.delayed(os.getpid)() for _ in range(20))
        assert (os.getpid() in places) == (scheduler == "threads")
        with pytest.raises(ValueError, match="invalid literal"):
            joblib.Parallel(n_jobs=2)(joblib.delayed(int)(text) for text in ("1", "a"))
