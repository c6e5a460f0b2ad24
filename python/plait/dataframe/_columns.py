"""The columns of a frame: labels, selection, assignment, types."""

from __future__ import annotations

import difflib
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _labels
from ._collection import FrameBase, build, wrap
from ._indexers import ILoc, sliced
from ._literals import NotNative, is_scalar, literal
from ._not_there import missing_attribute
from ._pandas_calls import method_on_partitions, native_or_pandas, on_partitions
from ._row_order import check_same_partitions
from ._type_rules import has_native_astype
from .series import _dtype_name, _getitem


class ColumnsMixin:
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
        self._become(build("frame_set_names", self._snapshot(), names))

    @property
    def dtypes(self) -> pd.Series:
        """The types of the columns."""
        return self._latest()._meta.dtypes

    @property
    def _dtypes(self) -> list:
        return list(self._meta.dtypes)

    @property
    def _width(self) -> int:
        return len(self._names)

    @property
    def shape(self) -> tuple:
        """The number of rows, lazily, and of columns."""
        return build("frame_length", self), len(self._names)

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
        if name not in self._names:
            import difflib

            near = difflib.get_close_matches(str(label), [str(c) for c in self.columns], n=3)
            hint = f"; did you mean {' or '.join(repr(n) for n in near)}?" if near else f"; the columns are {list(self.columns)}"
            raise KeyError(f"there is no column {label!r}{hint}")
        return name

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, FrameBase):
            if key.ndim == 2:
                return self.where(key)
            check_same_partitions("getitem", self, key)
            return native_or_pandas(
                lambda: build("frame_filter", self, key), lambda: on_partitions(_getitem, self, key, label="getitem"), self, key
            )
        if not isinstance(key, str) and isinstance(key, (list, np.ndarray, pd.Index)):
            names = [self._name_of(label) for label in key]
            if not self._is_native:
                return on_partitions(_getitem, self, list(key), label="getitem")
            return build("frame_select", self, names)
        if isinstance(key, slice):
            return sliced(self, key)
        if not isinstance(key, tuple) and _labels.are_nested(self._names):
            return self._group_of_columns(key)
        name = self._name_of(key)
        if not self._is_native:
            return on_partitions(_getitem, self, key, label="getitem")
        return build("frame_column", self, name)

    def _group_of_columns(self, key: Any) -> Any:
        inner = [label for label in self.columns if label[0] == key]
        if not inner:
            self._name_of(key)
        group = build("frame_select", self, [_labels.encode(label) for label in inner])
        rest = [label[1] if len(label) == 2 else label[1:] for label in inner]
        return build("frame_set_names", group, [_labels.encode(label) for label in rest])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not self._has_label(name):
            near = difflib.get_close_matches(name, [str(label) for label in self.columns]) if not name.startswith("_") else []
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise missing_attribute("DataFrame", name, hint)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        known = name.startswith("_") or isinstance(getattr(type(self), name, None), property)
        if known or not self._has_label(name):
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, (list, tuple)) and isinstance(value, ColumnsMixin):
            frame = self._snapshot()
            for label, column in zip(key, value.columns, strict=True):
                frame = frame.assign(**{label: value[column]})
        else:
            frame = self._snapshot()._assign(key, value)
        self._become(frame)

    def __delitem__(self, key: Any) -> None:
        self._become(self._snapshot().drop(columns=[key]))

    def _snapshot(self) -> Any:
        return wrap(self._expr)

    def _become(self, other: FrameBase) -> None:
        self._expr, self._schema, self._meta_object = other._expr, other._schema, None

    def _assign(self, key: Any, value: Any) -> Any:
        if callable(value) and not isinstance(value, FrameBase):
            value = value(self)
        if isinstance(value, (pd.Series, pd.DataFrame, list, np.ndarray)):
            raise TypeError(f"Column assignment doesn't support type {type(value).__name__}; make it a lazy series with from_pandas")

        if not (isinstance(value, FrameBase) or is_scalar(value)):
            raise TypeError(f"Column assignment doesn't support type {type(value).__name__}; expected a lazy series or a constant")
        check_same_partitions(f"assignment of column {key!r}", self, value)

        def native() -> Any:
            return build("frame_assign", self, _labels.encode(key), value if isinstance(value, FrameBase) else literal(value))

        return native_or_pandas(native, lambda: on_partitions(_assigned, self, key, value, label="assign"), self, value)

    def assign(self, **pairs: Any) -> Any:
        """New or replaced columns."""
        frame = self
        for key, value in pairs.items():
            frame = frame._assign(key, value)
        return frame

    def insert(self, loc: int, column: Any, value: Any, allow_duplicates: bool = False) -> None:
        """A new column at a position."""
        labels = list(self.columns)
        frame = self._snapshot()._assign(column, value)
        self._become(frame[[*labels[:loc], column, *labels[loc:]]])

    def pop(self, item: Any) -> Any:
        """A column, which is dropped."""
        series = self._snapshot()[item]
        del self[item]
        return series

    def drop(self, labels: Any = None, axis: Any = 0, columns: Any = None, errors: str = "raise") -> Any:
        """Without some columns."""
        if columns is None and axis in (1, "columns"):
            columns = labels
        if columns is None:
            raise NotImplementedError("Drop currently only works for axis=1 or when columns is not None")
        dropped = list(columns) if pd.api.types.is_list_like(columns) and not isinstance(columns, tuple) else [columns]
        if errors == "raise":
            for label in dropped:
                self._name_of(label)
        return self[[label for label in self.columns if label not in dropped]]

    def rename(self, index: Any = None, columns: Any = None) -> Any:
        """Columns under other names."""
        if index is not None:
            return method_on_partitions("rename", self, index=index, columns=columns)
        renamed = {c: columns(c) if callable(columns) else columns.get(c, c) for c in self.columns}
        pairs = {_labels.encode(old): _labels.encode(new) for old, new in renamed.items() if old != new}
        return native_or_pandas(
            lambda: build("frame_rename", self, pairs),
            lambda: method_on_partitions("rename", self, columns=columns),
            self,
        )

    def add_prefix(self, prefix: str) -> Any:
        """All labels behind a prefix."""
        return self.rename(columns=lambda c: f"{prefix}{c}")

    def add_suffix(self, suffix: str) -> Any:
        """All labels before a suffix."""
        return self.rename(columns=lambda c: f"{c}{suffix}")

    def select_dtypes(self, include: Any = None, exclude: Any = None) -> Any:
        """Columns of some types."""
        return self[list(self._meta.select_dtypes(include=include, exclude=exclude).columns)]

    def astype(self, dtypes: Any) -> Any:
        """Columns in other types."""
        for label in dtypes if isinstance(dtypes, dict) else ():
            self._name_of(label)

        def native() -> Any:
            targets = dtypes if isinstance(dtypes, dict) else dict.fromkeys(self.columns, dtypes)
            if not all(has_native_astype(self._meta[label].dtype, target) for label, target in targets.items()):
                raise NotNative("astype")
            if isinstance(dtypes, dict):
                return build("frame_astype", self, {self._name_of(k): _dtype_name(v) for k, v in dtypes.items()})
            return build("frame_astype", self, {"": _dtype_name(dtypes)})

        return native_or_pandas(native, lambda: method_on_partitions("astype", self, dtypes), self)

    @property
    def iloc(self) -> ILoc:
        """Columns by position: ``df.iloc[:, 0:2]``."""
        return ILoc(self)


def _assigned(frame: pd.DataFrame, key: Any, value: Any) -> pd.DataFrame:
    frame = frame.copy(deep=False)
    frame[key] = value
    return frame
