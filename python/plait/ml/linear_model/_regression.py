"""Regression: least squares, ridge, and generalized linear models of counts and of positive numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import d2_tweedie_score, mean_poisson_deviance
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...array import Array
from .._inputs import features, is_lazy, is_sparse, precision, targets
from .._running import run
from .._transforming import computed
from .._weights import row_weights
from ..base import RegressorMixin
from ._fitting import check_numbers, check_positive, fit_glm, penalty_parts, solver_named


class LinearRegressor(RegressorMixin, BaseEstimator):
    """A regressor with ``coef_`` and ``intercept_``."""

    coef_: np.ndarray
    intercept_: Any
    _made = "scores"

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def predict(self, X: Any) -> Any:
        """The number that is expected of each row."""
        check_is_fitted(self, "coef_")
        rows = features(self, X, reset=False, accept_sparse=True)
        made = Array(_plait.ml.apply_linear(rows._array, np.atleast_2d(self.coef_), np.atleast_1d(self.intercept_), self._made))
        if np.ndim(self.coef_) == 2 and made.ndim == 1:
            made = made[:, None]
        return made if is_lazy(X) else computed(made)


# With which least squares of sparse rows are sure to end, near the optimum that is found directly otherwise.
_SPARSE_ITERATIONS = 1000


class _LeastSquares(LinearRegressor):
    fit_intercept: bool
    tol: float
    max_iter: int | None
    _drops_axis = False  # whether the coefficients of a column of targets are those of one axis

    def _fit(self, X: Any, y: Any, sample_weight: Any, penalty: Any) -> tuple:
        rows = features(self, X, reset=True, dtype=[np.float64, np.float32], accept_sparse=True)
        wanted = targets(y, rows, multi=True)
        weights = row_weights(rows, sample_weight)
        if is_sparse(X):
            return self._fit_sparse(rows, wanted, weights, penalty)
        held = None if weights is None else weights._array
        coefficients, intercepts, rank, singular = run(
            _plait.ml.fit_least_squares, rows._array, wanted._array, held, fit_intercept=bool(self.fit_intercept), penalty=np.atleast_1d(penalty).astype(float).tolist()
        )
        coefficients, intercepts, singular = (each.astype(precision(rows), copy=False) for each in (coefficients, intercepts, singular))
        self._learnt(coefficients, intercepts, wanted.ndim == 1)
        self.n_iter_ = 1
        return rank, singular

    def _learnt(self, coefficients: np.ndarray, intercepts: np.ndarray, is_flat: bool) -> None:
        self.coef_ = coefficients[0] if is_flat or self._drops_axis and len(coefficients) == 1 else coefficients
        self.intercept_ = 0.0 if not self.fit_intercept else intercepts[0] if is_flat else intercepts

    def _fit_sparse(self, rows: Array, wanted: Array, weights: Array | None, penalty: Any) -> tuple:
        """Products of sparse columns are many: a solver finds the optimum, of one target after the other."""
        columns = [wanted] if wanted.ndim == 1 else [wanted[:, i] for i in range(wanted.shape[1])]
        found = [
            fit_glm(
                self,
                rows,
                column,
                weights,
                loss="squared",
                fit_intercept=bool(self.fit_intercept),
                squared_penalty=float(strength),
                penalty_per_sum=True,
                # Where there are many optima, steps along the rows from zero on lead to one and the same.
                solver="auto" if strength > 0 else "lbfgs",
                tolerance=max(1e-6 * float(self.tol), 1e-12) * max(1.0, float(np.sqrt((column**2).mean().compute()))),
                max_iterations=self.max_iter if self.max_iter is not None and self.max_iter > _SPARSE_ITERATIONS else _SPARSE_ITERATIONS,
            )
            for column, strength in zip(columns, np.broadcast_to(penalty, len(columns)), strict=True)
        ]
        self._learnt(np.vstack([each["coefficients"] for each in found]), np.concatenate([each["intercepts"] for each in found]), wanted.ndim == 1)
        self.n_iter_ = max(each["iterations"] for each in found)
        return None, None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


class LinearRegression(_LeastSquares):
    """Least squares, from the products of columns: two passes over the rows, which are kept.

    With a ``penalty`` it is the model of dask-ml: the loss is half the sum of squared errors, and a solver finds the optimum.

    Parameters
    ----------
    fit_intercept : bool
    penalty : {None, "l1", "l2", "elasticnet"}
        What is added to the loss, for the coefficients.
    C : float
        The loss counts so much against the penalty.
    l1_ratio : float, optional
        The share of l1 in "elasticnet".
    tol, max_iter, solver, verbose
        As of `LogisticRegression`, where there is a penalty.
    copy_X, n_jobs, positive, dual, intercept_scaling, class_weight, random_state, multi_class, warm_start, solver_kwargs
        Taken for the sake of scikit-learn and dask-ml. ``positive`` must be False.

    Attributes
    ----------
    coef_ : ndarray of shape (n_features,) or (n_targets, n_features)
    intercept_ : float or ndarray of shape (n_targets,)
    rank_ : int
    singular_ : ndarray of shape (n_features,)
        Both None after a fit on sparse rows.

    Examples
    --------
    >>> from plait.ml.linear_model import LinearRegression
    >>> x = da.arange(10.0, chunks=4)
    >>> model = LinearRegression().fit(x.reshape(10, 1), 2 * x + 1)
    >>> round(model.coef_[0], 6), round(model.intercept_, 6)
    (np.float64(2.0), np.float64(1.0))
    """

    def __init__(
        self,
        penalty: Any = None,
        dual: bool = False,
        tol: float = 1e-4,
        C: float = 1.0,
        fit_intercept: bool = True,
        intercept_scaling: float = 1.0,
        class_weight: Any = None,
        random_state: Any = None,
        solver: str = "auto",
        max_iter: int = 100,
        multi_class: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        n_jobs: Any = None,
        solver_kwargs: Any = None,
        copy_X: bool = True,
        positive: bool = False,
        l1_ratio: float | None = None,
    ):
        self.penalty = penalty
        self.dual = dual
        self.tol = tol
        self.C = C
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.multi_class = multi_class
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.solver_kwargs = solver_kwargs
        self.copy_X = copy_X
        self.positive = positive
        self.l1_ratio = l1_ratio

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LinearRegression:
        """Learn the coefficients."""
        if self.positive:
            raise NotImplementedError("positive=True is not there yet: coefficients of either sign are found")
        if self.penalty is None:
            self.rank_, self.singular_ = self._fit(X, y, sample_weight, 0.0)
            return self
        check_numbers(self)
        squared, absolute = penalty_parts(self.penalty, 1 / check_positive("C", self.C), self.l1_ratio)
        rows = features(self, X, reset=True, dtype=[np.float64, np.float32], accept_sparse=True)
        found = fit_glm(
            self,
            rows,
            targets(y, rows),
            row_weights(rows, sample_weight),
            loss="squared",
            fit_intercept=bool(self.fit_intercept),
            squared_penalty=squared,
            absolute_penalty=absolute,
            penalty_per_sum=True,
            solver=solver_named(self.solver, absolute),
        )
        self.coef_, self.intercept_ = found["coefficients"][0], found["intercepts"][0]
        self.n_iter_ = found["iterations"]
        return self


class Ridge(_LeastSquares):
    """Least squares with a penalty on the squares of the coefficients.

    Parameters
    ----------
    alpha : float or array_like of shape (n_targets,)
        What the sum of their squares counts against the sum of squared errors.
    fit_intercept : bool
    copy_X, max_iter, tol, solver, positive, random_state
        Taken for scikit-learn's sake: the optimum is found directly. ``positive`` must be False.

    Attributes
    ----------
    coef_ : ndarray of shape (n_features,) or (n_targets, n_features)
    intercept_ : float or ndarray of shape (n_targets,)
    """

    _drops_axis = True

    def __init__(
        self,
        alpha: Any = 1.0,
        *,
        fit_intercept: bool = True,
        copy_X: bool = True,
        max_iter: int | None = None,
        tol: float = 1e-4,
        solver: str = "auto",
        positive: bool = False,
        random_state: Any = None,
    ):
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.max_iter = max_iter
        self.tol = tol
        self.solver = solver
        self.positive = positive
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Ridge:
        """Learn the coefficients."""
        if self.positive:
            raise NotImplementedError("positive=True is not there yet: coefficients of either sign are found")
        if np.any(np.asarray(self.alpha, dtype=float) < 0):
            raise ValueError(f"alpha must not be negative; got {self.alpha!r}")
        self._fit(X, y, sample_weight, self.alpha)
        return self


class _PositiveRegressor(LinearRegressor):
    """Of numbers whose logarithm is linear in the features."""

    _made = "exponentials"
    _loss: str
    _least: tuple[str, Any]
    _range: str

    fit_intercept: bool
    verbose: int
    warm_start: bool
    solver: str

    def _fit_positive(self, X: Any, y: Any, sample_weight: Any, squared: float, absolute: float, per_sum: bool) -> Any:
        check_numbers(self)
        solver = solver_named(self.solver, absolute)
        rows = features(self, X, reset=True, dtype=[np.float64, np.float32], accept_sparse=True)
        wanted = targets(y, rows)
        weights = row_weights(rows, sample_weight)
        name, is_wrong = self._least
        if bool(is_wrong(wanted).any().compute()):
            raise ValueError(f"Some value(s) of y are out of the valid range of the loss {name!r}: {type(self).__name__} takes {self._range}")
        found = fit_glm(
            self,
            rows,
            wanted,
            weights,
            loss=self._loss,
            fit_intercept=bool(self.fit_intercept),
            squared_penalty=squared,
            absolute_penalty=absolute,
            penalty_per_sum=per_sum,
            solver=solver,
            start=self._start(wanted, weights),
        )
        self.coef_, self.intercept_ = found["coefficients"][0], found["intercepts"][0]
        self.n_iter_ = found["iterations"]
        return self

    def _start(self, wanted: Array, weights: Array | None) -> list[float]:
        if self.warm_start and hasattr(self, "coef_") and self.coef_.shape == (self.n_features_in_,):
            return [*self.coef_.tolist(), *([float(self.intercept_)] if self.fit_intercept else [])]
        if not self.fit_intercept:
            return []
        mean = float((wanted.mean() if weights is None else (wanted * weights).sum() / weights.sum()).compute())
        return [*[0.0] * self.n_features_in_, float(np.log(mean))] if mean > 0 else []

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of the deviance that is explained: D²."""
        weights = None if sample_weight is None else np.asarray(sample_weight)
        power = 1 if self._loss == "poisson" else 2
        return d2_tweedie_score(np.asarray(y), np.asarray(self.predict(X)), sample_weight=weights, power=power)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.positive_only = True
        return tags


class PoissonRegressor(_PositiveRegressor):
    """Regression of counts, with scikit-learn's parameters: half the mean deviance plus ``alpha`` times half the squares.

    Parameters
    ----------
    alpha : float
    fit_intercept : bool
    solver : str
        As of `LogisticRegression`.
    max_iter : int
    tol : float
    warm_start : bool
    verbose : int

    Attributes
    ----------
    coef_ : ndarray of shape (n_features,)
    intercept_ : float
    n_iter_ : int
    """

    _loss = "poisson"
    _least = ("HalfPoissonLoss", lambda y: y < 0)
    _range = "numbers from 0"

    def __init__(
        self,
        *,
        alpha: float = 1.0,
        fit_intercept: bool = True,
        solver: str = "auto",
        max_iter: int = 100,
        tol: float = 1e-4,
        warm_start: bool = False,
        verbose: int = 0,
    ):
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Learn the coefficients."""
        return self._fit_positive(X, y, sample_weight, check_positive("alpha", self.alpha, or_zero=True), 0.0, False)


class GammaRegressor(PoissonRegressor):
    """Regression of positive numbers whose deviation grows with them. Parameters and attributes are those of `PoissonRegressor`."""

    _loss = "gamma"
    _least = ("HalfGammaLoss", lambda y: y <= 0)
    _range = "numbers above 0"


class PoissonRegression(_PositiveRegressor):
    """Regression of counts, with dask-ml's parameters, which are those of `LogisticRegression`.

    Examples
    --------
    >>> from plait.ml.linear_model import PoissonRegression
    >>> x = da.arange(20, chunks=8)
    >>> bool(PoissonRegression().fit(x.reshape(20, 1) / 10, x).coef_[0] > 0)
    True
    """

    _loss = "poisson"
    _least = ("HalfPoissonLoss", lambda y: y < 0)
    _range = "numbers from 0"

    def __init__(
        self,
        penalty: Any = "l2",
        dual: bool = False,
        tol: float = 1e-4,
        C: float = 1.0,
        fit_intercept: bool = True,
        intercept_scaling: float = 1.0,
        class_weight: Any = None,
        random_state: Any = None,
        solver: str = "auto",
        max_iter: int = 100,
        multi_class: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        n_jobs: Any = None,
        solver_kwargs: Any = None,
        l1_ratio: float | None = None,
    ):
        self.penalty = penalty
        self.dual = dual
        self.tol = tol
        self.C = C
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.multi_class = multi_class
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.solver_kwargs = solver_kwargs
        self.l1_ratio = l1_ratio

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Learn the coefficients."""
        return self._fit_positive(X, y, sample_weight, *penalty_parts(self.penalty, 1 / check_positive("C", self.C), self.l1_ratio), True)

    def get_deviance(self, X: Any, y: Any) -> float:
        """Twice the loss of the predictions beyond that of the true numbers."""
        wanted = np.asarray(y)
        return float(mean_poisson_deviance(wanted, np.asarray(self.predict(X))) * len(wanted))
