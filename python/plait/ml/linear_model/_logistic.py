"""Logistic regression, of two classes and of several."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...array import Array
from .._inputs import features, is_lazy
from .._labels import class_labels, named
from .._transforming import computed
from .._weights import class_weights, row_weights
from ..base import ClassifierMixin
from ._fitting import check_numbers, check_positive, fit_glm, penalty_parts, solver_named


class LinearClassifier(ClassifierMixin, BaseEstimator):
    """A classifier with ``coef_``, ``intercept_`` and ``classes_``."""

    coef_: np.ndarray
    intercept_: np.ndarray
    classes_: np.ndarray

    def _made(self, X: Any, what: str, labels: Any = None) -> Any:
        check_is_fitted(self, "coef_")
        rows = features(self, X, reset=False, accept_sparse=True)
        made = Array(_plait.ml.apply_linear(rows._array, self.coef_, np.atleast_1d(self.intercept_), what, labels))
        return made if is_lazy(X) else computed(made)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def decision_function(self, X: Any) -> Any:
        """How far each row is on the side of a class: one number for two classes, one a class for more."""
        return self._made(X, "scores")

    def predict(self, X: Any) -> Any:
        """The label of each row."""
        check_is_fitted(self, "coef_")
        if self.classes_.dtype.kind in "biuf":
            return self._made(X, "labels", self.classes_)
        return named(self._made(X, "labels", np.arange(len(self.classes_))), self.classes_)


class LogisticRegression(LinearClassifier):
    """Logistic regression: probabilities of classes, of one multinomial loss where there are more than two.

    Parameters
    ----------
    penalty : {"l2", "l1", "elasticnet", None}
        What is added to the loss, for the coefficients, not for the intercept.
    C : float
        The loss counts so much against the penalty.
    l1_ratio : float
        The share of l1 in "elasticnet" and in "l2", so that 1 is "l1".
    tol : float
        The largest slope at which an optimum is taken for found.
    solver : str
        ``"auto"`` (Newton's method while its matrix is small), ``"newton"``, ``"lbfgs"``, ``"admm"``, ``"proximal_grad"``,
        ``"gradient_descent"``, and scikit-learn's names. All find the same optimum. With ``"liblinear"`` the intercept is penalized,
        the less the larger ``intercept_scaling``.
    class_weight : dict or "balanced", optional
    max_iter : int
    warm_start : bool
        Whether to begin with the coefficients of the last fit.
    verbose : int
        Whether to print each iteration.
    dual, multi_class, n_jobs, random_state, solver_kwargs
        Taken for the sake of dask-ml and scikit-learn: the result does not depend on them.

    Attributes
    ----------
    coef_ : ndarray of shape (1 or n_classes, n_features)
    intercept_ : ndarray of shape (1 or n_classes,)
    classes_ : ndarray
    n_iter_ : ndarray of shape (1,)

    Examples
    --------
    >>> from plait.ml.linear_model import LogisticRegression
    >>> x = da.arange(100, chunks=30).reshape(100, 1)
    >>> LogisticRegression().fit(x, x[:, 0] > 49).predict(x).sum().compute()
    np.int64(50)
    """

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
        l1_ratio: float | None = 0.0,
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

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LogisticRegression:
        """Learn the coefficients. Rows are made once and kept.

        Raises
        ------
        ValueError
            If there is one class only, a solver does not take the penalty, or data is not finite.
        """
        check_numbers(self)
        squared, absolute = penalty_parts(self.penalty, 1 / check_positive("C", self.C), self.l1_ratio)
        solver = solver_named(self.solver, absolute)
        rows = features(self, X, reset=True, dtype=[np.float64, np.float32], accept_sparse=True)
        labels, self.classes_ = class_labels(self, y)
        codes = labels.codes_like(rows, self.classes_)
        weights = class_weights(self.class_weight, self.classes_, codes, row_weights(rows, sample_weight))
        is_binary = len(self.classes_) == 2
        outputs = 1 if is_binary else len(self.classes_)
        found = fit_glm(
            self,
            rows,
            codes,
            weights,
            loss="logistic" if is_binary else "multinomial",
            outputs=outputs,
            fit_intercept=bool(self.fit_intercept),
            squared_penalty=squared,
            absolute_penalty=absolute,
            penalty_per_sum=True,
            intercept_penalty=self._intercept_penalty(absolute),
            solver=solver,
            start=self._start(outputs),
        )
        self.coef_, self.intercept_ = found["coefficients"], found["intercepts"]
        if not is_binary:
            # Only differences between classes count: those around zero are scikit-learn's.
            self.intercept_ = self.intercept_ - self.intercept_.mean()
            if squared == absolute == 0:
                self.coef_ = self.coef_ - self.coef_.mean(axis=0)
        self.n_iter_ = np.array([found["iterations"]], dtype=np.int32)
        if squared == absolute == 0 and found["objective"] < 1e-3:
            warnings.warn("the classes are perfectly separated: without a penalty the coefficients grow without bound; give one, such as penalty='l2'", stacklevel=2)
        return self

    def _intercept_penalty(self, absolute: float) -> float:
        if self.solver != "liblinear":
            return 0.0
        return 1 / self.intercept_scaling ** (1 if absolute else 2)

    def _start(self, outputs: int) -> list[float]:
        if not self.warm_start or getattr(self, "coef_", np.empty(0)).shape != (outputs, self.n_features_in_):
            return []
        parts = [self.coef_, self.intercept_[:, None]] if self.fit_intercept else [self.coef_]
        return np.hstack(parts).ravel().tolist()

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class, one a column."""
        return self._made(X, "probabilities")

    def predict_log_proba(self, X: Any) -> Any:
        """Its logarithm."""
        return np.log(self.predict_proba(X))


__all__ = ["LinearClassifier", "LogisticRegression"]
