"""Names for content: equal input gives an equal token, in every process.

The engine hashes numbers, texts, built-in containers, arrays of numbers and plans. Every other object is asked what it is made
of: by the function that is registered for its type with `normalize_token`, or its method ``__dask_tokenize__``. What nobody
knows how to take apart is named by its pickle.

The module can be called like its function: ``plait.tokenize(x)``.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import types
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from . import _pickle, _plait, config
from ._dispatch import Dispatch

_kept: list[object] = []
_must_be_certain: ContextVar[bool | None] = ContextVar("plait tokenize ensure_deterministic", default=None)

normalize_token = Dispatch("normalize_token")
tokenize_lock = threading.RLock()


class TokenizationError(RuntimeError):
    """An object has no token that other processes would find, too."""


def tokenize(*args: Any, ensure_deterministic: bool | None = None, **kwargs: Any) -> str:
    """A name for the content of the arguments: equal input gives equal text, in every process.

    Parameters
    ----------
    *args, **kwargs : object
        What is named.
    ensure_deterministic : bool, optional
        Whether to refuse objects that would have another name in another process; default is the setting
        ``tokenize.ensure-deterministic``.

    Returns
    -------
    str
        32 hexadecimal digits.

    Raises
    ------
    TokenizationError
        If an object has no certain name and ``ensure_deterministic`` asks for one. Without, it gets one that no other has.

    Examples
    --------
    >>> plait.tokenize([1, 2]) == plait.tokenize([1, 2]) != plait.tokenize((1, 2))
    True
    """
    before = None if ensure_deterministic is None else _must_be_certain.set(ensure_deterministic)
    try:
        return _plait.tokenize((args, kwargs) if kwargs else args)
    finally:
        if before is not None:
            _must_be_certain.reset(before)


def _uncertain(what: str) -> None:
    """There is no certain token: an error, if one must be."""
    must = _must_be_certain.get()
    if must if must is not None else config.get("tokenize.ensure-deterministic", False):
        raise TokenizationError(f"{what} has no deterministic token, which other processes would find, too; give its class a method __dask_tokenize__")


def pickled(obj: Any) -> bytes:
    """What names an object that nobody takes apart: its pickle, or bytes that no other object has."""
    try:
        data = _pickle.dumps(obj)
        settled = _settled_of_short(data) if len(data) <= _SHORT_BYTES else _settled(data)
        if settled is not None:
            return settled
    except Exception:
        pass
    _uncertain(f"{type(obj).__name__} {obj!r}")
    return os.urandom(16)


# Pickles up to this size are remembered: the function of call after call is one.
_SHORT_BYTES = 4096


def _settled(data: bytes) -> bytes | None:
    """A pickle that copies of its object are written as, too; None if there is none."""
    # A copy may be written otherwise, such as one of a class that no module names; a copy of it then is not.
    for _ in range(3):
        again = _pickle.dumps(_pickle.loads(data))
        if again == data:
            return data
        data = again
    return None


_settled_of_short = functools.lru_cache(maxsize=512)(_settled)


# --- What objects are made of. Who gets its argument back leaves it to the engine. ---


@normalize_token.register(object)
def normalize_object(o: Any) -> Any:
    """Of an object of any type that has no function of its own."""
    if isinstance(o, type):
        return o
    for name in ("__plait_tokenize__", "__dask_tokenize__"):
        method = getattr(o, name, None)
        if method is not None:
            return method()
    if type(o) is object:
        _uncertain("object()")
        _kept.append(o)  # no other object gets its address
        return "object", id(o)
    if hasattr(type(o), "__dataclass_fields__"):
        import dataclasses  # slow to load, and there already

        return [(field.name, getattr(o, field.name, None)) for field in dataclasses.fields(o)]
    return o


@normalize_token.register((types.MappingProxyType, dict))
def normalize_dict(d: Any) -> Any:
    """Of a dict of whatever class."""
    return dict(d)


@normalize_token.register(OrderedDict)
def normalize_ordered_dict(d: OrderedDict) -> Any:
    """Of a dict whose order matters."""
    return list(d.items())


@normalize_token.register((set, frozenset))
def normalize_set(s: Any) -> Any:
    """Of a set of whatever class."""
    return set(s)


@normalize_token.register((tuple, list))
def normalize_seq(seq: Any) -> Any:
    """Of a list or tuple of whatever class."""
    method = getattr(seq, "__dask_tokenize__", None)
    return list(seq) if method is None else method()


@normalize_token.register(functools.partial)
def normalize_partial(func: functools.partial) -> Any:
    """Of a function with some of its arguments."""
    return func.func, func.args, func.keywords


@normalize_token.register((types.MethodType, types.MethodWrapperType))
def normalize_bound_method(meth: Any) -> Any:
    """Of a method of an object: both."""
    return meth.__self__, meth.__name__


@normalize_token.register(types.BuiltinFunctionType)
def normalize_builtin_function_or_method(func: Any) -> Any:
    """Of a function of the interpreter, or a method of one of its objects."""
    owner = getattr(func, "__self__", None)
    return func if owner is None or isinstance(owner, types.ModuleType) else normalize_bound_method(func)


def normalize_function(func: Callable) -> Any:
    """What a function is made of: itself, or the parts of a partial one or of a method."""
    return normalize_token(func)


@normalize_token.register_lazy("toolz")
def register_toolz() -> None:
    """Functions made of functions."""
    import toolz

    normalize_token.register(toolz.curry, lambda func: (func.func, func.args, func.keywords))
    normalize_token.register(toolz.functoolz.Compose, lambda func: (func.first, func.funcs))


@normalize_token.register_lazy("numpy")
def register_numpy() -> None:
    """Arrays that are no plain memory."""
    import numpy

    @normalize_token.register(numpy.ndarray)
    def normalize_array(x: Any) -> Any:
        if x.dtype.hasobject:
            return ("objects", x.shape, x.ravel().tolist()) if x.dtype.names is None else ("records", x.dtype.descr, x.tolist())
        if x.dtype.names is not None or x.dtype.kind in "SUV":
            return x.dtype.str, x.dtype.descr, x.shape, x.tobytes()
        return x if type(x) is numpy.ndarray else numpy.ascontiguousarray(x)

    @normalize_token.register(numpy.ma.MaskedArray)
    def normalize_masked(x: Any) -> Any:
        return "masked", numpy.asarray(x.data), numpy.ma.getmaskarray(x), x.fill_value

    @normalize_token.register(numpy.dtype)
    def normalize_dtype(dtype: Any) -> Any:
        return dtype.str if dtype.names is None else dtype.descr


@normalize_token.register_lazy("pandas")
def register_pandas() -> None:
    """Frames, series, indexes and their columns."""
    import pandas

    @normalize_token.register(pandas.DataFrame)
    def normalize_frame(frame: Any) -> Any:
        return [frame.iloc[:, i].array for i in range(frame.shape[1])], frame.columns, frame.index

    @normalize_token.register(pandas.Series)
    def normalize_series(series: Any) -> Any:
        return series.name, series.array, series.index

    @normalize_token.register(pandas.RangeIndex)
    def normalize_range(index: Any) -> Any:
        return index.start, index.stop, index.step, index.name

    @normalize_token.register(pandas.Index)
    def normalize_index(index: Any) -> Any:
        return index.name, index.array

    @normalize_token.register(pandas.MultiIndex)
    def normalize_levels(index: Any) -> Any:
        return list(index.names), list(index.levels), [numpy_of(codes) for codes in index.codes]

    @normalize_token.register(pandas.Categorical)
    def normalize_categorical(column: Any) -> Any:
        return numpy_of(column.codes), column.categories, column.ordered

    @normalize_token.register(pandas.arrays.ArrowExtensionArray)
    def normalize_arrow(column: Any) -> Any:
        return column.dtype.name, column.__arrow_array__().combine_chunks()

    @normalize_token.register((pandas.arrays.DatetimeArray, pandas.arrays.TimedeltaArray, pandas.arrays.PeriodArray))
    def normalize_times(column: Any) -> Any:
        return str(column.dtype), column.asi8

    @normalize_token.register(pandas.api.extensions.ExtensionArray)
    def normalize_column(column: Any) -> Any:
        return str(column.dtype), numpy_of(column), numpy_of(column.isna())

    @normalize_token.register(pandas.api.extensions.ExtensionDtype)
    def normalize_dtype(dtype: Any) -> Any:
        return str(dtype)

    @normalize_token.register(pandas.api.types.CategoricalDtype)
    def normalize_categories(dtype: Any) -> Any:
        return dtype.categories, dtype.ordered

    @normalize_token.register(pandas.offsets.BaseOffset)
    def normalize_offset(offset: Any) -> Any:
        return offset.freqstr

    def numpy_of(column: Any) -> Any:
        import numpy

        return numpy.asarray(column)


@normalize_token.register_lazy("pyarrow")
def register_pyarrow() -> None:
    """Arrow's tables and columns."""
    import pyarrow

    @normalize_token.register(pyarrow.DataType)
    def normalize_type(kind: Any) -> Any:
        return str(kind)

    @normalize_token.register(pyarrow.Table)
    def normalize_table(table: Any) -> Any:
        return str(table.schema), table.columns

    @normalize_token.register(pyarrow.ChunkedArray)
    def normalize_chunks(column: Any) -> Any:
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)

    @normalize_token.register(pyarrow.Array)
    def normalize_column(column: Any) -> Any:
        # Written as a message: that leaves out what lies beside the values of a slice.
        batch = pyarrow.record_batch([column], names=["values"])
        return batch.serialize().to_pybytes()

    @normalize_token.register(pyarrow.Buffer)
    def normalize_buffer(buffer: Any) -> Any:
        return buffer.to_pybytes()


class _Callable(types.ModuleType):
    """The module, which is its function, too: importing ``plait.tokenize`` hides the function of that name."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return tokenize(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
