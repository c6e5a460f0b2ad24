"""Arithmetic, comparison and logic: operators and the methods of the same meaning."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._beside_arrays import is_array, rows_beside
from ._collection import FrameBase, build
from ._from_pandas import from_pandas
from ._literals import is_scalar
from ._pandas_calls import Method, answered, as_meta, nonempty, on_partitions

_OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
}
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
_UNARY = {"neg": operator.neg, "pos": operator.pos, "abs": operator.abs, "invert": operator.invert}


def binary(left: Any, right: Any, op: str) -> Any:
    """``left op right``; at least one is a collection."""
    left, right = _rows_of_pandas(left, right), _rows_of_pandas(right, left)
    if is_array(left) or is_array(right):
        return _beside_array(left, right, op)
    for side in (left, right):
        if not isinstance(side, FrameBase) and not is_scalar(side):
            return on_partitions(_OPERATORS[op], left, right, label=op)
    if {_ndim(left), _ndim(right)} == {1, 2}:
        return _with_labels_as_columns(left, right, op)
    return _row_by_row(left, right, op)


def _rows_of_pandas(side: Any, other: Any, by_columns: bool = True) -> Any:
    """A pandas object whose rows go with those of a lazy one is lazy, too; a series may go with the columns of a frame instead."""
    if not isinstance(side, (pd.Series, pd.DataFrame)) or (by_columns and side.ndim != _ndim(other)):
        return side
    return from_pandas(side, npartitions=1)


def _beside_array(left: Any, right: Any, op: str) -> Any:
    """``left op right`` of rows and an array's blocks, whose labels are those of the rows."""
    left, right = (rows_beside(side, other) if is_array(side) else side for side, other in ((left, right), (right, left)))
    if left.known_divisions and left.ndim == right.ndim:
        return _row_by_row(left, right, op)
    return on_partitions(_OPERATORS[op], left, right, label=op, aligns=False)


def _row_by_row(left: Any, right: Any, op: str) -> Any:
    if op in _COMPARISONS:
        left, right = _as_wide_as(left, right), _as_wide_as(right, left)
    answer = build("frame_binary", op, left, right, None, op in _COMPARISONS)
    return answered(answer, on_partitions, _OPERATORS[op], left, right, label=op)


def _as_wide_as(side: Any, scalar: Any) -> Any:
    """A side to compare with a scalar: a float64 of NumPy makes float32 wider, a float of Python does not."""
    if not isinstance(scalar, np.float64) or not _ndim(side):
        return side
    if side.ndim == 1:
        return side.astype("float64") if side._meta.dtype == np.float32 else side
    return side.astype({label: "float64" for label, dtype in side._meta.dtypes.items() if dtype == np.float32})


def _ndim(side: Any) -> int:
    return side.ndim if isinstance(side, FrameBase) else 0


def _with_labels_as_columns(left: Any, right: Any, op: str, function: Callable | None = None, **options: Any) -> Any:
    """A frame and a series whose labels are the frame's columns, as in ``df - df.mean()``; ``function`` is the operator if it is not said."""
    function = function or _OPERATORS[op]
    frame, series = (left, right) if left.ndim == 2 else (right, left)
    labels = series._meta.index
    if series.npartitions != 1 or isinstance(labels, pd.RangeIndex) or labels.dtype != frame.columns.dtype:
        raise TypeError(
            f"{op}: pandas aligns the labels of a series with the columns of a frame, {list(frame.columns)}; found a series of "
            f"{series.npartitions} partitions labelled by rows. To go row by row, use df.{op}(series, axis=0)"
        )
    row = pd.Series(nonempty(series._meta).iloc[0], index=frame.columns, dtype=series._meta.dtype)
    sides = (nonempty(frame._meta), row) if left is frame else (row, nonempty(frame._meta))
    return on_partitions(function, left, right, label=op, meta=as_meta(function(*sides, **options)), aligns=False, **options)


def unary(operand: Any, op: str) -> Any:
    return answered(operand._ask("unary", op), on_partitions, _UNARY[op], operand, label=op)


_UFUNCS = {
    "add": "add", "subtract": "sub", "multiply": "mul", "true_divide": "truediv", "divide": "truediv", "floor_divide": "floordiv",
    "remainder": "mod", "power": "pow", "equal": "eq", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt",
    "greater_equal": "ge", "logical_and": "and", "bitwise_and": "and", "bitwise_or": "or", "bitwise_xor": "xor",
}  # fmt: skip


def _are_for(ufunc: str, inputs: tuple) -> bool:
    """Whether operands mean the same to a function of NumPy and to the operator: ``&`` of numbers works on their bits."""
    return ufunc != "logical_and" or all(_is_bool(side) for side in inputs)


def _is_bool(side: Any) -> bool:
    dtypes = getattr(side, "_dtypes", None)
    return isinstance(side, (bool, np.bool_)) if dtypes is None else all(dtype == bool for dtype in dtypes)


_UNARY_UFUNCS = {
    name: name
    for name in (
        "sqrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "floor", "ceil", "trunc", "sign", "square",
    )
} | {"negative": "neg", "positive": "pos", "absolute": "abs", "invert": "invert", "isnan": "isna"}  # fmt: skip


class OperatorsMixin:
    """Operators of every collection of the module."""

    __slots__ = ()
    __hash__ = object.__hash__

    if TYPE_CHECKING:
        # What `_add_operators` installs.
        def _operator(self, other: Any) -> Self: ...

        __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = __mod__ = __pow__ = __and__ = __or__ = __xor__ = _operator
        __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = __rmod__ = __rpow__ = __rand__ = __ror__ = __rxor__ = _operator
        __lt__ = __le__ = __gt__ = __ge__ = _operator
        __eq__ = __ne__ = _operator  # type: ignore[assignment]

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs.get("out") is not None:
            return NotImplemented
        if not kwargs and len(inputs) == 2 and ufunc.__name__ in _UFUNCS and _are_for(ufunc.__name__, inputs):
            return binary(*inputs, _UFUNCS[ufunc.__name__])
        if not kwargs and len(inputs) == 1 and ufunc.__name__ in _UNARY_UFUNCS:
            (operand,) = inputs
            return answered(operand._ask("unary", _UNARY_UFUNCS[ufunc.__name__]), on_partitions, ufunc, operand, label=ufunc.__name__)
        return on_partitions(ufunc, *inputs, label=ufunc.__name__, **kwargs)

    def __divmod__(self, other: Any) -> tuple:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple:
        return other // self, other % self

    def __neg__(self) -> Self:
        return unary(self, "neg")

    def __pos__(self) -> Self:
        return unary(self, "pos")

    def __invert__(self) -> Self:
        return unary(self, "invert")

    def __abs__(self) -> Self:
        return unary(self, "abs")


def _add_operators() -> None:
    def forward(op: str):
        return lambda self, other: binary(self, other, op)

    def reflected(op: str):
        return lambda self, other: binary(other, self, op)

    for op in _OPERATORS:
        setattr(OperatorsMixin, f"__{op}__", forward(op))
        if op not in _COMPARISONS:
            setattr(OperatorsMixin, f"__r{op}__", reflected(op))


_add_operators()


class FlexibleMixin:
    """``a.add(b, fill_value=...)`` and the like, of frames and series."""

    __slots__ = ()

    if TYPE_CHECKING:
        # What `_add_methods` installs.
        def _flexible(self, other: Any, axis: Any = "columns", level: Any = None, fill_value: Any = None) -> Self: ...

        add = sub = mul = truediv = floordiv = mod = pow = div = divide = _flexible
        radd = rsub = rmul = rtruediv = rfloordiv = rmod = rpow = rdiv = _flexible
        eq = ne = lt = le = gt = ge = _flexible


def _add_methods() -> None:
    def method(op: str, name: str, is_reflected: bool):
        def call(self, other, axis="columns", level=None, fill_value=None):
            if level is not None:
                raise NotImplementedError("level must be None")
            other = _rows_of_pandas(other, self, axis not in (0, "index"))
            left, right = (other, self) if is_reflected else (self, other)
            if fill_value is not None and op in _COMPARISONS and self.ndim == 2:
                raise TypeError(f"DataFrame.{name}() got an unexpected keyword argument 'fill_value'")
            if fill_value is not None and not isinstance(other, FrameBase) and not (is_scalar(other) and pd.isna(other)):
                return call(self.fillna(fill_value), other, axis)
            by_columns = axis not in (0, "index") and {_ndim(left), _ndim(right)} == {1, 2}
            if fill_value is None and (by_columns or not isinstance(other, FrameBase)):
                return binary(left, right, op)
            if by_columns and self.ndim == 1:
                raise NotImplementedError(f"fill_value {fill_value} not supported")
            if by_columns:
                return _with_labels_as_columns(self, other, op, Method(name), axis="columns", fill_value=fill_value)
            answer = build("frame_binary", op, left, right, fill_value)
            if fill_value is None:
                given = {"axis": axis} if self.ndim == 2 else {}
                return answered(answer, on_partitions, Method(name), self, other, label=name, **given)
            return answered(answer, on_partitions, Method(name), self, other, fill_value=fill_value, label=name)

        call.__name__ = name
        call.__doc__ = f"``{'other' if is_reflected else 'self'} {op} {'self' if is_reflected else 'other'}``, row by row."
        return call

    for op in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
        setattr(FlexibleMixin, op, method(op, op, False))
        setattr(FlexibleMixin, f"r{op}", method(op, f"r{op}", True))
    for name, target, is_reflected in (("div", "div", False), ("divide", "div", False), ("rdiv", "rdiv", True)):
        setattr(FlexibleMixin, name, method("truediv", target, is_reflected))
    for op in _COMPARISONS:
        setattr(FlexibleMixin, op, method(op, op, False))


_add_methods()
