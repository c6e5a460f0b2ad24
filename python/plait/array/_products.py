"""Products of matrices and tensors, and the statistics that are made of them."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array
from ._operands import engine, operand_or_itself as operand

_ops = _plait.arrays


def matmul(a: Any, b: Any) -> Array:
    """The matrix product ``a @ b``.

    Raises
    ------
    ValueError
        If the shapes do not fit, or an operand is a scalar.

    Examples
    --------
    >>> da.matmul(da.ones((2, 3)), da.ones((3, 2))).compute()
    array([[3., 3.],
           [3., 3.]])
    """
    return Array(_ops.matmul(engine(a), engine(b)))


def dot(a: Any, b: Any) -> Array:
    """The dot product: of vectors, a matrix product, or the sum product over the last axis of ``a`` and the second last of ``b``.

    Examples
    --------
    >>> da.dot(da.arange(3), da.arange(3)).compute()
    np.int64(5)
    """
    return Array(_ops.dot(operand(a), operand(b)))


def tensordot(lhs: Any, rhs: Any, axes: Any = 2) -> Array:
    """The sum of products over pairs of axes; see ``numpy.tensordot``.

    Examples
    --------
    >>> da.tensordot(da.ones((2, 3)), da.ones((3, 2)), axes=1).shape
    (2, 2)
    """
    return Array(_ops.tensordot(engine(lhs), engine(rhs), axes))


def vdot(a: Any, b: Any) -> Array:
    """The dot product of the flattened arrays, the first conjugated."""
    return Array(_ops.vdot(engine(a), engine(b)))


def outer(a: Any, b: Any) -> Array:
    """The product of every element of ``a`` with every one of ``b``.

    Examples
    --------
    >>> da.outer(da.arange(2), da.arange(3)).compute()
    array([[0, 0, 0],
           [0, 1, 2]])
    """
    return Array(_ops.outer(engine(a), engine(b)))


def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Array:
    """The covariance of variables, one a row; see ``numpy.cov``.

    ``fweights`` says how often each observation counts, in whole numbers, ``aweights`` how much it weighs.

    Raises
    ------
    ValueError
        If the arrays or weights do not have one entry for each observation, or a weight is negative.
    TypeError
        If ``fweights`` are not whole numbers.

    Examples
    --------
    >>> da.cov(da.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]])).compute()
    array([[1., 2.],
           [2., 4.]])
    """
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is not None and not isinstance(given, Array) and np.any(np.asarray(given) < 0):
            raise ValueError(f"cov: {name} has negative entries; a weight is 0 or more")
    x, more = _by_rows(m, rowvar), None if y is None else _by_rows(y, rowvar, True)
    counts, weights = (None if x is None else engine(x) for x in (fweights, aweights))
    return Array(_ops.cov(x, more, True, bias, ddof, counts, weights, dtype))


def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Array:
    """The correlation of variables, one a row; see ``numpy.corrcoef``.

    Examples
    --------
    >>> da.corrcoef(da.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]])).compute()
    array([[1., 1.],
           [1., 1.]])
    """
    return Array(_ops.corrcoef(_by_rows(x, rowvar), None if y is None else _by_rows(y, rowvar, True), True))


def _by_rows(x: Any, rowvar: bool, is_second: bool = False) -> _plait.Array:
    """An array with a variable in each row; NumPy takes one row of the second array as it is."""
    x = engine(x)
    return x if rowvar or x.ndim < 2 or is_second and x.shape[0] == 1 else x.transpose()
