"""Linear models, with the names of ``dask_ml.linear_model``, and scikit-learn's for those that it lacks."""

from __future__ import annotations

from ._logistic import LogisticRegression
from ._regression import GammaRegressor, LinearRegression, PoissonRegression, PoissonRegressor, Ridge
from ._stochastic import SGDClassifier, SGDRegressor

__all__ = ["GammaRegressor", "LinearRegression", "LogisticRegression", "PoissonRegression", "PoissonRegressor", "Ridge", "SGDClassifier", "SGDRegressor"]
