"""Rows for training and for testing."""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np
import sklearn.model_selection
from sklearn.utils import check_random_state

from ... import _plait
from ...array import Array, arange, asarray
from ...array._encoded import EncodedArray
from ...array._value_blocks import ValueArray
from ...array.random import RandomState
from ...dataframe._collection import FrameBase
from .._inputs import is_lazy
from .._labels import Labels

_DEFAULT_TEST = 0.1


def seed_of(random_state: Any) -> int:
    """A whole number that stands for a random state: one for each call of a generator, or of None."""
    if isinstance(random_state, numbers.Integral):
        return int(random_state)
    if isinstance(random_state, RandomState):
        return int(random_state.randint(0, 2**31 - 1, size=1).compute()[0])
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(0, 2**31 - 1))
    return int(check_random_state(random_state).randint(0, 2**31 - 1))


def sizes(rows: int, test_size: Any, train_size: Any) -> tuple[int, int]:
    """How many rows are for training and for testing.

    Raises
    ------
    ValueError
        If a size is out of bounds, or nothing is left for training.
    """
    if test_size is None and train_size is None:
        test_size = _DEFAULT_TEST
    found = {}
    for name, size, rounded in (("test_size", test_size, math.ceil), ("train_size", train_size, math.floor)):
        if size is None:
            continue
        number = float(size) if isinstance(size, numbers.Real) else math.nan
        is_share = not isinstance(size, numbers.Integral)
        if not (0 < number < 1 if is_share else 0 < number <= rows):
            raise ValueError(f"{name}={size!r} should be a share between 0 and 1, or a number of rows between 1 and {rows}")
        found[name] = int(rounded(number * rows)) if is_share else int(number)
    test = found.get("test_size", rows - found.get("train_size", 0))
    train = found.get("train_size", rows - test)
    if test + train > rows:
        raise ValueError(f"train_size and test_size ask for {train} and {test} rows, more than the {rows} that there are")
    if train == 0:
        raise ValueError(f"With {rows} rows, test_size={test_size!r} and train_size={train_size!r}, nothing is left for training")
    return train, test


def train_test_split(
    *arrays: Any,
    test_size: Any = None,
    train_size: Any = None,
    random_state: Any = None,
    shuffle: Any = None,
    blockwise: bool = True,
    convert_mixed_types: bool = False,
    stratify: Any = None,
) -> list:
    """Split rows at random, the same rows of everything that is given.

    Which rows are for testing depends on ``random_state`` and on their positions alone: not on chunks, nor on where it runs.

    Parameters
    ----------
    *arrays : array_like, Array, DataFrame or Series
        With as many rows. Of frames, whose numbers of rows are not known, each row is chosen by itself: sizes are about right;
        with ``stratify`` or without ``shuffle`` their partitions are counted first, and sizes are exact.
    test_size, train_size : float or int, optional
        A share or a number of rows. Default is a tenth for testing, the rest for training.
    random_state : int, RandomState, Generator or None
    shuffle : bool
        Whether to choose at random; else the last rows are for testing.
    blockwise : bool
        Whether each part keeps its rows where they are, in their order. Else they are shuffled among all blocks.
    convert_mixed_types : bool
        Whether frames may stand beside arrays; they become arrays.
    stratify : array_like, optional
        Labels: both parts have the same share of each.

    Returns
    -------
    list
        Of each argument the rows for training and those for testing.

    Raises
    ------
    ValueError
        If lengths differ, or sizes are out of bounds.
    TypeError
        If arrays and frames are mixed.

    Examples
    --------
    >>> from plait.ml.model_selection import train_test_split
    >>> train, test = train_test_split(da.arange(10, chunks=4), test_size=0.2, random_state=0)
    >>> train.shape, test.shape
    ((8,), (2,))
    """
    if not arrays:
        raise ValueError("At least one array required as input")
    shuffle = True if shuffle is None else shuffle
    if not any(is_lazy(each) for each in arrays):
        size = _DEFAULT_TEST if test_size is None and train_size is None else test_size
        return sklearn.model_selection.train_test_split(*arrays, test_size=size, train_size=train_size, random_state=random_state, shuffle=shuffle, stratify=stratify)
    if any(isinstance(each, FrameBase) for each in arrays):
        if all(isinstance(each, FrameBase) for each in arrays):
            return _split_frames(arrays, test_size, train_size, random_state, shuffle, stratify)
        if not convert_mixed_types:
            kinds = ", ".join(type(each).__name__ for each in arrays)
            raise TypeError(f"Got mixed types of DataFrames and Arrays ({kinds}); convert_mixed_types=True makes arrays of the frames")
    return _split_arrays([_counted(each) for each in arrays], test_size, train_size, random_state, shuffle, blockwise, stratify)


def _counted(x: Any) -> Array:
    if isinstance(x, FrameBase):
        return x.to_dask_array(lengths=True)
    x = asarray(x)
    return x.compute_chunk_sizes() if x.shape[0] != x.shape[0] else x


def _split_arrays(arrays: list[Array], test_size: Any, train_size: Any, random_state: Any, shuffle: bool, blockwise: bool, stratify: Any) -> list:
    rows = arrays[0].shape[0]
    for each in arrays[1:]:
        if each.shape[0] != rows:
            raise ValueError(f"Found input variables with inconsistent numbers of samples: {[one.shape[0] for one in arrays]}")
    train, test = sizes(rows, test_size, train_size)
    if stratify is not None or not (shuffle and blockwise):
        return _split_by_positions(arrays, train, test, random_state, shuffle, stratify)
    seed = seed_of(random_state)
    # Objects and sparse rows, which the engine has no elements of, are picked by their positions.
    rows_of_engine = [arange(rows) if isinstance(each, ValueArray) else each.codes if isinstance(each, EncodedArray) else each for each in arrays]
    parts = iter(_plait.ml.split_rows([each._array for each in rows_of_engine], seed, test, train))
    split = []
    for each in arrays:
        for part in (Array(next(parts)), Array(next(parts))):
            split.append(_with_names(_as_given(part, each), each))
    return split


def _as_given(part: Array, of: Array) -> Array:
    if isinstance(of, ValueArray):
        return of[part.compute()]
    return EncodedArray(part, of.dtype) if isinstance(of, EncodedArray) else part


def _with_names(made: Array, of: Array) -> Array:
    if of.column_names is not None:
        made._column_names = of.column_names
    return made


def _split_by_positions(arrays: list[Array], train: int, test: int, random_state: Any, shuffle: bool, stratify: Any) -> list:
    if not shuffle and stratify is None:
        return [part for each in arrays for part in (each[:train], each[train : train + test])]
    if stratify is None:
        order = np.random.default_rng(seed_of(random_state)).permutation(len(arrays[0]))
        return [each[part] for each in arrays for part in (order[test : test + train], order[:test])]
    chosen = _positions(len(arrays[0]), train, test, random_state, shuffle, stratify)
    return [each[part] for each in arrays for part in chosen]


def _positions(rows: int, train: int, test: int, random_state: Any, shuffle: bool, stratify: Any) -> list[np.ndarray]:
    """Which rows are for training and which for testing, each in their order: the last ones, or the same share of every label."""
    if not shuffle:
        if stratify is not None:
            raise ValueError("Stratified train/test split is not implemented for shuffle=False")
        return [np.arange(train), np.arange(train, train + test)]
    labels = np.asarray(Labels(stratify, "stratify").values)
    if len(labels) != rows:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: [{rows}, {len(labels)}] (rows, stratify)")
    splitter = sklearn.model_selection.StratifiedShuffleSplit(n_splits=1, test_size=test, train_size=train, random_state=seed_of(random_state))
    return [np.sort(part) for part in next(splitter.split(np.zeros(len(labels)), labels))]


def _split_frames(frames: tuple, test_size: Any, train_size: Any, random_state: Any, shuffle: bool, stratify: Any) -> list:
    counts = {each.npartitions for each in frames}
    if len(counts) > 1:
        raise ValueError(f"Found frames with different numbers of partitions, whose rows cannot be told to belong together: {sorted(counts)}")
    if stratify is not None or not shuffle:
        return _split_counted_frames(frames, test_size, train_size, random_state, shuffle, stratify)
    for name, size in (("test_size", test_size), ("train_size", train_size)):
        if size is not None and not (isinstance(size, numbers.Real) and 0 < float(size) < 1):
            raise ValueError(f"{name}={size!r} should be a share between 0 and 1: the number of rows of a frame is not known")
    test = test_size if test_size is not None else _DEFAULT_TEST if train_size is None else 1 - train_size
    train = train_size if train_size is not None else 1 - test
    if test + train > 1 + 1e-12:
        raise ValueError(f"train_size={train_size!r} and test_size={test_size!r} should not add up to more than 1")
    seed = seed_of(random_state)
    bounds = ((test, test + train), (0.0, test))
    return [each.map_partitions(_drawn, seed, *bound, meta=each._meta) for each in frames for bound in bounds]


def _split_counted_frames(frames: tuple, test_size: Any, train_size: Any, random_state: Any, shuffle: bool, stratify: Any) -> list:
    """By the positions of rows, for which the partitions are counted once: sizes are exact."""
    lengths = frames[0].map_partitions(len).compute()
    bounds = np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))])
    chosen = _positions(int(bounds[-1]), *sizes(int(bounds[-1]), test_size, train_size), random_state, shuffle, stratify)
    parts = []
    for each in frames:
        for rows in chosen:
            cuts = np.searchsorted(rows, bounds)
            places = [rows[low:high] - start for low, high, start in zip(cuts, cuts[1:], bounds)]
            parts.append(each.map_partitions(_picked, places, meta=each._meta))
    return parts


def _picked(part: Any, places: list, partition_info: Any = None) -> Any:
    return part.iloc[places[0 if partition_info is None else partition_info["number"]]]


def _drawn(part: Any, seed: int, low: float, high: float, partition_info: Any = None) -> Any:
    number = 0 if partition_info is None else partition_info["number"]
    draws = np.random.default_rng([seed, number]).random(len(part))
    return part[(draws >= low) & (draws < high)]
