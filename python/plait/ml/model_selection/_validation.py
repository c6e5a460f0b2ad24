"""Scores of one estimator on folds."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone

from .._inputs import is_lazy
from ._fits import Candidates, run_calls, takes_lazy_rows, warn_of_failures
from ._folds import counted, splits_of
from ._search import scorers_of


def cross_validate(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    groups: Any = None,
    scoring: Any = None,
    cv: Any = None,
    n_jobs: int | None = -1,
    params: dict | None = None,
    return_train_score: bool = False,
    error_score: Any = np.nan,
    scheduler: Any = None,
) -> dict[str, np.ndarray]:
    """Scores and times of an estimator on every fold.

    Parameters
    ----------
    estimator, scoring, n_jobs, return_train_score, error_score, scheduler
        See `GridSearchCV`.
    X, y, groups : array-like, lazy or not
        Rows, targets, groups of rows.
    cv : int, splitter, iterable or None
        Folds; None means 5.
    params : dict, optional
        Arguments of the estimator's ``fit``.

    Returns
    -------
    dict of ndarray
        ``test_score`` (or ``test_<name>`` of several metrics), ``train_...``, ``fit_time``, ``score_time``: a number a fold.

    Raises
    ------
    ValueError
        If every fit fails.
    """
    is_graph = not (is_lazy(X) and takes_lazy_rows(estimator))
    scorers, _ = scorers_of(estimator, scoring, not is_graph)
    X, y = counted(X), counted(y)
    splits = splits_of(5 if cv is None else cv, estimator, X, y, groups)
    every = Candidates(X, y, splits, scorers, params or {}, error_score, return_train_score, is_graph)
    scored = run_calls([every.scores(clone(estimator))], n_jobs, scheduler, is_graph)
    warn_of_failures(scored, error_score)
    (folds,) = scored
    found = {"fit_time": np.array([each.fit_time for each in folds]), "score_time": np.array([each.score_time for each in folds])}
    for name in scorers:
        found[f"test_{name}"] = np.array([each.test[name] for each in folds])
        if return_train_score:
            found[f"train_{name}"] = np.array([each.train[name] for each in folds])
    return found


def cross_val_score(estimator: Any, X: Any, y: Any = None, *, scoring: Any = None, **kwargs: Any) -> np.ndarray:
    """The score of an estimator on every fold.

    Parameters
    ----------
    scoring : str, callable or None
        One metric.
    estimator, X, y, **kwargs
        See `cross_validate`.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from plait.ml.model_selection import cross_val_score
    >>> cross_val_score(DummyClassifier(), [[0]] * 4, [1, 1, 1, 1], cv=2).tolist()
    [1.0, 1.0]
    """
    if scoring is not None and not isinstance(scoring, str) and not callable(scoring):
        raise ValueError(f"cross_val_score takes one metric, got scoring={scoring!r}; cross_validate takes several")
    return cross_validate(estimator, X, y, scoring=scoring, **kwargs)["test_score"]
