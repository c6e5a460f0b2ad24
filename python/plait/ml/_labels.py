"""Labels of classes: which there are, and the number of each among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_y, column_or_1d

from ..array import Array, asarray, searchsorted, unique
from ..array._encoded import EncodedArray, by_numpy
from ..array._objects import ObjectArray
from ..base import compute
from ..dataframe import DataFrame, Series
from ..delayed import delayed
from ._inputs import in_blocks, in_memory, is_lazy, like_rows


class Labels:
    """Labels as they were given, lazy or in memory, of one axis.

    Parameters
    ----------
    y : array_like, Array or Series
    name : str
        What errors call it.
    """

    def __init__(self, y: Any, name: str = "y", warn: bool = False, is_checked: bool = True):
        if y is None:
            raise ValueError(f"This estimator requires {name} to be passed, but the target {name} is None")
        y = in_memory(y)
        if isinstance(y, DataFrame):
            if len(y.columns) != 1:
                raise ValueError(f"{name} should be a 1d array, got a frame of {len(y.columns)} columns instead.")
            y = y[y.columns[0]]
        if isinstance(y, Array) and y.ndim == 2 and y.shape[1] == 1:
            y = y[:, 0]
        if isinstance(y, Array) and y.ndim != 1:
            raise ValueError(f"{name} should be a 1d array, got an array of shape {y.shape} instead.")
        if not is_lazy(y) and is_checked:
            y = _check_y(column_or_1d(y, warn=warn), estimator=None) if not _is_text(y) else column_or_1d(y, warn=warn)
        self.values, self.name = y, name

    @property
    def is_text(self) -> bool:
        """Whether the engine has no native array of them."""
        if isinstance(self.values, Series):
            return not pd.api.types.is_numeric_dtype(self.values.dtype)
        return isinstance(self.values, EncodedArray) or self.values.dtype.kind not in "biuf"

    def lazy_classes(self) -> Any:
        """What `classes_of` computes."""
        values = self.values
        if isinstance(values, Series):
            return values.drop_duplicates()
        if isinstance(values, (EncodedArray, ObjectArray)):
            return delayed(_together)([delayed(_different)(block) for block in values.to_delayed().ravel()])
        return unique(values) if isinstance(values, Array) else values

    def codes(self, classes: np.ndarray, is_known: bool = False) -> Array:
        """The position of each label among sorted ``classes``. A label that is none of them is an error, at the latest of the run.

        ``is_known``: all labels are among them, which need not be looked at again.
        """
        values = self.values
        if isinstance(values, Series) and self.is_text:
            coded = values.astype(pd.CategoricalDtype(list(classes))).cat.codes
            coded = coded if is_known else checked_codes(coded, values, self.name)
            return coded.astype("int64").to_dask_array()
        if isinstance(values, Series):
            values = values.to_dask_array()
        if not is_lazy(values):
            return in_blocks(_positions(np.asarray(values), classes, self.name))
        if isinstance(values, EncodedArray):
            return by_numpy(_Positions(np.asarray(classes, dtype=str), self.name), [values], np.dtype(np.int64))
        if isinstance(values, ObjectArray):
            return values.map_blocks(_Positions(classes, self.name), dtype=np.int64)
        if is_known and np.array_equal(classes, np.arange(len(classes))):
            return values.astype(np.int64)
        if is_known:
            return searchsorted(asarray(classes), values)
        return values.map_blocks(_Positions(classes, self.name), dtype=np.int64)

    def codes_like(self, rows: Array, classes: np.ndarray) -> Array:
        """The position of each label among the classes that were found of it, cut as ``rows``."""
        return like_rows(self.codes(classes, is_known=True), rows, self.name)


def _different(values: np.ndarray) -> np.ndarray:
    """Each value once; objects need not have an order."""
    return pd.unique(values) if values.dtype == object else np.unique(values)


def _together(parts: list[np.ndarray]) -> np.ndarray:
    return _different(np.concatenate(parts))


def checked_codes(codes: Series, labels: Series, name: str = "y") -> Series:
    """Codes of which none may be missing: a label that has none is an error of the run."""
    return codes.map_partitions(_none_missing, labels, name, meta=codes._meta)


def _none_missing(codes: pd.Series, labels: pd.Series, name: str) -> pd.Series:
    unseen = labels[(codes < 0).to_numpy()].unique()
    if len(unseen):
        raise ValueError(f"{name} contains previously unseen labels: {list(unseen[:10])}")
    return codes


def _is_text(y: Any) -> bool:
    return np.asarray(y).dtype.kind in "OUS"


def _positions(values: np.ndarray, classes: np.ndarray, name: str) -> np.ndarray:
    places = np.searchsorted(classes, values)
    found = classes[np.minimum(places, len(classes) - 1)] == values
    if not np.all(found):
        unseen = np.unique(values[~found])
        raise ValueError(f"{name} contains previously unseen labels: {unseen[:10].tolist()}")
    return places


def classes_of(*labels: Labels) -> np.ndarray:
    """All labels that are there, in order. Runs once for all that are lazy."""
    found = compute(*(each.lazy_classes() for each in labels))
    arrays = [np.asarray(each) for each in found]
    arrays = [each[~pd.isna(each)] if each.dtype.kind == "O" and isinstance(of.values, Series) else each for each, of in zip(arrays, labels)]
    for each, of in zip(arrays, labels):
        if isinstance(of.values, ObjectArray) and pd.isna(each).any():
            raise ValueError(f"Input {of.name} contains NaN: every row needs a label")
    kinds = {"text" if each.dtype.kind in "OUS" else "number" for each in arrays if each.size}
    if len(kinds) > 1:
        raise ValueError(f"Labels of different kinds: {' and '.join(sorted(kinds))}; found {[each[:3].tolist() for each in arrays]}")
    return np.unique(np.concatenate(arrays)) if len(arrays) > 1 else np.unique(arrays[0])


def named(codes: Any, classes: np.ndarray) -> Any:
    """The labels of codes: lazy ones of a lazy array, where texts are of NumPy's own type."""
    if not isinstance(codes, Array):
        return classes[codes]
    if classes.dtype.kind in "biuf":
        return asarray(classes)[codes]
    texts = classes.astype(str)
    return by_numpy(_Names(texts), [codes], texts.dtype)


class _Positions:
    """`_positions` of blocks."""

    __name__ = "label_codes"

    def __init__(self, classes: np.ndarray, name: str):
        self.classes, self.name = classes, name

    def __call__(self, values: np.ndarray) -> np.ndarray:
        return _positions(values, self.classes, self.name)


class _Names:
    """The labels of blocks of codes."""

    __name__ = "labels"

    def __init__(self, classes: np.ndarray):
        self.classes = classes

    def __call__(self, codes: np.ndarray) -> np.ndarray:
        return self.classes[codes]


def class_labels(estimator: Any, y: Any, least: int = 2) -> tuple[Labels, np.ndarray]:
    """The labels that a classifier is to learn, and its classes.

    Raises
    ------
    ValueError
        If there are fewer than ``least`` classes, labels are missing, or they are real numbers.
    """
    labels = Labels(y, warn=True)
    if not is_lazy(labels.values):
        check_classification_targets(labels.values)
    if isinstance(labels.values, Series) and labels.is_text and bool(labels.values.isna().any().compute()):
        raise ValueError("Input y contains NaN: every row needs a label; leave rows without one out, for example with dropna")
    classes = classes_of(labels)
    if classes.dtype.kind == "f" and not np.isfinite(classes).all():
        raise ValueError("Input y contains NaN or infinity; every row needs a label")
    if is_lazy(labels.values):
        check_classification_targets(classes)
    if len(classes) < least:
        raise ValueError(
            f"This solver needs samples of at least 2 classes in the data, but the data contains only one class: {classes[0]!r}" if len(classes) else "y is empty"
        )
    return labels, classes
