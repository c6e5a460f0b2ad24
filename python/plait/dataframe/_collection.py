"""What DataFrame, Series, Index and Scalar share: a node of a plan, and the schema of its result."""

from __future__ import annotations

import copyreg
from typing import Any, Callable

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._lazy import pyarrow as pa
from .. import _plait
from ..base import PlaitMethodsMixin
from . import _convert, _labels


def build(call: str, *args: Any) -> FrameBase:
    """The collection that a call of the binding makes; collections among the arguments stand for their nodes."""
    expr = getattr(_plait, call)(*[_exprs_in(arg) for arg in args])
    return expr if isinstance(expr, _plait.NoNativeForm) else wrap(expr)


def wrap(expr: _plait.Expr) -> FrameBase:
    """The collection of a node: a frame, series, index or scalar."""
    schema = _plait.frame_empty(expr)
    return _CLASSES[schema.schema[0]](expr, schema)


_CLASSES: dict[str, type[FrameBase]] = {}


def register(form: str) -> Callable[[type], type]:
    """Says which class stands for a form of table."""

    def keep(cls: type) -> type:
        _CLASSES[form] = cls
        return cls

    return keep


def _exprs_in(arg: Any) -> Any:
    if isinstance(arg, FrameBase):
        return arg._expr
    if isinstance(arg, list) and any(isinstance(item, FrameBase) for item in arg):
        return [_exprs_in(item) for item in arg]
    return arg


def _pickle_table(table: _plait.Table) -> tuple:
    sink = pa.BufferOutputStream()
    arrow = pa.table(table)
    with pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_table(arrow)
    return _unpickle_table, (sink.getvalue().to_pybytes(),)


def _unpickle_table(data: bytes) -> _plait.Table:
    return _plait.Table.from_arrow(pa.ipc.open_stream(data).read_all())


copyreg.pickle(_plait.Table, _pickle_table)
copyreg.pickle(_plait.Timestamp, lambda t: (_plait.Timestamp, (t.value, t.unit, t.timezone)))
copyreg.pickle(_plait.Timedelta, lambda t: (_plait.Timedelta, (t.value, t.unit)))


class FrameBase(PlaitMethodsMixin):
    """A lazy pandas-like object."""

    __slots__ = ("_expr", "_schema", "_meta_object")

    def __init__(self, expr: _plait.Expr, schema: _plait.Table):
        self._expr = expr
        self._schema = schema
        self._meta_object = None

    def __plait_exprs__(self) -> list:
        return [self._expr]

    def __plait_postcompute__(self) -> Callable[[list], Any]:
        return _finish

    def __plait_postpersist__(self) -> Callable[[list], Any]:
        return lambda exprs: wrap(exprs[0])

    def __reduce__(self) -> tuple:
        return wrap, (self._expr,)

    def __dask_tokenize__(self) -> str:
        return self._expr.token

    @property
    def _meta(self) -> Any:
        """An empty pandas object of the result's type."""
        if self._meta_object is None:
            meta = _convert.to_pandas(self._schema)
            self._meta_object = _with_objects(meta, self._schema)
        return self._meta_object

    def _latest(self) -> FrameBase:
        """The same with the types that runs so far have found (a CSV column may be wider than its sample)."""
        return wrap(_plait.frame_latest(self._expr))

    @property
    def _is_native(self) -> bool:
        """Whether partitions are tables, rather than pandas objects that have no native form."""
        return all(native for *_, native in self._schema.schema[1])

    @property
    def _name(self) -> str:
        return self._expr.name

    @property
    def expr(self) -> _plait.Expr:
        """The node of the plan."""
        return self._expr

    @property
    def npartitions(self) -> int:
        """Number of partitions."""
        return _plait.frame_npartitions(self._expr)

    @property
    def known_divisions(self) -> bool:
        """Whether the labels at which partitions begin are known."""
        return _plait.frame_divisions(self._expr) is not None

    @property
    def divisions(self) -> tuple:
        """The labels at which partitions begin, and the last label; None where they are not known."""
        known = _plait.frame_divisions(self._expr)
        if known is None:
            return (None,) * (self.npartitions + 1)
        return tuple(_division(value) for value in known)

    def copy(self, deep: bool = False) -> Any:
        """Itself: collections do not change (but for column assignment, which replaces the plan)."""
        return wrap(self._expr)

    def pipe(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        """``func(self, *args, **kwargs)``."""
        if isinstance(func, tuple):
            func, target = func
            kwargs[target] = self
            return func(*args, **kwargs)
        return func(self, *args, **kwargs)


def _division(value: Any) -> Any:
    if isinstance(value, _plait.Timestamp):
        stamp = pd.Timestamp(np.datetime64(value.value, value.unit))
        return stamp.tz_localize("UTC").tz_convert(value.timezone) if value.timezone else stamp
    if isinstance(value, _plait.Timedelta):
        return pd.Timedelta(np.timedelta64(value.value, value.unit))
    return value


def _finish(values: list) -> Any:
    (value,) = values
    return pd.concat(value) if isinstance(value, list) and value and _is_pandas(value[0]) else value


def _is_pandas(value: Any) -> bool:
    return isinstance(value, (pd.DataFrame, pd.Series))


def _with_objects(meta: Any, schema: _plait.Table) -> Any:
    """Columns without a native form are object columns for the user."""
    marked = [name for name, _, _, native in schema.schema[1] if not native]
    if not marked:
        return meta
    if isinstance(meta, pd.DataFrame):
        return meta.astype({label: object for label in meta.columns if _labels.encode(label) in marked})
    return meta.astype(object) if _labels.encode_name(meta.name) in marked else meta
