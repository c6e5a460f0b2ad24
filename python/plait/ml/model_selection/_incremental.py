"""Searches with models that learn batch by batch: those that do not promise much are left behind early.

A strategy is a generator: it says up to how many calls of ``partial_fit`` which models are to be trained, is told their scores,
and says what comes next. All models of a round, of all strategies that run side by side, are one graph of calls.
"""

from __future__ import annotations

import copy
import math
import numbers
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import threadpoolctl
from scipy.stats import rankdata
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.metrics import check_scoring
from sklearn.model_selection import ParameterSampler
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ... import config
from ..._schedulers import chosen
from ...base import compute, persist
from ...delayed import delayed
from .._inputs import in_blocks, is_lazy, like_rows
from .._on_blocks import on_blocks
from ._folds import counted

# Yields {model: calls of partial_fit that it is to have had}, is sent {model: score}.
Strategy = Generator[dict[int, int], dict[int, float], None]


@dataclass
class Model:
    """One candidate and what it has come to."""

    params: dict
    estimator: Any
    bracket: int
    calls: int = 0
    is_done: bool = False
    history: list[dict] = field(default_factory=list)

    @property
    def score(self) -> float:
        return self.history[-1]["score"] if self.history else -np.inf


def best_of(scores: dict[int, float], count: int) -> list[int]:
    """The models of the highest scores; of equal ones the first."""
    return sorted(scores, key=lambda model: (-np.nan_to_num(scores[model], nan=-np.inf), model))[:count]


def halving(models: list[int], first: int, aggressiveness: float, most: int | None) -> Strategy:
    """Each time the share ``1 / aggressiveness`` of the models goes on, with that many times the calls."""
    step = 0
    alive = models
    while True:
        calls = max(1, int(first * aggressiveness**step))
        scores = yield dict.fromkeys(alive, calls if most is None else min(calls, most))
        step += 1
        left = int(len(models) * aggressiveness**-step)
        if left < 1 or len(alive) == 1 or (most is not None and calls >= most):
            return
        alive = best_of(scores, left)


def inverse_decay(models: list[int], decay_rate: float | None, most: int, calls_a_score: int) -> Strategy:
    """After t calls ``(t + 1) ** -decay_rate`` of the models go on; without a rate all do."""
    calls, alive = 0, models
    while calls < most:
        calls = min(most, calls + calls_a_score)
        scores = yield dict.fromkeys(alive, calls)
        if decay_rate:
            alive = best_of(scores, max(1, min(len(alive), math.ceil(len(models) * (calls + 1) ** -decay_rate))))


def _learnt(model: Any, X: Any, y: Any, fit_params: dict) -> tuple[Any, float]:
    """A copy of the model, which has learnt one more batch, and the seconds that it took; values of tasks are not changed."""
    model, seconds = model if isinstance(model, tuple) else (model, 0.0)
    model = copy.deepcopy(model)
    begin = time.perf_counter()
    if len(X) > 0:
        model.partial_fit(X, y, **fit_params)
    return model, seconds + time.perf_counter() - begin


def _scored(learnt: tuple, scorer: Callable, X: Any, y: Any) -> tuple[Any, float, float, float]:
    model, seconds = learnt
    begin = time.perf_counter()
    score = scorer(model, X, y) if y is not None else scorer(model, X)
    return model, seconds, float(score), time.perf_counter() - begin


def _without(block: Any, places: np.ndarray) -> Any:
    return np.delete(block, places, axis=0)


def _has(method: str) -> Callable:
    def check(search: Any) -> bool:
        return hasattr(getattr(search, "best_estimator_", search.estimator), method)

    return check


class BaseIncrementalSearchCV(MetaEstimatorMixin, BaseEstimator):
    """What the searches have in common; a subclass says its strategies."""

    estimator: Any
    parameters: Any
    test_size: Any
    patience: Any
    tol: float
    random_state: Any
    scoring: Any
    verbose: Any
    prefix: str

    def _strategies(self) -> list[tuple[int, Callable[[list[int]], Strategy]]]:
        """Numbers of models, and the strategy for each such group."""
        raise NotImplementedError

    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> Any:
        """Train and compare the models.

        Parameters
        ----------
        X, y : array-like, lazy or not
            Rows and targets. A block of lazy rows is a batch.
        **fit_params
            Arguments of every ``partial_fit``, such as ``classes``.

        Returns
        -------
        self

        Raises
        ------
        TypeError
            If the estimator has no ``partial_fit``.
        """
        if not hasattr(self.estimator, "partial_fit"):
            raise TypeError(f"{type(self).__name__} trains batch by batch: {type(self.estimator).__name__} has no partial_fit")
        self.scorer_ = check_scoring(self.estimator, self.scoring)
        random = check_random_state(self.random_state)
        batches, test = self._cut(X, y, random)
        groups = self._strategies()
        drawn = self._drawn(sum(count for count, _ in groups), random)
        models = {number: Model(params, clone(self.estimator).set_params(**params), 0) for number, params in enumerate(drawn)}
        running: list[tuple[Strategy, dict[int, int]]] = []
        first = 0
        for bracket, (count, strategy) in enumerate(groups):
            members = list(range(first, min(first + count, len(models))))
            first += count
            if not members:
                continue
            for number in members:
                models[number].bracket = bracket
            plan = strategy(members)
            running.append((plan, next(plan)))
        begin = time.perf_counter()
        self.history_: list[dict] = []
        while running:
            self._advance({number: calls for _, wanted in running for number, calls in wanted.items()}, models, batches, test, fit_params, begin)
            running = [(plan, after) for plan, wanted in running for after in [_next(plan, {number: models[number].score for number in wanted})] if after is not None]
        self._set_results(models)
        return self

    def _drawn(self, count: int, random: np.random.RandomState) -> list[dict]:
        return list(ParameterSampler(self.parameters, count, random_state=random))

    def _cut(self, X: Any, y: Any, random: np.random.RandomState) -> tuple[list[tuple], tuple]:
        """Batches of training rows, kept in memory, and the test rows."""
        rows = counted(X) if is_lazy(X) else in_blocks(np.asarray(X))
        targets = None if y is None else like_rows(counted(y) if is_lazy(y) else in_blocks(np.asarray(y)), rows)
        num_rows = int(rows.shape[0])
        share = 0.2 if self.test_size is None else self.test_size
        count = int(share) if isinstance(share, numbers.Integral) else max(1, int(round(share * num_rows)))
        if not 0 < count < num_rows:
            raise ValueError(f"test_size={share!r} leaves {num_rows - count} of {num_rows} rows to learn from and {count} to test on")
        test_places = np.sort(random.permutation(num_rows)[:count])
        starts = np.concatenate([[0], np.cumsum(rows.chunks[0])])
        batches = []
        blocks = [each.to_delayed().ravel() if each is not None else [None] * (len(starts) - 1) for each in (rows, targets)]
        for number, (x, label) in enumerate(zip(*blocks)):
            inside = test_places[(test_places >= starts[number]) & (test_places < starts[number + 1])] - starts[number]
            if len(inside) < starts[number + 1] - starts[number]:
                cut = delayed(_without, pure=False)
                batches.append((cut(x, inside), None if label is None else cut(label, inside)))
        return persist(batches, (rows[test_places], None if targets is None else targets[test_places]))

    def _advance(self, wanted: dict[int, int], models: dict[int, Model], batches: list, test: tuple, fit_params: dict, begin: float) -> None:
        """Trains models up to the wanted numbers of calls, and scores them."""
        calls, trained = [], []
        for number, target in wanted.items():
            model = models[number]
            if model.is_done or model.calls >= target:
                continue
            learnt: Any = delayed(model.estimator, pure=False)
            for call in range(model.calls, target):
                learnt = delayed(_learnt, pure=False)(learnt, *batches[call % len(batches)], fit_params)
            calls.append(delayed(_scored, pure=False)(learnt, self.scorer_, *test))
            trained.append((number, target))
        with threadpoolctl.threadpool_limits(1), config.set(scheduler="sync"):
            results = compute(calls, scheduler=chosen() or "threads")[0]
        for (number, target), (estimator, seconds, score, score_seconds) in zip(trained, results):
            model = models[number]
            model.estimator = estimator
            model.history.append(
                {
                    "model_id": self._name(number, model),
                    "params": model.params,
                    "partial_fit_calls": target,
                    "partial_fit_time": seconds / (target - model.calls),
                    "score": score,
                    "score_time": score_seconds,
                    "elapsed_wall_time": time.perf_counter() - begin,
                    "bracket": model.bracket,
                }
            )
            model.calls = target
            self.history_.append(model.history[-1])
            model.is_done = self._has_stopped(model)
            if self.verbose:
                print(f"[CV{self.prefix and ', ' + self.prefix}] model {number}: {target} calls, score {score:.4f}")

    def _has_stopped(self, model: Model) -> bool:
        """Whether the score has not risen by ``tol`` over ``patience`` calls."""
        if not self.patience:
            return False
        patience = max(1, model.calls // 3) if self.patience is True else int(self.patience)
        recent = [each for each in model.history if each["partial_fit_calls"] >= model.calls - patience]
        if model.calls < patience or len(recent) < 2:
            return False
        return all(each["score"] <= recent[0]["score"] + self.tol for each in recent[1:])

    def _name(self, number: int, model: Model) -> Any:
        return number

    def _set_results(self, models: dict[int, Model]) -> None:
        numbers_ = [number for number, model in models.items() if model.history]
        scores = np.array([models[number].score for number in numbers_])
        results: dict[str, Any] = {
            "params": [models[number].params for number in numbers_],
            "test_score": scores,
            "model_id": [self._name(number, models[number]) for number in numbers_],
            "partial_fit_calls": np.array([models[number].calls for number in numbers_]),
            "rank_test_score": rankdata(-scores, method="min").astype(int),
        }
        for name in ("partial_fit_time", "score_time"):
            times = [[each[name] for each in models[number].history] for number in numbers_]
            results[f"mean_{name}"] = np.array([np.mean(each) for each in times])
            results[f"std_{name}"] = np.array([np.std(each) for each in times])
        for name in sorted({name for number in numbers_ for name in models[number].params}):
            column = np.empty(len(numbers_), dtype=object)
            column[:] = [models[number].params.get(name) for number in numbers_]
            results[f"param_{name}"] = column
        results["bracket"] = np.array([models[number].bracket for number in numbers_])
        self.cv_results_ = results
        self.model_history_ = {self._name(number, models[number]): models[number].history for number in numbers_}
        place = int(np.flatnonzero(scores == np.nanmax(scores))[0])
        self.best_index_ = place
        self.best_score_, self.best_params_ = float(scores[place]), results["params"][place]
        self.best_estimator_ = models[numbers_[place]].estimator
        self.n_splits_, self.multimetric_ = 1, False

    def _asked(self, method: str, X: Any) -> Any:
        check_is_fitted(self, "best_estimator_")
        return on_blocks(self.best_estimator_, method, X) if is_lazy(X) else getattr(self.best_estimator_, method)(X)

    @available_if(_has("predict"))
    def predict(self, X: Any) -> Any:
        """What the best model predicts; lazy where ``X`` is."""
        return self._asked("predict", X)

    @available_if(_has("predict_proba"))
    def predict_proba(self, X: Any) -> Any:
        """The best model's probabilities; lazy where ``X`` is."""
        return self._asked("predict_proba", X)

    @available_if(_has("predict_log_proba"))
    def predict_log_proba(self, X: Any) -> Any:
        """The logarithms of the best model's probabilities; lazy where ``X`` is."""
        return self._asked("predict_log_proba", X)

    @available_if(_has("decision_function"))
    def decision_function(self, X: Any) -> Any:
        """The best model's decision function; lazy where ``X`` is."""
        return self._asked("decision_function", X)

    @available_if(_has("transform"))
    def transform(self, X: Any) -> Any:
        """What the best model makes of rows; lazy where ``X`` is."""
        return self._asked("transform", X)

    @available_if(_has("inverse_transform"))
    def inverse_transform(self, X: Any) -> Any:
        """What the best model takes rows back to; lazy where ``X`` is."""
        return self._asked("inverse_transform", X)

    def score(self, X: Any, y: Any = None) -> float:
        """The score of the best model."""
        check_is_fitted(self, "best_estimator_")
        X, y = (each.compute() if is_lazy(each) else each for each in (X, y))
        return self.scorer_(self.best_estimator_, X, y) if y is not None else self.scorer_(self.best_estimator_, X)

    @property
    def classes_(self) -> np.ndarray:
        """The labels that the best model knows."""
        return self.best_estimator_.classes_


def _next(plan: Strategy, scores: dict[int, float]) -> dict[int, int] | None:
    try:
        return plan.send(scores)
    except StopIteration:
        return None
