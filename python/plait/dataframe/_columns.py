"""The columns of a frame: labels, selection, assignment, types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._missing_names import missing
from . import _labels
from ._beside_arrays import column_beside, is_array
from ._collection import FrameBase, wrap
from ._dtypes import dtype_name, meta_as
from ._from_pandas import from_pandas
from ._indexers import ILoc, sliced
from ._literals import is_scalar
from ._pandas_calls import Method, answered, getitem, method_on_partitions, no_form, on_partitions, on_whole

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


def _is_own(name: str) -> bool:
    """Whether it is Python's or the frame's own, and no column: columns such as ``_merge`` are attributes, too."""
    return name.startswith("__") or name in FrameBase.__slots__


class ColumnsMixin(FrameBase):
    """Columns by label."""

    __slots__ = ()

    @property
    def _names(self) -> list[str]:
        index = self._schema.schema[2][0]
        return [name for name, *_ in self._schema.schema[1] if name not in index]

    @property
    def columns(self) -> pd.Index:
        """The labels of the columns."""
        return self._meta.columns

    @columns.setter
    def columns(self, columns: Any) -> None:
        names = [_labels.encode(label) for label in columns]
        if len(names) != len(self._names):
            raise ValueError(f"Length mismatch: Expected axis has {len(self._names)} elements, new values have {len(names)} elements")
        self._become(answered(self._ask("set_columns", names), on_partitions, _renamed, self._snapshot(), list(columns), label="set_names"))

    @property
    def dtypes(self) -> pd.Series:
        """The types of the columns."""
        return self._latest_meta.dtypes

    @property
    def _dtypes(self) -> list:
        return list(self._meta.dtypes)

    @property
    def _width(self) -> int:
        return len(self._names)

    @property
    def shape(self) -> tuple:
        """The number of rows, lazily, and of columns."""
        return answered(self._ask("length"), on_whole, len, self, label="len"), len(self._names)

    @property
    def empty(self) -> bool:
        """Whether there are no rows; computes their number."""
        return len(self) == 0

    def keys(self) -> pd.Index:
        """The labels of the columns."""
        return self.columns

    def __contains__(self, label: Any) -> bool:
        return label in self.columns

    def __iter__(self) -> Any:
        return iter(self.columns)

    def items(self) -> Any:
        """Pairs of label and column."""
        return ((label, self[label]) for label in self.columns)

    def _has_label(self, label: str) -> bool:
        names = self._names
        return label in self.columns if _labels.are_nested(names) else label in names

    def _name_of(self, label: Any) -> str:
        """The engine's name of a column. Raises KeyError with near names."""
        try:
            name = _labels.encode(label)
        except TypeError:
            raise KeyError(label) from None
        self._engine.require_columns([name])
        return name

    def __getitem__(self, key: Any) -> Any:
        if callable(key) and not isinstance(key, FrameBase):
            key = key(self)
        if isinstance(key, FrameBase):
            if key.ndim == 2:
                return self.where(key)
            return answered(self._ask("filter", key), on_partitions, getitem, self, key, label="getitem")
        if not isinstance(key, str) and isinstance(key, (list, np.ndarray, pd.Index)):
            names = [self._name_of(label) for label in key]
            return answered(self._ask("select", names), on_partitions, getitem, self, list(key), label="getitem")
        if isinstance(key, slice):
            return sliced(self, key)
        if not isinstance(key, tuple) and _labels.are_nested(self._names) and self.columns.nlevels > 1:
            return self._group_of_columns(key)
        return answered(self._ask("column", self._name_of(key)), on_partitions, getitem, self, key, label="getitem")

    def _group_of_columns(self, key: Any) -> Any:
        inner = [label for label in self.columns if label[0] == key]
        if not inner:
            self._name_of(key)
        group = self._ask("select", [_labels.encode(label) for label in inner])
        rest = [label[1] if len(label) == 2 else label[1:] for label in inner]
        if len(inner) == 1 and all(part == "" for part in inner[0][1:]):
            return self[inner[0]].rename(key)
        return group._ask("set_columns", [_labels.encode(label) for label in rest])

    def __getattr__(self, name: str) -> Any:
        if _is_own(name) or not self._has_label(name):
            raise missing("DataFrame", name, self)
        return self[name]

    def _attribute_names(self) -> list[str]:
        """The labels that can be written as attributes."""
        return [label for label in self.columns if isinstance(label, str) and label.isidentifier()]

    def __setattr__(self, name: str, value: Any) -> None:
        known = _is_own(name) or isinstance(getattr(type(self), name, None), property)
        if known or not self._has_label(name):
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, FrameBase):
            frame = self._snapshot().mask(key, value)
        elif isinstance(key, (list, tuple)) and isinstance(value, ColumnsMixin):
            frame = self._snapshot()
            for label, column in zip(key, value.columns, strict=True):
                frame = frame.assign(**{label: value[column]})
        else:
            frame = self._snapshot()._assign(key, value)
        self._become(frame)

    def __delitem__(self, key: Any) -> None:
        self._become(self._snapshot().drop(columns=[key]))

    def _snapshot(self) -> Any:
        return wrap(self._engine)

    def _assign(self, key: Any, value: Any) -> Any:
        if callable(value) and not isinstance(value, FrameBase):
            value = value(self)
        if is_array(value):
            column = column_beside(value, self)
            if not self.known_divisions:
                return on_partitions(_assigned, self, key, column, label="assign", aligns=False)
            value = column
        if isinstance(value, pd.Series):
            value = from_pandas(value, npartitions=1)
        if not (isinstance(value, FrameBase) or is_scalar(value)):
            raise TypeError(f"Column assignment doesn't support type {type(value).__name__}; expected a lazy series or a constant")
        # None and NA make a column of objects, NaT one of dates: none is a missing number.
        is_missing = value is None or value is pd.NA or value is pd.NaT
        answer = no_form(f"assign: a column of {value!r}") if is_missing else self._ask("assign", _labels.encode(key), value)
        return answered(answer, on_partitions, _assigned, self, key, value, label="assign")

    def assign(self, **pairs: Any) -> DataFrame:
        """New or replaced columns.

        Examples
        --------
        >>> df.assign(y=df.x * 2).y.compute().tolist()
        [2, 4, 6, 8]
        """
        frame: Any = self
        for key, value in pairs.items():
            frame = frame._assign(key, value)
        return frame

    def insert(self, loc: int, column: Any, value: Any, allow_duplicates: bool = False) -> None:
        """A new column at a position."""
        labels = list(self.columns)
        frame = self._snapshot()._assign(column, value)
        self._become(frame[[*labels[:loc], column, *labels[loc:]]])

    def pop(self, item: Any) -> Series:
        """A column, which is dropped."""
        series = self._snapshot()[item]
        del self[item]
        return series

    def drop(self, labels: Any = None, axis: Any = 0, columns: Any = None, errors: str = "raise") -> DataFrame:
        """Without some columns.

        Examples
        --------
        >>> df.drop(columns=['k']).columns.tolist()
        ['x']
        """
        if columns is None and axis in (1, "columns"):
            columns = labels
        if columns is None:
            raise NotImplementedError("Drop currently only works for axis=1 or when columns is not None")
        dropped = list(columns) if pd.api.types.is_list_like(columns) and not isinstance(columns, tuple) else [columns]
        if errors == "raise":
            for label in dropped:
                self._name_of(label)
        return self[[label for label in self.columns if label not in dropped]]

    def rename(self, index: Any = None, columns: Any = None) -> DataFrame:
        """Columns under other names."""
        if index is None and columns is None:
            raise TypeError("rename: expected index= or columns=, found neither")
        if index is not None:
            return method_on_partitions("rename", self, index=index, columns=columns, keeps_divisions=False)
        renamed = {c: columns(c) if callable(columns) else columns.get(c, c) for c in self.columns}
        pairs = {_labels.encode(old): _labels.encode(new) for old, new in renamed.items() if old != new}
        return answered(self._ask("rename", pairs), method_on_partitions, "rename", self, columns=columns)

    def add_prefix(self, prefix: str, axis: Any = None) -> DataFrame:
        """All labels of columns, or with ``axis=0`` of rows, behind a prefix.

        Examples
        --------
        >>> df.add_prefix('my_').columns.tolist()
        ['my_x', 'my_k']
        """
        if axis in (0, "index"):
            return method_on_partitions("add_prefix", self, prefix, axis=0, keeps_divisions=False)
        return self.rename(columns=lambda c: f"{prefix}{c}")

    def add_suffix(self, suffix: str, axis: Any = None) -> DataFrame:
        """All labels of columns, or with ``axis=0`` of rows, before a suffix."""
        if axis in (0, "index"):
            return method_on_partitions("add_suffix", self, suffix, axis=0, keeps_divisions=False)
        return self.rename(columns=lambda c: f"{c}{suffix}")

    def select_dtypes(self, include: Any = None, exclude: Any = None) -> DataFrame:
        """Columns of some types.

        Examples
        --------
        >>> df.select_dtypes('number').columns.tolist()
        ['x']
        """
        return self[list(self._meta.select_dtypes(include=include, exclude=exclude).columns)]

    def astype(self, dtypes: Any) -> DataFrame:
        """Columns in other types."""
        targets = dtypes if isinstance(dtypes, dict) else {None: dtypes}
        names = {label: dtype_name(dtype) for label, dtype in targets.items()}
        if isinstance(dtypes, dict):
            columns = {self._name_of(label): name for label, name in names.items()}
        if None in names.values():
            answer = no_form("astype: objects, or categories that are given")
        elif isinstance(dtypes, dict):
            answer = self._ask("astype_columns", columns)
        else:
            answer = self._ask("astype", names[None])
        return answered(answer, on_partitions, Method("astype"), self, dtypes, label="astype", meta=meta_as(self._meta, dtypes))

    @property
    def iloc(self) -> ILoc:
        """Columns by position: ``df.iloc[:, 0:2]``."""
        return ILoc(self)


def _renamed(frame: pd.DataFrame, columns: list) -> pd.DataFrame:
    return frame.set_axis(columns, axis=1)


def _assigned(frame: pd.DataFrame, key: Any, value: Any) -> pd.DataFrame:
    # pandas gives a frame without rows those of the series.
    value = value.reindex(frame.index) if not len(frame) and isinstance(value, pd.Series) else value
    frame = frame.copy(deep=False)
    frame[key] = value
    return frame
