"""pandas on partitions, for what has no native kernel: `explain()` shows such operations as pandas.

``on_partitions`` calls a function on each partition, ``on_whole`` on all of them put together as one.
"""

from __future__ import annotations

import decimal
from typing import Any, Callable

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from .._travel import able_to_travel
from . import _convert
from ._collection import FrameBase, build, with_columns_of
from ._put_together import put_together


class Slot:
    """The place of a partition among the arguments of a call."""

    __slots__ = ("number",)

    def __init__(self, number: int):
        self.number = number


class Call:
    """A function of partitions: some arguments are partitions, the others are kept."""

    def __init__(self, function: Callable, args: tuple, kwargs: dict):
        self.function = function
        self.args = args
        self.kwargs = kwargs

    def __call__(self, *partitions: Any) -> Any:
        args = [partitions[a.number] if isinstance(a, Slot) else a for a in self.args]
        kwargs = {k: partitions[v.number] if isinstance(v, Slot) else v for k, v in self.kwargs.items()}
        return self.function(*args, **kwargs)


class Conformed:
    """A call whose result gets the labels of `meta`, as Dask enforces them."""

    def __init__(self, call: Callable, meta: Any, enforce: bool = True):
        self.call = call
        self.meta = meta
        self.enforce = enforce

    def __call__(self, *partitions: Any) -> Any:
        return conform(self.call(*partitions), self.meta, self.enforce)


class Whole:
    """A call on all partitions of one frame as a single one; ``is_open`` where a single value may come instead of what ``meta`` says."""

    def __init__(self, call: Callable, meta: Any, is_open: bool = False):
        self.call = call
        self.meta = meta
        self.is_open = is_open

    def __call__(self, *partitions: Any) -> Any:
        parts = [part for part in partitions if len(part)] or partitions[:1]
        whole = parts[0] if len(parts) == 1 else put_together(list(parts))
        result = self.call(whole)
        is_scalar = not isinstance(self.meta, (pd.DataFrame, pd.Series, pd.Index)) or (self.is_open and pd.api.types.is_scalar(result))
        return _scalar_value(result) if is_scalar else conform(result, self.meta, True)


def _scalar_value(value: Any) -> Any:
    """The table of one value, with which the engine goes on; a value without a native form stays what it is."""
    table = _convert.to_table(pd.Series([value])) if pd.api.types.is_scalar(value) else None
    return value if table is None else table.with_index("scalar", [], 0, 1, "")


class Method:
    """A method by its name."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        for part in self.name.split(".")[:-1]:
            obj = getattr(obj, part)
        return getattr(obj, self.name.split(".")[-1])(*args, **kwargs)


def getitem(obj: Any, key: Any) -> Any:
    """``obj[key]``."""
    return obj[key]


def conform(result: Any, meta: Any, enforce: bool) -> Any:
    if isinstance(meta, (pd.DataFrame, pd.Series)) and not isinstance(result, (pd.DataFrame, pd.Series, pd.Index)):
        # A scalar for a partition becomes a row of a series.
        result = pd.Series([result] if np.isscalar(result) or result is None else result, name=getattr(meta, "name", None))
    if not enforce:
        return result
    if isinstance(meta, (pd.DataFrame, pd.Series)) and not len(result) and not _is_like(result, meta):
        return meta  # of no rows, pandas may make anything
    if isinstance(result, pd.DataFrame) and isinstance(meta, pd.DataFrame):
        if list(result.columns) != list(meta.columns):
            if set(result.columns) != set(meta.columns):
                raise ValueError(
                    "The columns in the computed data do not match the columns in the provided metadata: "
                    f"found {list(result.columns)}, expected {list(meta.columns)}; say in meta= what the function gives"
                )
            result = result[list(meta.columns)]
    elif isinstance(result, pd.Series) and isinstance(meta, pd.Series) and result.name != meta.name:
        result = result.rename(meta.name)
    return result


def _is_like(result: Any, meta: Any) -> bool:
    if result.ndim != meta.ndim or result.index.nlevels != meta.index.nlevels or result.index.dtype != meta.index.dtype:
        return False
    return result.dtype == meta.dtype if meta.ndim == 1 else list(result.columns) == list(meta.columns) and list(result.dtypes) == list(meta.dtypes)


_SAMPLES = {"i": 1, "u": 1, "f": 1.0, "b": True, "c": complex(1, 0)}


def _sample_values(values: Any) -> Any:
    """Two made-up values of a column's type."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        if len(dtype.categories):
            return pd.Categorical([dtype.categories[0]] * 2, dtype=dtype)
        return pd.Categorical(["a", "b"], ordered=dtype.ordered)
    if isinstance(dtype, pd.DatetimeTZDtype) or (isinstance(dtype, np.dtype) and dtype.kind == "M"):
        return pd.Series(pd.to_datetime(["1970-01-01", "1970-01-02"]).tz_localize(getattr(dtype, "tz", None))).astype(dtype).array
    if isinstance(dtype, np.dtype) and dtype.kind == "m":
        return pd.Series(pd.to_timedelta([1, 2], unit="D")).astype(dtype).array
    if isinstance(dtype, np.dtype) and dtype.kind in _SAMPLES:
        return np.array([_SAMPLES[dtype.kind]] * 2, dtype=dtype)
    if dtype == object:
        # A series, as pandas would make text of an array of objects.
        return pd.Series(["foo", "foo"], dtype=object)
    if isinstance(dtype, pd.StringDtype):
        return pd.array(["foo", "foo"], dtype=dtype)
    for sample in ([1, 1], [decimal.Decimal(1)] * 2, pd.to_datetime(["1970-01-01", "1970-01-02"])):
        try:
            return pd.Series(sample).astype(dtype).array
        except (TypeError, ValueError, NotImplementedError):  # not all of Arrow's types can be made of numbers
            continue
    return pd.array([None, None], dtype=dtype)


def _sample_index(index: pd.Index) -> pd.Index:
    if isinstance(index, pd.RangeIndex):
        return pd.RangeIndex(2, name=index.name)
    if isinstance(index, pd.MultiIndex):
        return pd.MultiIndex.from_arrays([_sample_values(index.get_level_values(i)) for i in range(index.nlevels)], names=index.names)
    # Labels differ: what aligns rows by them must work.
    if isinstance(index.dtype, np.dtype) and index.dtype.kind in "iuf":
        return pd.Index([0, 1], name=index.name, dtype=index.dtype)
    if isinstance(index.dtype, pd.StringDtype) or index.dtype == object:
        return pd.Index(["bar", "foo"], name=index.name, dtype=index.dtype)
    if isinstance(index.dtype, pd.CategoricalDtype) and len(index.dtype.categories) > 1:
        return pd.CategoricalIndex(index.dtype.categories[:2], name=index.name, dtype=index.dtype)
    return pd.Index(_sample_values(index), name=index.name, dtype=index.dtype)


def nonempty(meta: Any) -> Any:
    """An object of two made-up rows, to see what a function makes of it."""
    if isinstance(meta, pd.Index):
        return _sample_index(meta)
    if isinstance(meta, pd.Series):
        return pd.Series(_sample_values(meta), name=meta.name).set_axis(_sample_index(meta.index))
    if isinstance(meta, pd.DataFrame):
        frame = pd.DataFrame({i: _sample_values(meta.iloc[:, i]) for i in range(meta.shape[1])}, index=range(2))
        frame.index = _sample_index(meta.index)
        frame.columns = meta.columns
        return frame
    return meta


def _split(args: tuple, kwargs: dict) -> tuple[list[FrameBase], tuple, dict]:
    inputs: list[FrameBase] = []

    def place(value: Any) -> Any:
        if not isinstance(value, FrameBase):
            return value
        inputs.append(value)
        return Slot(len(inputs) - 1)

    return inputs, tuple(place(a) for a in args), {k: place(v) for k, v in kwargs.items()}


def infer(call: Callable, inputs: list[FrameBase], label: str) -> Any:
    """The empty result of a call, seen from made-up rows."""
    try:
        result = call(*[nonempty(i._meta) for i in inputs])
    except (TypeError, KeyError, AttributeError, NameError, SyntaxError, OverflowError, NotImplementedError):
        raise
    except Exception as error:
        raise ValueError(f"Metadata inference failed in `{label}`. Say meta=, or look at the original error: {error!r}") from error
    return as_meta(result)


def as_meta(result: Any) -> Any:
    if isinstance(result, (pd.DataFrame, pd.Series)):
        return result.iloc[:0]
    if isinstance(result, pd.Index):
        return result[:0]
    return pd.Series([result]).iloc[:0] if pd.api.types.is_scalar(result) else pd.Series([], dtype=object)


def make_meta(meta: Any, like: Any = None, index: Any = None, parent_meta: Any = None) -> Any:
    """What ``meta=`` says, as an empty pandas object: a pandas object, a dict, pairs, ``(name, dtype)`` or a dtype.

    ``index`` says what its labels are like; ``parent_meta``, which says for Dask whose object is meant, has no effect.
    """
    if isinstance(meta, (pd.DataFrame, pd.Series, pd.Index)):
        return as_meta(meta)
    if isinstance(meta, FrameBase):
        return meta._meta
    like = pd.Series(index=index[:0], dtype=object) if index is not None else like
    index = like.index[:0] if isinstance(like, (pd.DataFrame, pd.Series)) else None
    if isinstance(meta, dict):
        return pd.DataFrame({c: pd.Series([], dtype=d) for c, d in meta.items()}, index=index)
    if isinstance(meta, tuple) and len(meta) == 2 and not isinstance(meta[0], tuple):
        return pd.Series([], dtype=meta[1], name=meta[0], index=index)
    if isinstance(meta, (list, tuple)):
        return pd.DataFrame({c: pd.Series([], dtype=d) for c, d in meta}, index=index)
    return pd.Series([], dtype=meta, index=index)


def on_partitions(
    function: Callable,
    *args: Any,
    label: str,
    meta: Any = None,
    is_pandas: bool = True,
    keeps_divisions: bool | None = None,
    enforce: bool = True,
    aligns: bool = True,
    reason: str = "",
    **kwargs: Any,
) -> Any:
    """``function`` of each partition; collections among the arguments give their partitions.

    With ``aligns``, rows with the same labels are in partitions of the same number; else one partition serves every call.
    Divisions are kept where nothing is said of them, unless the result is labels: what a function makes of labels are other ones.
    """
    inputs, args, kwargs = _split(args, kwargs)
    if not inputs:
        raise TypeError(f"{label}: expected a lazy frame, series or index among the arguments, found none; make one with from_pandas")
    call = Call(function, args, kwargs)
    meta = infer(call, inputs, label) if meta is None else as_meta(meta)
    if keeps_divisions is None:
        keeps_divisions = not isinstance(meta, pd.Index)
    travelling = able_to_travel(Conformed(call, meta, enforce), function, args, kwargs)
    schema = _convert.schema_table(meta)
    made = build("frame_python_call", inputs, travelling, schema, label, is_pandas, keeps_divisions, False, aligns, reason)
    return with_columns_of(made, meta)


def on_whole(function: Callable, frame: FrameBase, *args: Any, label: str, meta: Any = None, reason: str = "", is_open: bool = False, **kwargs: Any) -> Any:
    """``function`` of all partitions as one pandas object; the result has one partition. ``is_open``: see :class:`Whole`."""
    call = Call(function, (Slot(0), *args), kwargs)
    if meta is None:
        try:
            meta = call(nonempty(frame._meta))
        except Exception:
            meta = call(frame._meta)
    is_scalar = not isinstance(meta, (pd.DataFrame, pd.Series, pd.Index))
    # A scalar's table has its one row in the schema, too.
    schema = (_convert.to_table(pd.Series([meta])) if is_scalar else None) or _convert.schema_table(as_meta(meta))
    if is_scalar:
        schema = schema.with_index("scalar", [], 0, 1, "")
    travelling = able_to_travel(Whole(call, meta if is_scalar else as_meta(meta), is_open), function, args, kwargs)
    return with_columns_of(on_everything(travelling, [frame], schema, label, reason), meta)


def on_everything(function: Callable, frames: list[FrameBase], schema: _plait.Table, label: str, reason: str = "") -> Any:
    """``function`` of the partitions of all frames, one after the other; the result has one partition."""
    return build("frame_python_call", frames, function, schema, label, True, False, True, False, reason)


def method_on_partitions(name: str, frame: FrameBase, *args: Any, **kwargs: Any) -> Any:
    return on_partitions(Method(name), frame, *args, label=name, **kwargs)


def method_on_whole(name: str, frame: FrameBase, *args: Any, **kwargs: Any) -> Any:
    return on_whole(Method(name), frame, *args, label=name, **kwargs)


def no_form(reason: str) -> _plait.NoNativeForm:
    """The answer to what cannot be said to the engine."""
    return _plait.NoNativeForm(reason)


def answered(answer: Any, pandas_way: Callable, *args: Any, **kwargs: Any) -> Any:
    """What the engine answered or, where it has no native form, ``pandas_way(*args, **kwargs)``; explain() shows why."""
    if isinstance(answer, _plait.NoNativeForm):
        return pandas_way(*args, reason=answer.reason, **kwargs)
    return answer
