"""Ways to part rows into folds: scikit-learn's, which take lazy rows, too. A split is the same however rows are cut into blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn import model_selection as sklearn_selection
from sklearn.base import is_classifier

from ...array import Array
from .._inputs import find_lengths, is_lazy


def counted(x: Any) -> Any:
    """Lazy rows whose number is known: it is found by computing them where it is not. Frames become arrays."""
    if not is_lazy(x):
        return x
    if not isinstance(x, Array):
        return x.to_dask_array(lengths=True)
    if np.isnan(x.shape[0]):
        x = Array(x._array)
        find_lengths(x)
    return x


class _OfLazyRows:
    """What the splitters add: they need the number of lazy rows, and the labels."""

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Positions of the rows of each split.

        Parameters
        ----------
        X : array-like, lazy or not
            The rows.
        y, groups : array-like, optional
            Labels and groups of the rows; lazy ones are computed.

        Yields
        ------
        train, test : ndarray of int
        """
        if is_lazy(X):
            X = np.empty((int(counted(X).shape[0]), 0))
        y, groups = (each.compute() if is_lazy(each) else each for each in (y, groups))
        return super().split(X, y, groups)  # type: ignore[misc]


class KFold(_OfLazyRows, sklearn_selection.KFold):
    """K folds of neighbouring (or shuffled) rows, each of which is the test rows once.

    Parameters
    ----------
    n_splits : int
        Number of folds, at least 2.
    shuffle : bool
        Whether to shuffle all rows first.
    random_state : int, RandomState or None
        Seed of the shuffle.

    Examples
    --------
    >>> from plait.ml.model_selection import KFold
    >>> [test.tolist() for _, test in KFold(2).split(da.arange(4, chunks=3))]
    [[0, 1], [2, 3]]
    """

    def __init__(self, n_splits: int = 5, *, shuffle: bool = False, random_state: Any = None):
        super().__init__(n_splits, shuffle=shuffle, random_state=random_state)


class StratifiedKFold(_OfLazyRows, sklearn_selection.StratifiedKFold):
    """K folds with the same shares of every class. Parameters are those of `KFold`."""

    def __init__(self, n_splits: int = 5, *, shuffle: bool = False, random_state: Any = None):
        super().__init__(n_splits, shuffle=shuffle, random_state=random_state)


class ShuffleSplit(_OfLazyRows, sklearn_selection.ShuffleSplit):
    """Test rows drawn anew for every split.

    Parameters
    ----------
    n_splits : int
        Number of splits.
    test_size, train_size : float or int, optional
        Share or number of rows; test_size is 0.1 by default.
    blockwise : bool
        Taken for Dask's sake: rows are always drawn among all rows.
    random_state : int, RandomState or None
        Seed.
    """

    def __init__(self, n_splits: int = 10, test_size: Any = None, train_size: Any = None, blockwise: bool = True, random_state: Any = None):
        super().__init__(n_splits, test_size=test_size, train_size=train_size, random_state=random_state)
        self.blockwise = blockwise


def check_cv(cv: Any = 3, y: Any = None, classifier: bool = False) -> Any:
    """A splitter: of a number of folds (stratified for a classifier's labels), a splitter, or pairs of positions.

    Parameters
    ----------
    cv : int, splitter, iterable or None
        None means 3.
    y : array-like, optional
        Targets.
    classifier : bool
        Whether the folds are for a classifier.
    """
    y = y.compute() if is_lazy(y) else y
    return sklearn_selection.check_cv(3 if cv is None else cv, y, classifier=classifier)


def compute_n_splits(cv: Any, X: Any, y: Any = None, groups: Any = None) -> int:
    """The number of splits that ``cv`` gives of these rows."""
    y, groups = (each.compute() if is_lazy(each) else each for each in (y, groups))
    return check_cv(cv, y).get_n_splits(counted(X), y, groups)


def splits_of(cv: Any, estimator: Any, X: Any, y: Any, groups: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Every split of the rows, for an estimator: what ``cv=`` means to it."""
    rows = np.empty((int(X.shape[0]), 0)) if is_lazy(X) else X
    y, groups = (each.compute() if is_lazy(each) else each for each in (y, groups))
    return list(check_cv(cv, y, classifier=is_classifier(estimator)).split(rows, y, groups))
