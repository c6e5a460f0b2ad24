"""Products of matrices and tensors, and the statistics that are made of them."""

from __future__ import annotations

from typing import Any

from .. import _plait
from ._array import Array
from ._operands import engine, operand_or_itself as operand

_ops = _plait.arrays


def matmul(a: Any, b: Any) -> Array:
    """The matrix product ``a @ b``.

    Raises
    ------
    ValueError
        If the shapes do not fit, or an operand is a scalar.
    """
    return Array(_ops.matmul(engine(a), engine(b)))


def dot(a: Any, b: Any) -> Array:
    """The dot product: of vectors, a matrix product, or the sum product over the last axis of ``a`` and the second last of ``b``."""
    return Array(_ops.dot(operand(a), operand(b)))


def tensordot(lhs: Any, rhs: Any, axes: Any = 2) -> Array:
    """The sum of products over pairs of axes; see ``numpy.tensordot``."""
    return Array(_ops.tensordot(engine(lhs), engine(rhs), axes))


def vdot(a: Any, b: Any) -> Array:
    """The dot product of the flattened arrays, the first conjugated."""
    return Array(_ops.vdot(engine(a), engine(b)))


def outer(a: Any, b: Any) -> Array:
    """The product of every element of ``a`` with every one of ``b``."""
    return Array(_ops.outer(engine(a), engine(b)))


def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Array:
    """The covariance of variables, one a row; see ``numpy.cov``."""
    return Array(_ops.cov(engine(m), None if y is None else engine(y), rowvar, bias, ddof))


def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Array:
    """The correlation of variables, one a row; see ``numpy.corrcoef``."""
    return Array(_ops.corrcoef(engine(x), None if y is None else engine(y), rowvar))
