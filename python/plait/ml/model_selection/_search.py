"""Searches over given parameters: every candidate is fitted on every fold, as one graph."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn import model_selection as sklearn_selection
from sklearn.base import clone
from sklearn import metrics as sklearn_metrics

from ...base import compute
from .. import metrics
from .._inputs import is_lazy
from ._fits import Candidates, Scored, run_calls, takes_lazy_rows, warn_of_failures
from ._folds import counted, splits_of


def scorers_of(estimator: Any, scoring: Any, stays_lazy: bool) -> tuple[dict[str, Callable], bool]:
    """The scorers by name, and whether there are several: what ``scoring=`` may be to scikit-learn.

    Our own metrics where rows stay lazy; scikit-learn's on rows in memory.

    Raises
    ------
    ValueError
        For names that there are not, or names that are not unique.
    """
    of: Any = metrics if stays_lazy else sklearn_metrics
    if scoring is None or isinstance(scoring, str) or callable(scoring):
        return {"score": of.check_scoring(estimator, scoring)}, False
    if not scoring:
        raise ValueError(f"scoring={scoring!r} names no metric; give a name such as 'accuracy', a function, or a list or dict of them")
    if isinstance(scoring, dict):
        return {str(name): of.check_scoring(estimator, each) for name, each in scoring.items()}, True
    names = list(scoring)
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"scoring={scoring!r}: a list holds names of metrics; functions go into a dict, by name")
    if len(set(names)) != len(names):
        raise ValueError(f"scoring={scoring!r} has a name twice")
    return {name: of.get_scorer(name) for name in names}, True


def results_of(candidates: list[dict], scored: list[list[Scored]], with_train_scores: bool, iid: bool) -> dict[str, Any]:
    """``cv_results_``: a column a statistic, a row a candidate."""
    results: dict[str, Any] = {}

    def put(name: str, values: Any, *, splits: bool = False, ranks: bool = False, sizes: Any = None) -> None:
        values = np.asarray(values, dtype=float)
        if splits:
            for split in range(values.shape[1]):
                results[f"split{split}_{name}"] = values[:, split]
        mean = np.average(values, axis=1, weights=sizes)
        results[f"mean_{name}"] = mean
        results[f"std_{name}"] = np.sqrt(np.average((values - mean[:, None]) ** 2, axis=1, weights=sizes))
        if ranks:
            lowest = np.nanmin(mean) - 1 if np.isfinite(mean).any() else 0
            results[f"rank_{name}"] = rankdata(-np.nan_to_num(mean, nan=lowest), method="min").astype(np.int32)

    put("fit_time", [[each.fit_time for each in folds] for folds in scored])
    put("score_time", [[each.score_time for each in folds] for folds in scored])
    for name in dict.fromkeys(name for candidate in candidates for name in candidate):
        results[f"param_{name}"] = _column([candidate.get(name, np.ma.masked) for candidate in candidates])
    results["params"] = candidates
    sizes = [[each.num_test_rows for each in folds] for folds in scored] if iid else None
    for name in scored[0][0].test:
        put(f"test_{name}", [[each.test[name] for each in folds] for folds in scored], splits=True, ranks=True, sizes=sizes)
        if with_train_scores:
            put(f"train_{name}", [[each.train[name] for each in folds] for folds in scored], splits=True)
    return results


def _column(values: list) -> np.ma.MaskedArray:
    """The values of one parameter; masked where a candidate does not have it."""
    mask = [value is np.ma.masked for value in values]
    column = np.ma.MaskedArray(np.empty(len(values), dtype=object), mask=mask)
    kinds = {type(value) for value in values if value is not np.ma.masked}
    if len(kinds) == 1 and issubclass(next(iter(kinds)), (bool, int, float, np.number)):
        column = np.ma.MaskedArray(np.zeros(len(values), dtype=np.array([v for v in values if v is not np.ma.masked]).dtype), mask=mask)
    for i, value in enumerate(values):
        if value is not np.ma.masked:
            column[i] = value
    column.mask = mask
    return column


class _Search:
    """What searches over a list of candidates have in common; the other base is scikit-learn's search, whose methods use the best model."""

    def _candidates(self) -> list[dict]:
        raise NotImplementedError

    def fit(self, X: Any, y: Any = None, groups: Any = None, **params: Any) -> Any:
        """Score every candidate on every fold, and fit the best one on all rows.

        Parameters
        ----------
        X, y : array-like, lazy or not
            Rows and targets.
        groups : array-like, optional
            Groups of rows, for splitters that need them.
        **params
            Arguments of the estimator's ``fit``; those with a value a row are cut like the rows.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If several metrics are asked for and ``refit`` names none of them, or if every fit fails.
        """
        estimator = self.estimator  # type: ignore[attr-defined]
        is_graph = not (is_lazy(X) and takes_lazy_rows(estimator))
        scorers, self.multimetric_ = scorers_of(estimator, self.scoring, not is_graph)  # type: ignore[attr-defined]
        self._check_refit(scorers)
        X, y = counted(X), counted(y)
        splits = splits_of(self.cv, estimator, X, y, groups)  # type: ignore[attr-defined]
        candidates = self._candidates()
        every = Candidates(X, y, splits, scorers, params, self.error_score, self.return_train_score, is_graph)  # type: ignore[attr-defined]
        calls = [every.scores(clone(estimator).set_params(**clone(candidate, safe=False))) for candidate in candidates]
        scored = run_calls(calls, self.n_jobs, self.scheduler, is_graph)  # type: ignore[attr-defined]
        warn_of_failures(scored, self.error_score)  # type: ignore[attr-defined]
        self.cv_results_ = results_of(candidates, scored, self.return_train_score, self.iid)  # type: ignore[attr-defined]
        self.n_splits_ = len(splits)
        self.scorer_ = scorers if self.multimetric_ else scorers["score"]
        if is_graph and (is_lazy(X) or is_lazy(y)):
            X, y = compute(X, y)
        self._keep_best(X, y, params)
        return self

    def _check_refit(self, scorers: dict) -> None:
        refit = self.refit  # type: ignore[attr-defined]
        if self.multimetric_ and refit is not False and not callable(refit) and (not isinstance(refit, str) or refit not in scorers):
            raise ValueError(
                f"refit={refit!r}: with several metrics, refit must be the name of the one that chooses the best candidate, a function, or False; "
                f"the metrics are {', '.join(scorers)}"
            )

    def _keep_best(self, X: Any, y: Any, params: dict) -> None:
        refit = self.refit  # type: ignore[attr-defined]
        metric = refit if self.multimetric_ and isinstance(refit, str) else "score"
        results = self.cv_results_
        if callable(refit):
            self.best_index_ = refit(results)
            if not isinstance(self.best_index_, (int, np.integer)) or not 0 <= self.best_index_ < len(results["params"]):
                raise IndexError(f"refit gave {self.best_index_!r}, which is not the position of one of the {len(results['params'])} candidates")
        elif refit or not self.multimetric_:
            self.best_index_ = int(np.argmin(results[f"rank_test_{metric}"]))
        else:
            return
        self.best_params_ = results["params"][self.best_index_]
        if not (callable(refit) and self.multimetric_):
            self.best_score_ = float(results[f"mean_test_{metric}"][self.best_index_])
        if not refit:
            return
        self.best_estimator_ = clone(self.estimator).set_params(**clone(self.best_params_, safe=False))  # type: ignore[attr-defined]
        begin = time.perf_counter()
        self.best_estimator_.fit(*((X,) if y is None else (X, y)), **params)
        self.refit_time_ = time.perf_counter() - begin
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_


class GridSearchCV(_Search, sklearn_selection.GridSearchCV):
    """The best of all combinations of given parameters.

    All fits are one graph: folds and candidates run side by side on any executor, and what pipelines have in common (their
    first steps, with the same parameters) runs once a fold. With lazy rows and an estimator of Plait, rows stay lazy, and each
    fit is a run of its own.

    Parameters
    ----------
    estimator : estimator
        Plait's, scikit-learn's, or any with their interface.
    param_grid : dict or list of dicts
        Lists of values by the parameters' names.
    scoring : str, callable, list, dict or None
        Metrics; None asks the estimator's ``score``.
    iid : bool
        Whether the mean score of a candidate counts rows (as dask-ml has it) or folds alike (as scikit-learn has it).
    refit : bool, str or callable
        Whether to fit the best candidate on all rows; with several metrics the name of the one that decides.
    cv : int, splitter, iterable or None
        Folds; None means 3.
    error_score : "raise" or number
        The score of a candidate whose fit fails.
    return_train_score : bool
        Whether to score the training rows, too.
    scheduler : str, executor, callable or None
        What runs the graph; the setting ``scheduler``, else threads.
    n_jobs : int
        Workers at most; -1: all.
    cache_cv : bool
        Taken for Dask's sake: folds are cut once.

    Attributes
    ----------
    cv_results_ : dict
        Scores and times, in scikit-learn's form.
    best_params_, best_score_, best_index_, best_estimator_, scorer_, n_splits_, refit_time_
        As in scikit-learn.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from plait.ml.model_selection import GridSearchCV
    >>> X, y = [[0], [1], [2], [3], [4], [5]], [0, 0, 0, 1, 1, 1]
    >>> GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, 2]}, cv=2).fit(X, y).best_params_
    {'max_depth': 1}
    """

    def __init__(
        self,
        estimator: Any,
        param_grid: Any,
        scoring: Any = None,
        iid: bool = True,
        refit: Any = True,
        cv: Any = None,
        error_score: Any = "raise",
        return_train_score: bool = False,
        scheduler: Any = None,
        n_jobs: int | None = -1,
        cache_cv: bool = True,
    ):
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.iid = iid
        self.refit = refit
        self.cv = cv
        self.error_score = error_score
        self.return_train_score = return_train_score
        self.scheduler = scheduler
        self.n_jobs = n_jobs
        self.cache_cv = cache_cv

    def _candidates(self) -> list[dict]:
        return list(sklearn_selection.ParameterGrid(self.param_grid))


class RandomizedSearchCV(_Search, sklearn_selection.RandomizedSearchCV):
    """The best of some combinations that are drawn of given parameters or distributions.

    Parameters
    ----------
    param_distributions : dict or list of dicts
        Lists of values, or distributions with ``rvs``, by the parameters' names.
    n_iter : int
        How many candidates are drawn.
    random_state : int, RandomState or None
        Seed.
    estimator, scoring, iid, refit, cv, error_score, return_train_score, scheduler, n_jobs, cache_cv
        See `GridSearchCV`.
    """

    def __init__(
        self,
        estimator: Any,
        param_distributions: Any,
        n_iter: int = 10,
        random_state: Any = None,
        scoring: Any = None,
        iid: bool = True,
        refit: Any = True,
        cv: Any = None,
        error_score: Any = "raise",
        return_train_score: bool = False,
        scheduler: Any = None,
        n_jobs: int | None = -1,
        cache_cv: bool = True,
    ):
        self.estimator = estimator
        self.param_distributions = param_distributions
        self.n_iter = n_iter
        self.random_state = random_state
        self.scoring = scoring
        self.iid = iid
        self.refit = refit
        self.cv = cv
        self.error_score = error_score
        self.return_train_score = return_train_score
        self.scheduler = scheduler
        self.n_jobs = n_jobs
        self.cache_cv = cache_cv

    def _candidates(self) -> list[dict]:
        return list(sklearn_selection.ParameterSampler(self.param_distributions, self.n_iter, random_state=self.random_state))
