"""The operators of arrays: elementwise work of the engine, or NumPy's on blocks where the engine has no such elements."""

from __future__ import annotations

import operator as operators
from typing import TYPE_CHECKING, Any, Callable

from .. import _plait
from ._operands import is_foreign, operand

if TYPE_CHECKING:
    from ._array import Array

_ops = _plait.arrays

# The engine's names of operations, as Dask shows them.
SHOWN = {
    "absolute": "abs",
    "bitwise_and": "and_",
    "bitwise_or": "or_",
    "bitwise_xor": "xor",
    "equal": "eq",
    "floor_divide": "floordiv",
    "full": "full_like",
    "greater": "gt",
    "greater_equal": "ge",
    "left_shift": "lshift",
    "less": "lt",
    "less_equal": "le",
    "multiply": "mul",
    "negative": "neg",
    "not_equal": "ne",
    "positive": "pos",
    "power": "pow",
    "remainder": "mod",
    "right_shift": "rshift",
    "subtract": "sub",
    "true_divide": "truediv",
    "cast": "astype",
    "mean": "mean_agg-aggregate",
    "nanmean": "mean_agg-aggregate",
    "argmin": "arg_agg-aggregate",
    "argmax": "arg_agg-aggregate",
    "std": "_sqrt",
    "nanstd": "_sqrt",
    **{name: f"{name}-aggregate" for name in ("sum", "prod", "min", "max", "any", "all", "var")},
}


def _binary(op: str, reflected: bool = False) -> Callable[[Any, Any], Array]:
    of_elements = getattr(operators, SHOWN.get(op, op))  # what Python calls it

    def operator(self: Any, other: Any) -> Array:
        only_numpy = is_foreign(other) or other is None or self._holds_objects
        native = other if only_numpy else operand(other)
        if native is NotImplemented:
            return NotImplemented
        if only_numpy or self._is_encoded:
            return self._by_numpy(of_elements, [other, self] if reflected else [self, other])
        return self._of_engine(_ops.elementwise(op, [native, self._array] if reflected else [self._array, native]))

    return operator


def _unary(op: str) -> Callable[[Any], Array]:
    of_elements = getattr(operators, SHOWN.get(op, op))  # what Python calls it

    def operator(self: Any) -> Array:
        return self._by_numpy(of_elements, [self]) if self._is_encoded else self._of_engine(_ops.elementwise(op, [self._array]))

    return operator


def _power(self: Any, other: Any) -> Array:
    # NumPy's operator takes the square where the function of that name does not, and squares of truth values are int8.
    if type(other) is int and other == 2 and not self._is_encoded:
        return self._of_engine(_ops.elementwise("square", [self._array]))
    return _raised(self, other)


_raised = _binary("power")


class Operators:
    """What `Array` has by the names that Python gives its operators."""

    __slots__ = ()

    if TYPE_CHECKING:

        @staticmethod
        def _of_engine(array: _plait.Array) -> Array: ...
        @staticmethod
        def _product(left: Any, right: Any) -> Array: ...

    __add__, __radd__ = _binary("add"), _binary("add", reflected=True)
    __sub__, __rsub__ = _binary("subtract"), _binary("subtract", reflected=True)
    __mul__, __rmul__ = _binary("multiply"), _binary("multiply", reflected=True)
    __truediv__, __rtruediv__ = _binary("true_divide"), _binary("true_divide", reflected=True)
    __floordiv__, __rfloordiv__ = _binary("floor_divide"), _binary("floor_divide", reflected=True)
    __mod__, __rmod__ = _binary("remainder"), _binary("remainder", reflected=True)
    __pow__, __rpow__ = _power, _binary("power", reflected=True)
    __and__, __rand__ = _binary("bitwise_and"), _binary("bitwise_and", reflected=True)
    __or__, __ror__ = _binary("bitwise_or"), _binary("bitwise_or", reflected=True)
    __xor__, __rxor__ = _binary("bitwise_xor"), _binary("bitwise_xor", reflected=True)
    __lshift__, __rlshift__ = _binary("left_shift"), _binary("left_shift", reflected=True)
    __rshift__, __rrshift__ = _binary("right_shift"), _binary("right_shift", reflected=True)
    __eq__, __ne__ = _binary("equal"), _binary("not_equal")  # type: ignore[assignment]  # one answer an element, as in NumPy
    __lt__, __le__ = _binary("less"), _binary("less_equal")
    __gt__, __ge__ = _binary("greater"), _binary("greater_equal")
    __neg__, __pos__ = _unary("negative"), _unary("positive")
    __abs__, __invert__ = _unary("absolute"), _unary("invert")

    # An array is compared elementwise, but it is itself as a key.
    __hash__ = object.__hash__

    def __matmul__(self, other: Any) -> Array:
        return self._product(self, other)

    def __rmatmul__(self, other: Any) -> Array:
        return self._product(other, self)

    def __divmod__(self, other: Any) -> tuple[Array, Array]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Array, Array]:
        return other // self, other % self
