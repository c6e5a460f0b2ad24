"""Fits of many candidates on many folds, as one graph of calls.

A pipeline's steps are calls of their own. Two candidates whose first steps are alike, with like parameters, share the calls
of these steps in every fold. Where rows stay lazy, because the estimator takes them so, the same calls are made one after the
other: each is a run of its own on all cores.
"""

from __future__ import annotations

import inspect
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import joblib
import numpy as np
import threadpoolctl
from sklearn.base import clone
from sklearn.exceptions import FitFailedWarning
from sklearn.pipeline import Pipeline
from sklearn.utils import _safe_indexing

from ... import config
from ..._schedulers import chosen
from ...array import Array
from ...base import compute, tokenize
from ...delayed import delayed
from .._inputs import is_lazy


class Rows(NamedTuple):
    """The rows of one side of a fold, as far as the steps have brought them."""

    X: Any
    y: Any
    weights: dict  # arguments of `fit`, by name


class Fitted(NamedTuple):
    """A model, what it makes of its training rows (None for a last step), the time of all fits so far; the error that ended them."""

    model: Any
    rows: Rows | None
    seconds: float
    failure: str | None = None


class Scored(NamedTuple):
    """What one candidate has reached in one fold."""

    test: dict[str, float]
    train: dict[str, float]
    fit_time: float
    score_time: float
    num_test_rows: int
    failure: str | None


def takes_lazy_rows(estimator: Any) -> bool:
    """Whether an estimator learns from lazy rows as they are."""
    if isinstance(estimator, Pipeline):
        return all(step in (None, "passthrough") or takes_lazy_rows(step) for _, step in estimator.steps)
    return type(estimator).__module__.startswith("plait.ml.")


def _part(X: Any, y: Any, weights: dict, index: np.ndarray) -> Rows:
    def of(values: Any) -> Any:
        if values is None or isinstance(values, Array):
            return None if values is None else values[index]
        return _safe_indexing(values, index)

    num_rows = X.shape[0] if hasattr(X, "shape") else len(X)
    parts = {name: of(each) if np.ndim(each) > 0 and len(each) == num_rows else each for name, each in weights.items()}
    return Rows(of(X), of(y), parts)


def _prefixed(weights: dict, step: str) -> dict:
    """The arguments of ``fit`` that are for one step of a pipeline."""
    return {name.removeprefix(step + "__"): each for name, each in weights.items() if name.startswith(step + "__")}


def _rows_of(fitted: Any) -> Fitted:
    return fitted if isinstance(fitted, Fitted) else Fitted(None, fitted, 0.0)


def _fit(step: Any, name: str, before: Any, is_last: bool, raises: bool) -> Fitted:
    """Fits one step on what the steps before it have made of the training rows."""
    given = _rows_of(before)
    if given.failure is not None:
        return given
    model = clone(step)
    X, y, weights = given.rows  # type: ignore[misc]
    arguments = _prefixed(weights, name) if name else weights
    begin = time.perf_counter()
    try:
        made = None
        if is_last:
            model.fit(X, y, **arguments) if y is not None else model.fit(X, **arguments)
        elif hasattr(model, "fit_transform"):
            made = Rows(model.fit_transform(X, y, **arguments), y, weights)
        else:
            made = Rows(model.fit(X, y, **arguments).transform(X), y, weights)
    except Exception:
        if raises:
            raise
        return Fitted(None, None, given.seconds + time.perf_counter() - begin, traceback.format_exc())
    return Fitted(model, made, given.seconds + time.perf_counter() - begin)


def _transform(fitted: Fitted, rows: Rows) -> Rows:
    return rows if fitted.failure is not None else rows._replace(X=fitted.model.transform(rows.X))


def _score(fitted: Fitted, test: Rows, train: Rows | None, scorers: dict, error_score: Any) -> Scored:
    begin = time.perf_counter()
    failure = fitted.failure

    def scores(rows: Rows | None) -> dict[str, float]:
        nonlocal failure
        found: dict[str, float] = {}
        for name, scorer in scorers.items() if rows is not None else ():
            found[name] = error_score if isinstance(error_score, (int, float)) else np.nan
            if failure is not None:
                continue
            try:
                targets = () if rows.y is None else (rows.y,)  # type: ignore[union-attr]
                found[name] = _as_number(scorer(fitted.model, rows.X, *targets, **_weights(scorer, fitted.model, rows)), name)  # type: ignore
            except Exception:
                if error_score == "raise":
                    raise
                warnings.warn(f"Scoring failed. The score on this train-test partition will be set to {error_score}.\n{traceback.format_exc()}", stacklevel=2)
        return found

    test_scores, train_scores = scores(test), scores(train)
    num_rows = test.X.shape[0] if hasattr(test.X, "shape") else len(test.X)
    return Scored(test_scores, train_scores, fitted.seconds, time.perf_counter() - begin, int(num_rows), failure)


def _weights(scorer: Any, model: Any, rows: Any) -> dict:
    """The weights of the scored rows, for a scorer that takes them, as scikit-learn has it."""
    weights = rows.weights.get("sample_weight")
    asked = model.score if type(scorer).__name__ == "_PassthroughScorer" else scorer
    if weights is None or not any(each.name == "sample_weight" or each.kind is each.VAR_KEYWORD for each in inspect.signature(asked).parameters.values()):
        return {}
    return {"sample_weight": weights}


def _as_number(score: Any, name: str) -> float:
    score = score.compute() if is_lazy(score) else score
    if np.ndim(score) == 0 and isinstance(np.asarray(score).item(), (int, float)):
        return float(score)
    raise ValueError(f"scoring must return a number, got {score!r} ({type(score)}) instead. (scorer={name})")


@dataclass
class Candidates:
    """The calls of all candidates on all folds."""

    X: Any
    y: Any
    splits: list[tuple[np.ndarray, np.ndarray]]
    scorers: dict[str, Callable]
    weights: dict = field(default_factory=dict)
    error_score: Any = np.nan
    with_train_scores: bool = False
    is_graph: bool = True  # else the calls are made at once
    shared: dict[Any, Any] = field(default_factory=dict)

    def _call(self, function: Callable, *args: Any) -> Any:
        return delayed(function, pure=False)(*args) if self.is_graph else function(*args)

    def _once(self, key: Any, function: Callable, *args: Any) -> Any:
        if key not in self.shared:
            self.shared[key] = self._call(function, *args)
        return self.shared[key]

    def _data(self) -> tuple:
        # Every fold takes parts of one value.
        if not self.is_graph:
            return self.X, self.y, self.weights
        keep = self.shared.setdefault("data", [_value(each) for each in (self.X, self.y)])
        return *keep, self.weights

    def scores(self, estimator: Any) -> list[Any]:
        """A call for each fold, which gives its `Scored`."""
        steps = _steps_of(estimator)
        raises = self.error_score == "raise"
        tokens = [tokenize(name, type(step), step.get_params() if hasattr(step, "get_params") else step) for name, step in steps]
        calls = []
        for fold, (train_index, test_index) in enumerate(self.splits):
            fitted = train = self._once(("train", fold), _part, *self._data(), train_index)
            test = self._once(("test", fold), _part, *self._data(), test_index)
            for number, (name, step) in enumerate(steps[:-1]):
                key = (fold, *tokens[: number + 1])
                fitted = self._once(("fit", key), _fit, step, name, fitted, False, raises)
                test = self._once(("of test", key), _transform, fitted, test)
                if self.with_train_scores:
                    train = self._once(("of train", key), _transform, fitted, train)
            name, step = steps[-1]
            # Not shared: two candidates that are alike are two candidates.
            last = self._call(_fit, step, name, fitted, True, raises)
            calls.append(self._call(_score, last, test, train if self.with_train_scores else None, self.scorers, self.error_score))
        return calls


def _value(x: Any) -> Any:
    """Data as one value of a graph; lazy data is computed in it."""
    return x if x is None or is_lazy(x) else delayed(x, pure=False)


def _steps_of(estimator: Any) -> list[tuple[str, Any]]:
    """The steps that are fitted one by one; an estimator that is no plain pipeline is one step."""
    if type(estimator) is Pipeline and getattr(estimator, "transform_input", None) is None:
        steps = [(name, step) for name, step in estimator.steps[:-1] if step not in (None, "passthrough")]
        last = estimator.steps[-1]
        if last[1] not in (None, "passthrough") and all(hasattr(step, "transform") for _, step in steps):
            return [*steps, last]
    return [("", estimator)]


def run_calls(calls: list[list[Any]], n_jobs: int | None, scheduler: Any = None, is_graph: bool = True) -> list[list[Scored]]:
    """The values of the calls. Fits that run side by side use one thread each, and our own estimators' runs inside them theirs."""
    if not is_graph:
        return calls
    workers = None if n_jobs in (None, -1) else joblib.effective_n_jobs(n_jobs)
    runner = chosen(scheduler) or "threads"
    with threadpoolctl.threadpool_limits(1 if workers != 1 else None), config.set(scheduler="sync"):
        return compute(calls, scheduler=runner, num_workers=workers)[0]


def warn_of_failures(scored: list[list[Scored]], error_score: Any) -> None:
    """Says how many fits have failed, and why.

    Raises
    ------
    ValueError
        If all have.
    """
    failures = [each.failure for of_candidate in scored for each in of_candidate if each.failure is not None]
    total = sum(map(len, scored))
    if not failures:
        return
    kinds = {failure: failures.count(failure) for failure in failures}
    details = "\n".join(f"{'-' * 80}\n{count} fits failed with the following error:\n{text}" for text, count in kinds.items())
    if len(failures) == total:
        raise ValueError(
            f"All the {total} fits failed. It is very likely that your model is misconfigured. You can try to debug the error by setting "
            f"error_score='raise'.\n\nBelow are more details about the failures:\n{details}"
        )
    warnings.warn(
        f"{len(failures)} fits failed out of a total of {total}. The score on these train-test partitions for these parameters will be set to "
        f"{error_score}. If these failures are not expected, you can try to debug them by setting error_score='raise'.\n\n"
        f"Below are more details about the failures:\n{details}",
        FitFailedWarning,
        stacklevel=3,
    )
