"""Linear algebra: factorizations, systems of equations, norms. Everything works on blocks.

Elements are float32, float64 or complex; whole numbers and booleans become float64. Each function is that of
``dask.array.linalg``; where Dask asks for a certain shape of the chunks, the matrix is brought into it.
"""

from __future__ import annotations

import sys
from typing import Any

from .. import _plait
from .._missing_names import missing
from ._array import Array
from ._operands import engine
from .random import RandomState, default_rng

_linalg = _plait.arrays.linalg

__all__ = [
    "cholesky",
    "compression_level",
    "compression_matrix",
    "inv",
    "lstsq",
    "lu",
    "norm",
    "qr",
    "sfqr",
    "solve",
    "solve_triangular",
    "svd",
    "svd_compressed",
    "tsqr",
]


def _arrays(found: tuple) -> tuple:
    return tuple(Array(part) for part in found)


def _streams(seed: Any) -> Any:
    return (seed if isinstance(seed, RandomState) else default_rng(seed))._streams


def qr(a: Any) -> tuple[Array, Array]:
    """The factors ``q``, with orthonormal columns, and ``r``, upper triangular, of ``a = q @ r``.

    Parameters
    ----------
    a : array_like of shape (m, n)
        A tall matrix is worked on a block of rows at a time, a wide one by its first columns.

    Returns
    -------
    q : Array of shape (m, min(m, n))
    r : Array of shape (min(m, n), n)

    Raises
    ------
    ValueError
        If ``a`` does not have two axes.

    Examples
    --------
    >>> q, r = da.linalg.qr(da.ones((6, 2), chunks=(3, 2)))
    >>> da.allclose(q @ r, 1).compute()
    np.True_
    """
    return _arrays(_linalg.qr(engine(a)))


def tsqr(data: Any, compute_svd: bool = False) -> tuple[Array, ...]:
    """QR, or the SVD, of a tall and skinny matrix: one column of blocks, whose rows need not be counted before.

    Parameters
    ----------
    data : array_like of shape (m, n)
    compute_svd : bool
        Whether to give ``u, s, v`` instead of ``q, r``; the signs are as they come.

    Returns
    -------
    tuple of Array
        ``q, r`` or ``u, s, v``.

    Raises
    ------
    ValueError
        If ``data`` has several columns of blocks.
    """
    return _arrays(_linalg.tsqr_svd(engine(data)) if compute_svd else _linalg.tsqr(engine(data)))


def sfqr(data: Any) -> tuple[Array, Array]:
    """QR of a short and fat matrix: one row of blocks.

    Raises
    ------
    ValueError
        If ``data`` has several rows of blocks.
    """
    return _arrays(_linalg.sfqr(engine(data)))


def svd(a: Any, coerce_signs: bool = True, full_matrices: bool = False) -> tuple[Array, Array, Array]:
    """The singular value decomposition ``a = u @ diag(s) @ v``, with ``s`` from the largest down.

    Parameters
    ----------
    a : array_like of shape (m, n)
        Blocks are joined along the shorter side, so that a block of rows of it must fit into memory.
    coerce_signs : bool
        Whether every row of ``v`` gets a sum that is not negative, whatever the chunks are.
    full_matrices : bool
        Only False: ``u`` has min(m, n) columns.

    Returns
    -------
    u, s, v : Array
        Of shapes (m, k), (k,) and (k, n) with k = min(m, n).

    Raises
    ------
    ValueError
        If ``a`` does not have two axes. When it is computed: if it holds NaN or infinity.
    NotImplementedError
        For ``full_matrices=True``.

    Examples
    --------
    >>> u, s, v = da.linalg.svd(da.eye(4, chunks=2) * 3)
    >>> s.compute()
    array([3., 3., 3., 3.])
    """
    if full_matrices:
        raise NotImplementedError("svd: full_matrices=True is not there; the reduced form has all that the matrix has")
    return _arrays(_linalg.svd(engine(a), coerce_signs))


def compression_level(n: int, q: int, n_oversamples: int = 10, min_subspace_size: int = 20) -> int:
    """How many directions a random sample of a matrix needs for its first ``q`` singular values.

    Examples
    --------
    >>> da.linalg.compression_level(100, 10)
    20
    """
    return _linalg.compression_level(n, q, n_oversamples, min_subspace_size)


def compression_matrix(
    data: Any,
    q: int,
    iterator: str = "power",
    n_power_iter: int = 0,
    n_oversamples: int = 10,
    seed: Any = None,
    compute: bool = False,
) -> Array:
    """Orthonormal rows that span nearly what the first ``q`` singular vectors of ``data`` span.

    Parameters
    ----------
    data : array_like of shape (m, n)
    q : int
        How many singular vectors.
    iterator : {"power", "QR"}
        How each further pass over the matrix sharpens the sample; "QR" is slower and more accurate for many of them.
    n_power_iter : int
        How many further passes.
    n_oversamples : int
        Directions beyond ``q``.
    seed : int, RandomState or Generator, optional
        Where the random numbers start.
    compute : bool
        Whether each pass is computed at once, so that the matrix is made again for the next one.

    Returns
    -------
    Array of shape (compression_level(min(m, n), q), m)

    Raises
    ------
    ValueError
        For another iterator, or extents that are not known.

    References
    ----------
    N. Halko, P. G. Martinsson and J. A. Tropp, "Finding structure with randomness", 2009.
    """
    return Array(_linalg.compression_matrix(engine(data), q, _streams(seed), iterator, n_power_iter, n_oversamples, compute))


def svd_compressed(
    a: Any,
    k: int,
    iterator: str = "power",
    n_power_iter: int = 0,
    n_oversamples: int = 10,
    seed: Any = None,
    compute: bool = False,
    coerce_signs: bool = True,
) -> tuple[Array, Array, Array]:
    """The ``k`` largest singular values with their vectors, nearly, from a random sample of the matrix.

    Parameters
    ----------
    a : array_like of shape (m, n)
        In any chunks.
    k : int
        How many.
    iterator, n_power_iter, n_oversamples, seed, compute
        See `compression_matrix`.
    coerce_signs : bool
        See `svd`.

    Returns
    -------
    u, s, v : Array
        Of shapes (m, k), (k,) and (k, n).

    Examples
    --------
    >>> u, s, v = da.linalg.svd_compressed(da.ones((40, 30), chunks=10), k=1, seed=0)
    >>> s.compute().round(6)
    array([34.641016])
    """
    return _arrays(_linalg.svd_compressed(engine(a), k, _streams(seed), iterator, n_power_iter, n_oversamples, compute, coerce_signs))


def lu(a: Any) -> tuple[Array, Array, Array]:
    """The factors of ``a = p @ l @ u``: a permutation, ones on the diagonal of a lower triangle, an upper triangle.

    Every pivot is the largest of its whole column.

    Raises
    ------
    ValueError
        If ``a`` is not square.

    Examples
    --------
    >>> p, l, u = da.linalg.lu(da.from_array(np.array([[0.0, 2.0], [1.0, 3.0]]), chunks=1))
    >>> u.compute()
    array([[1., 3.],
           [0., 2.]])
    """
    return _arrays(_linalg.lu(engine(a)))


def cholesky(a: Any, lower: bool = False) -> Array:
    """The triangle ``u`` of ``a = u.T.conj() @ u``, or ``l`` of ``a = l @ l.T.conj()``.

    Parameters
    ----------
    a : array_like of shape (n, n)
        Hermitian and positive definite; its lower triangle is read.
    lower : bool
        Whether to give ``l``.

    Raises
    ------
    ValueError
        If ``a`` is not square. When it is computed: if it is not positive definite.

    Examples
    --------
    >>> da.linalg.cholesky(da.eye(2) * 4).compute()
    array([[2., 0.],
           [0., 2.]])
    """
    return Array(_linalg.cholesky(engine(a), lower))


def solve(a: Any, b: Any, sym_pos: Any = None, assume_a: str = "gen") -> Array:
    """The ``x`` of ``a @ x = b``.

    Parameters
    ----------
    a : array_like of shape (n, n)
    b : array_like of shape (n,) or (n, k)
    sym_pos : bool, optional
        The old name of ``assume_a="pos"``.
    assume_a : {"gen", "pos"}
        Whether ``a`` is any matrix, or known to be Hermitian and positive definite.

    Returns
    -------
    Array
        Of the shape of ``b``.

    Raises
    ------
    ValueError
        If the shapes do not fit, or ``assume_a`` is another word. When it is computed: if the matrix is singular.

    Examples
    --------
    >>> da.linalg.solve(da.eye(3) * 2, da.ones(3)).compute()
    array([0.5, 0.5, 0.5])
    """
    if sym_pos is not None:
        assume_a = "pos" if sym_pos else "gen"
    if assume_a not in ("gen", "pos"):
        raise ValueError(f"solve: assume_a is {assume_a!r}, expected 'gen' or 'pos'")
    return Array(_linalg.solve(engine(a), engine(b), assume_a == "pos"))


def solve_triangular(a: Any, b: Any, lower: bool = False) -> Array:
    """The ``x`` of ``a @ x = b``, where only the upper triangle of ``a`` is read, or the lower one.

    Raises
    ------
    ValueError
        If the shapes do not fit. When it is computed: for a zero on the diagonal.

    Examples
    --------
    >>> da.linalg.solve_triangular(da.eye(2) * 2, da.ones(2)).compute()
    array([0.5, 0.5])
    """
    return Array(_linalg.solve_triangular(engine(a), engine(b), lower))


def inv(a: Any) -> Array:
    """The inverse of a square matrix.

    Raises
    ------
    ValueError
        If ``a`` is not square. When it is computed: if it is singular.

    Examples
    --------
    >>> da.linalg.inv(da.eye(2) * 4).compute()
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    return Array(_linalg.inv(engine(a)))


def lstsq(a: Any, b: Any) -> tuple[Array, Array, Array, Array]:
    """The ``x`` for which the sum of squares of ``a @ x - b`` is smallest.

    Parameters
    ----------
    a : array_like of shape (m, n)
        With at least as many rows as columns.
    b : array_like of shape (m,) or (m, k)

    Returns
    -------
    x : Array of shape (n,) or (n, k)
    residuals : Array of shape (1,) or (k,)
        The sums of squares.
    rank : Array of shape ()
    s : Array of shape (n,)
        The singular values of ``a``.

    Examples
    --------
    >>> x, residuals, rank, s = da.linalg.lstsq(da.from_array(np.array([[1.0], [1.0]])), da.from_array(np.array([1.0, 3.0])))
    >>> x.compute()
    array([2.])
    """
    return _arrays(_linalg.lstsq(engine(a), engine(b)))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Array:
    """The norm of vectors along one axis, of matrices along two, or of the whole array.

    Parameters
    ----------
    x : array_like
    ord : float, {"fro", "nuc"} or None
        Which norm, as in ``numpy.linalg.norm``: by default the root of the sum of squares.
    axis : int or pair of int, optional
    keepdims : bool
        Whether the axes stay, with extent one.

    Raises
    ------
    ValueError
        For an order that vectors or matrices do not have.
    NotImplementedError
        For an order made of singular values where the array has more than two axes.

    Examples
    --------
    >>> da.linalg.norm(da.arange(3)).compute().round(4)
    np.float64(2.2361)
    """
    return Array(_linalg.norm(engine(x), ord, axis, keepdims))


def __getattr__(name: str) -> Any:
    raise missing(__name__, name, sys.modules[__name__])
