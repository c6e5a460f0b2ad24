"""What the linear models have in common: solvers by name, penalties, warnings."""

from __future__ import annotations

import numbers
import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning

from ... import _plait
from ...array import Array
from .._inputs import precision
from .._running import run

# The engine's solvers by all names that a user may know. Those of scikit-learn that look at a few rows at a time stand for the
# automatic choice: the optimum is the same.
SOLVERS = {
    "auto": "auto",
    "lbfgs": "lbfgs",
    "newton": "newton",
    "newton-cg": "newton",
    "newton-cholesky": "newton",
    "liblinear": "auto",
    "sag": "auto",
    "saga": "auto",
    "admm": "admm",
    "proximal_grad": "proximal_grad",
    "gradient_descent": "gradient_descent",
}
_SMOOTH_ONLY = ("lbfgs", "newton-cg", "newton-cholesky", "sag", "gradient_descent")


def solver_named(solver: str, absolute: float) -> str:
    """The engine's name of a solver.

    Raises
    ------
    ValueError
        If there is none of that name, or it does not take an l1 penalty where there is one.
    """
    if solver not in SOLVERS:
        raise ValueError(f"solver is {solver!r}, expected one of {', '.join(SOLVERS)}")
    if absolute > 0 and solver in _SMOOTH_ONLY:
        raise ValueError(f"solver {solver!r} does not take an l1 penalty; use 'auto', 'saga', 'proximal_grad' or 'admm'")
    return SOLVERS[solver]


def penalty_parts(penalty: Any, strength: float, l1_ratio: float | None) -> tuple[float, float]:
    """How much of the squares and of the amounts of the coefficients is added to the loss. A ratio above 0 mixes l1 into "l2", too, as in scikit-learn."""
    if penalty in (None, "none"):
        return 0.0, 0.0
    ratios = {"l2": l1_ratio or 0.0, "l1": 1.0, "elasticnet": l1_ratio}
    if penalty not in ratios:
        raise ValueError(f"penalty is {penalty!r}, expected 'l1', 'l2', 'elasticnet' or None")
    ratio = ratios[penalty]
    if ratio is None or not 0 <= ratio <= 1:
        raise ValueError(f"l1_ratio must be between 0 and 1; got {l1_ratio!r}")
    return (1 - ratio) * strength, ratio * strength


def fit_glm(estimator: Any, rows: Array, y: Array, weights: Array | None, **how: Any) -> dict:
    """A fit by the engine, in the precision of the rows; a warning says so where it has not converged."""
    watch = _watch if getattr(estimator, "verbose", 0) else None
    how = {"tolerance": float(estimator.tol), "max_iterations": int(estimator.max_iter or 0), **how}
    found = run(
        _plait.ml.fit_glm,
        rows._array,
        y._array,
        None if weights is None else weights._array,
        watch=watch,
        **how,
    )
    if not found["is_converged"]:
        warnings.warn(
            f"{type(estimator).__name__} stopped after {found['iterations']} iterations with a slope of {found['slope']:.2g}, "
            f"expected at most tol={how['tolerance']:g}: increase max_iter, scale the features, or add a penalty",
            ConvergenceWarning,
            stacklevel=3,
        )
    for name in ("coefficients", "intercepts"):
        found[name] = found[name].astype(precision(rows), copy=False)
    return found


def _watch(iteration: int, objective: float, slope: float) -> None:
    print(f"iteration {iteration}: objective {objective:.9g}, slope {slope:.3g}")


def check_numbers(estimator: Any) -> None:
    """The parameters that all iterative models have.

    Raises
    ------
    ValueError
        If one is out of bounds.
    """
    check_positive("tol", estimator.tol)
    if not (isinstance(estimator.max_iter, numbers.Integral) and int(estimator.max_iter) >= 0):
        raise ValueError(f"max_iter must be a whole number, at least 0; got {estimator.max_iter!r}")


def check_positive(name: str, value: Any, or_zero: bool = False) -> float:
    """A positive number, or zero where that is allowed.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if isinstance(value, numbers.Real) and (float(value) > 0 or or_zero and float(value) == 0):
        return float(value)
    raise ValueError(f"{name} must be a {'number, at least 0' if or_zero else 'positive number'}; got {value!r}")
