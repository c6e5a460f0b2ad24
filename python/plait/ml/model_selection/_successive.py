"""The searches over models that learn batch by batch: see `_incremental`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid

from ._incremental import BaseIncrementalSearchCV, Model, Strategy, halving, inverse_decay

_SHARED = """test_size : float or int, optional
        Share or number of rows that score the models; 0.2 by default.
    patience : bool or int
        Whether a model stops whose score has not risen by ``tol`` over so many calls; True: a third of its calls.
    tol : float
        What counts as a rise.
    random_state : int, RandomState or None
        Seed of the parameters and of the test rows.
    scoring : str or callable, optional
        The metric; None asks the estimator's ``score``.
    verbose : bool
        Whether to print scores.
    prefix : str
        What printed lines begin with.

    Attributes
    ----------
    best_estimator_, best_params_, best_score_, best_index_
        The model of the highest score.
    cv_results_ : dict
        A column a statistic, a row a model.
    history_, model_history_
        Every score: in the order of time, and by model."""


class IncrementalSearchCV(BaseIncrementalSearchCV):
    __doc__ = f"""Models that learn batch by batch, fewer and fewer of them if ``decay_rate`` says so.

    Parameters
    ----------
    estimator : estimator with ``partial_fit``
        Plait's, scikit-learn's, or any with their interface.
    parameters : dict
        Lists of values or distributions by the parameters' names.
    n_initial_parameters : int or "grid"
        How many candidates are drawn; "grid" takes all combinations.
    decay_rate : float, optional
        After t calls of ``partial_fit`` the best ``n (t + 1) ** -decay_rate`` models go on; None: all.
    fits_per_score : int
        Calls between two scores.
    max_iter : int
        Calls of a model at most.
    {_SHARED}
    """

    def __init__(
        self,
        estimator: Any,
        parameters: Any,
        n_initial_parameters: Any = 10,
        decay_rate: float | None = None,
        test_size: Any = None,
        patience: Any = False,
        tol: float = 0.001,
        fits_per_score: int = 1,
        max_iter: int = 100,
        random_state: Any = None,
        scoring: Any = None,
        verbose: Any = False,
        prefix: str = "",
    ):
        self.estimator = estimator
        self.parameters = parameters
        self.n_initial_parameters = n_initial_parameters
        self.decay_rate = decay_rate
        self.test_size = test_size
        self.patience = patience
        self.tol = tol
        self.fits_per_score = fits_per_score
        self.max_iter = max_iter
        self.random_state = random_state
        self.scoring = scoring
        self.verbose = verbose
        self.prefix = prefix

    def _strategies(self) -> list[tuple[int, Callable[[list[int]], Strategy]]]:
        count = len(ParameterGrid(self.parameters)) if self.n_initial_parameters == "grid" else int(self.n_initial_parameters)
        return [(count, lambda models: inverse_decay(models, self.decay_rate, int(self.max_iter), int(self.fits_per_score)))]

    def _drawn(self, count: int, random: np.random.RandomState) -> list[dict]:
        return list(ParameterGrid(self.parameters)) if self.n_initial_parameters == "grid" else super()._drawn(count, random)


class InverseDecaySearchCV(IncrementalSearchCV):
    __doc__ = f"""Models that learn batch by batch, of which the better ones go on: their number is inverse to the calls they have had.

    Parameters
    ----------
    estimator, parameters, n_initial_parameters, fits_per_score, max_iter, decay_rate
        See `IncrementalSearchCV`; the rate is 1 by default.
    {_SHARED}
    """

    def __init__(
        self,
        estimator: Any,
        parameters: Any,
        n_initial_parameters: Any = 10,
        test_size: Any = None,
        patience: Any = False,
        tol: float = 0.001,
        fits_per_score: int = 1,
        max_iter: int = 100,
        random_state: Any = None,
        scoring: Any = None,
        verbose: Any = False,
        prefix: str = "",
        decay_rate: float = 1.0,
    ):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        super().__init__(**given)


class SuccessiveHalvingSearchCV(BaseIncrementalSearchCV):
    __doc__ = f"""Models that learn batch by batch; each time the better ones go on, with several times the calls.

    Parameters
    ----------
    estimator, parameters
        See `IncrementalSearchCV`.
    n_initial_parameters : int
        How many candidates are drawn.
    n_initial_iter : int
        Calls of ``partial_fit`` before the first scores.
    max_iter : int, optional
        Calls of a model at most.
    aggressiveness : float
        One of so many models goes on, with so many times the calls.
    {_SHARED}
    """

    def __init__(
        self,
        estimator: Any,
        parameters: Any,
        n_initial_parameters: int = 10,
        n_initial_iter: int | None = None,
        max_iter: int | None = None,
        aggressiveness: float = 3,
        test_size: Any = None,
        patience: Any = False,
        tol: float = 0.001,
        random_state: Any = None,
        scoring: Any = None,
        verbose: Any = False,
        prefix: str = "",
    ):
        self.estimator = estimator
        self.parameters = parameters
        self.n_initial_parameters = n_initial_parameters
        self.n_initial_iter = n_initial_iter
        self.max_iter = max_iter
        self.aggressiveness = aggressiveness
        self.test_size = test_size
        self.patience = patience
        self.tol = tol
        self.random_state = random_state
        self.scoring = scoring
        self.verbose = verbose
        self.prefix = prefix

    def _strategies(self) -> list[tuple[int, Callable[[list[int]], Strategy]]]:
        if self.n_initial_iter is None:
            raise ValueError("n_initial_iter must be specified: the calls of partial_fit before models are compared first")
        _check_aggressiveness(self.aggressiveness)
        first = int(self.n_initial_iter)
        return [(int(self.n_initial_parameters), lambda models: halving(models, first, self.aggressiveness, self.max_iter))]


class HyperbandSearchCV(BaseIncrementalSearchCV):
    __doc__ = f"""Successive halvings side by side: from many models that are compared early to few that are compared late.

    Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization" (2018). ``max_iter`` alone says how much is
    done; batches of ``rows / max_iter`` rows let the best model see every row once.

    Parameters
    ----------
    estimator, parameters
        See `IncrementalSearchCV`.
    max_iter : int
        Calls of ``partial_fit`` that the best models get.
    aggressiveness : float
        One of so many models goes on, with so many times the calls.
    {_SHARED}
    metadata_ : dict
        Models and calls that were made, of each bracket and together; ``metadata`` says before how many there will be.

    Examples
    --------
    >>> from sklearn.linear_model import SGDClassifier
    >>> from plait.ml.model_selection import HyperbandSearchCV
    >>> HyperbandSearchCV(SGDClassifier(), {{"alpha": [1e-4, 1e-3]}}, max_iter=9).metadata["n_models"]
    17
    """

    def __init__(
        self,
        estimator: Any,
        parameters: Any,
        max_iter: int = 81,
        aggressiveness: float = 3,
        patience: Any = False,
        tol: float = 0.001,
        test_size: Any = None,
        random_state: Any = None,
        scoring: Any = None,
        verbose: Any = False,
        prefix: str = "",
    ):
        self.estimator = estimator
        self.parameters = parameters
        self.max_iter = max_iter
        self.aggressiveness = aggressiveness
        self.patience = patience
        self.tol = tol
        self.test_size = test_size
        self.random_state = random_state
        self.scoring = scoring
        self.verbose = verbose
        self.prefix = prefix

    def _brackets(self) -> list[tuple[int, int, int]]:
        """Number, models and first calls of each bracket, from the one that compares earliest."""
        _check_aggressiveness(self.aggressiveness)
        eta, most = self.aggressiveness, int(self.max_iter)
        highest = 0
        while eta ** (highest + 1) <= most:
            highest += 1
        return [(s, math.ceil((highest + 1) / (s + 1) * eta**s), max(1, int(most * eta**-s))) for s in range(highest, -1, -1)]

    def _strategies(self) -> list[tuple[int, Callable[[list[int]], Strategy]]]:
        def of(first: int) -> Callable[[list[int]], Strategy]:
            return lambda models: halving(models, first, self.aggressiveness, int(self.max_iter))

        return [(count, of(first)) for _, count, first in self._brackets()]

    def _drawn(self, count: int, random: np.random.RandomState) -> list[dict]:
        # Each bracket draws anew: a small set of parameters may come up in several.
        return [params for _, models, _ in self._brackets() for params in super(HyperbandSearchCV, self)._drawn(models, random)]

    def _name(self, number: int, model: Model) -> Any:
        return f"bracket={self._brackets()[model.bracket][0]}-{number}"

    @property
    def metadata(self) -> dict[str, Any]:
        """How many models and calls of ``partial_fit`` there will be, without ``patience``."""
        brackets = []
        for s, count, first in self._brackets():
            plan = halving(list(range(count)), first, self.aggressiveness, int(self.max_iter))
            calls: dict[int, int] = {}
            wanted: dict[int, int] | None = next(plan)
            while wanted is not None:
                calls |= wanted
                try:
                    wanted = plan.send(dict.fromkeys(wanted, 0.0))
                except StopIteration:
                    wanted = None
            brackets.append({"bracket": s, "n_models": count, "partial_fit_calls": sum(calls.values())})
        return _summed(brackets)

    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> HyperbandSearchCV:
        """Train and compare the models; see `IncrementalSearchCV`."""
        super().fit(X, y, **fit_params)
        names = [s for s, _, _ in self._brackets()]
        self.metadata_ = _summed(
            [
                {
                    "bracket": name,
                    "n_models": int((self.cv_results_["bracket"] == number).sum()),
                    "partial_fit_calls": int(self.cv_results_["partial_fit_calls"][self.cv_results_["bracket"] == number].sum()),
                }
                for number, name in enumerate(names)
            ]
        )
        self.cv_results_["bracket"] = np.array([names[number] for number in self.cv_results_["bracket"]])
        return self


def _summed(brackets: list[dict]) -> dict[str, Any]:
    totals = {name: sum(each[name] for each in brackets) for name in ("n_models", "partial_fit_calls")}
    return {**totals, "brackets": brackets}


def _check_aggressiveness(value: Any) -> None:
    if not value > 1:
        raise ValueError(f"aggressiveness={value!r}: expected a number above 1; one of so many models goes on")
