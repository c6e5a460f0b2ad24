"""Python's operators on lazy arrays: x + y, x < 3, x @ y, -x."""

from __future__ import annotations

from .. import _plait

_ops = _plait.arrays


def _made(op: str, operands: list):
    from ._array import Array

    return Array(_ops.elementwise(op, operands))


def _binary(op: str, reflected: bool = False):
    def operator(self, other):
        from ._sources import operand

        other = operand(other)
        if other is NotImplemented:
            return NotImplemented
        return _made(op, [other, self._array] if reflected else [self._array, other])

    return operator


def _unary(op: str):
    return lambda self: _made(op, [self._array])


def _product(left, right):
    from ._array import Array
    from ._sources import asarray, is_array_like

    if not (is_array_like(left) and is_array_like(right)):
        return NotImplemented
    return Array(_ops.matmul(asarray(left)._array, asarray(right)._array))


class Operators:
    """The operators of `Array`."""

    __slots__ = ()

    __add__, __radd__ = _binary("add"), _binary("add", reflected=True)
    __sub__, __rsub__ = _binary("subtract"), _binary("subtract", reflected=True)
    __mul__, __rmul__ = _binary("multiply"), _binary("multiply", reflected=True)
    __truediv__, __rtruediv__ = _binary("true_divide"), _binary("true_divide", reflected=True)
    __floordiv__, __rfloordiv__ = _binary("floor_divide"), _binary("floor_divide", reflected=True)
    __mod__, __rmod__ = _binary("remainder"), _binary("remainder", reflected=True)
    __pow__, __rpow__ = _binary("power"), _binary("power", reflected=True)
    __and__, __rand__ = _binary("bitwise_and"), _binary("bitwise_and", reflected=True)
    __or__, __ror__ = _binary("bitwise_or"), _binary("bitwise_or", reflected=True)
    __xor__, __rxor__ = _binary("bitwise_xor"), _binary("bitwise_xor", reflected=True)
    __lshift__, __rlshift__ = _binary("left_shift"), _binary("left_shift", reflected=True)
    __rshift__, __rrshift__ = _binary("right_shift"), _binary("right_shift", reflected=True)

    __eq__, __ne__ = _binary("equal"), _binary("not_equal")
    __lt__, __le__ = _binary("less"), _binary("less_equal")
    __gt__, __ge__ = _binary("greater"), _binary("greater_equal")

    __neg__, __pos__ = _unary("negative"), _unary("positive")
    __abs__, __invert__ = _unary("absolute"), _unary("invert")

    # An array is compared elementwise, but it is itself as a key.
    __hash__ = object.__hash__

    def __matmul__(self, other):
        return _product(self, other)

    def __rmatmul__(self, other):
        return _product(other, self)

    def __divmod__(self, other):
        return self // other, self % other

    def __rdivmod__(self, other):
        return other // self, other % self
