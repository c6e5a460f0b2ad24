"""What DataFrame, Series, Index and Scalar share: the engine's object, and what pandas would make of it.

The engine decides: an operation is asked of it, and it answers with the result or with a `NoNativeForm`, which says why
it has no kernel for these operands. pandas then does the work (see ``_pandas_calls.answered``).
"""

from __future__ import annotations

import copyreg
from typing import TYPE_CHECKING, Any, Callable

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._lazy import pyarrow as pa
from .. import _plait
from ..base import PlaitMethodsMixin
from ..delayed import Delayed, of_block
from . import _convert, _labels
from ._put_together import put_together


def wrap(answer: Any) -> Any:
    """The collection of an object of the engine; a `NoNativeForm` stays what it is."""
    return answer if isinstance(answer, _plait.NoNativeForm) else _CLASSES[type(answer)](answer)


def of_plan(expr: _plait.Expr, columns: pd.Index | None = None) -> FrameBase:
    """The collection of a node: a frame, series, index or scalar; ``columns`` where they are more than labels."""
    made = wrap(_plait.any_frame(expr))
    made._columns_index = columns
    return made


def build(function: str, *args: Any) -> Any:
    """What a function of the engine answers; collections among the arguments stand for their engine objects."""
    return wrap(getattr(_plait, function)(*map(_engine_of, args)))


def with_columns_of(frame: FrameBase, like: Any) -> FrameBase:
    """The frame, whose columns are more than labels where those of a pandas object are."""
    if isinstance(like, pd.DataFrame) and (any(name is not None for name in like.columns.names) or isinstance(like.columns, pd.CategoricalIndex)):
        frame._columns_index = like.columns
    return frame


_CLASSES: dict[type, type[FrameBase]] = {}


def register(engine: type) -> Callable[[type], type]:
    """Says which class stands for an object of the engine."""

    def keep(cls: type) -> type:
        _CLASSES[engine] = cls
        return cls

    return keep


def is_lazy(value: Any) -> bool:
    """Whether it is a collection of this module."""
    return isinstance(value, FrameBase)


def _engine_of(arg: Any) -> Any:
    if isinstance(arg, FrameBase):
        return arg._engine
    if isinstance(arg, list) and any(isinstance(item, FrameBase) for item in arg):
        return [_engine_of(item) for item in arg]
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

    __slots__ = ("_engine", "_schema", "_meta_object", "_columns_index")
    ndim: int
    # An operator of pandas leaves the work to the lazy operand.
    __pandas_priority__ = 5000
    # The engine's object; each class has its own.
    _engine: Any

    def __init__(self, engine: _plait.FrameBase):
        self._engine = engine
        self._schema = engine.meta
        self._meta_object = None
        # The columns of a frame, where they are more than labels, which is all that the engine knows: categories, or named.
        self._columns_index: pd.Index | None = None

    def _ask(self, operation: str, *args: Any) -> Any:
        """What the engine answers to an operation: a collection, or a `NoNativeForm`."""
        return wrap(getattr(self._engine, operation)(*map(_engine_of, args)))

    def __plait_exprs__(self) -> list:
        return [self._expr]

    def __plait_postcompute__(self) -> Callable[[list], Any]:
        columns = self._columns_index
        return _finish if columns is None else lambda values: _with_columns(_finish(values), columns)

    def __plait_postpersist__(self) -> Callable[[list], Any]:
        columns = self._columns_index
        return lambda exprs: of_plan(exprs[0], columns)

    def __reduce__(self) -> tuple:
        return of_plan, (self._expr, self._columns_index)

    def __dask_tokenize__(self) -> str:
        return self._expr.token

    def _become(self, other: FrameBase) -> None:
        self._engine, self._schema, self._meta_object, self._columns_index = other._engine, other._schema, None, other._columns_index

    @property
    def _meta(self) -> Any:
        """An empty pandas object of the result's type."""
        if self._meta_object is None:
            meta = _convert.to_pandas(self._schema)
            meta = _with_objects(meta, self._schema)
            if self._columns_index is not None:
                meta.columns = self._columns_index
            self._meta_object = meta
        return self._meta_object

    @property
    def _latest_meta(self) -> Any:
        """The same with the types that runs so far have found (a CSV column may be wider than its sample)."""
        latest = self._engine.latest_meta
        return _with_objects(_convert.to_pandas(latest), latest)

    @property
    def _is_native(self) -> bool:
        """Whether partitions are tables, rather than pandas objects that have no native form."""
        return all(native for *_, native in self._schema.schema[1])

    @property
    def _expr(self) -> _plait.Expr:
        return self._engine.expr

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
        return self._engine.npartitions

    @property
    def known_divisions(self) -> bool:
        """Whether the labels at which partitions begin are known."""
        return self._engine.divisions is not None

    @property
    def divisions(self) -> tuple:
        """The labels at which partitions begin, and the last label; None where they are not known."""
        known = self._engine.divisions
        if known is None:
            return (None,) * (self.npartitions + 1)
        return tuple(_division(value) for value in known)

    def copy(self, deep: bool = False) -> Any:
        """Itself: collections do not change (but for column assignment, which replaces the plan)."""
        made = wrap(self._engine)
        made._columns_index = self._columns_index
        return made

    def to_delayed(self, optimize_graph: bool = True) -> list[Delayed]:
        """The partitions as a list of delayed values.

        Parameters
        ----------
        optimize_graph : bool
            Taken for Dask's sake: the plan is optimized when a value is computed, together with what is computed with it.

        Examples
        --------
        >>> [part.shape.compute() for part in df.to_delayed()]
        [(2, 2), (2, 2)]
        """
        return [of_block(self._expr, (self._name, i), i) for i in range(self.npartitions)]

    if TYPE_CHECKING:
        # What the module `dataframe` installs.
        to_dask_array: Any
        to_records: Any

    @property
    def values(self) -> Any:
        """The values as a lazy array, a block of rows for each partition; how many rows each has only computing tells.

        Examples
        --------
        >>> df[["x"]].values.sum(axis=0).compute()
        array([10])
        """
        return self.to_dask_array()

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
    is_in_parts = isinstance(value, list) and value and isinstance(value[0], (pd.DataFrame, pd.Series))
    return put_together(value) if is_in_parts else value


def _with_columns(result: Any, columns: pd.Index) -> Any:
    """With these columns, if it has come out as a frame."""
    return result.set_axis(columns, axis=1) if isinstance(result, pd.DataFrame) else result


def _with_objects(meta: Any, schema: _plait.Table) -> Any:
    """Columns without a native form are object columns for the user."""
    marked = [name for name, _, _, native in schema.schema[1] if not native]
    if not marked:
        return meta
    if isinstance(meta, pd.DataFrame):
        return meta.astype({label: object for label in meta.columns if _labels.encode(label) in marked})
    return meta.astype(object) if _labels.encode_name(meta.name) in marked else meta
