"""Scorers: metrics by name, which take an estimator, rows and what is expected of them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import update_wrapper
from typing import Any

import sklearn.metrics
from sklearn.metrics import make_scorer

from .._inputs import is_lazy
from ._by_confusion import balanced_accuracy_score, f1_score, precision_score, recall_score
from ._classification import accuracy_score, log_loss
from ._ranking import roc_auc_score
from ._regression import explained_variance_score, mean_absolute_error, mean_absolute_percentage_error, mean_squared_error
from ._regression import mean_squared_log_error, r2_score, root_mean_squared_error

SCORERS: dict[str, Any] = {
    "accuracy": make_scorer(accuracy_score),
    "balanced_accuracy": make_scorer(balanced_accuracy_score),
    "explained_variance": make_scorer(explained_variance_score),
    "neg_log_loss": make_scorer(log_loss, greater_is_better=False, response_method="predict_proba"),
    "neg_mean_absolute_error": make_scorer(mean_absolute_error, greater_is_better=False),
    "neg_mean_absolute_percentage_error": make_scorer(mean_absolute_percentage_error, greater_is_better=False),
    "neg_mean_squared_error": make_scorer(mean_squared_error, greater_is_better=False),
    "neg_mean_squared_log_error": make_scorer(mean_squared_log_error, greater_is_better=False),
    "neg_root_mean_squared_error": make_scorer(root_mean_squared_error, greater_is_better=False),
    "r2": make_scorer(r2_score),
    "roc_auc": make_scorer(roc_auc_score, response_method=("decision_function", "predict_proba")),
}
for _name, _metric in {"f1": f1_score, "precision": precision_score, "recall": recall_score}.items():
    SCORERS[_name] = make_scorer(_metric, average="binary")
    for _average in ("macro", "micro", "weighted"):
        SCORERS[f"{_name}_{_average}"] = make_scorer(_metric, average=_average)


def get_scorer(scoring: Any, compute: bool = True) -> Any:
    """The scorer of a name: ours, else scikit-learn's, for which predictions and what is expected of them come into memory.

    Parameters
    ----------
    scoring : str or callable
        A name of `SCORERS` or of scikit-learn's; a callable is given back.
    compute : bool
        Taken for dask-ml's sake: scores are computed.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if not isinstance(scoring, str):
        return scoring
    if scoring in SCORERS:
        return SCORERS[scoring]
    scorer = copy(sklearn.metrics.get_scorer(scoring))
    if hasattr(scorer, "_score_func"):
        scorer._score_func = _InMemory(scorer._score_func)
    return scorer


class _InMemory:
    """A metric that takes data in memory: what is lazy of its arguments is computed."""

    def __init__(self, metric: Callable):
        update_wrapper(self, metric)
        self.metric = metric

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.metric(*(_held(each) for each in args), **{name: _held(each) for name, each in kwargs.items()})


def _held(x: Any) -> Any:
    return x.compute() if is_lazy(x) else x


def check_scoring(estimator: Any, scoring: Any = None, **kwargs: Any) -> Callable:
    """The scorer for an estimator: that of a name, or its own ``score``.

    Raises
    ------
    TypeError
        If it has none.
    """
    if isinstance(scoring, str):
        return get_scorer(scoring)
    return sklearn.metrics.check_scoring(estimator, scoring=scoring, **kwargs)
