"""Linear algebra of arrays beside NumPy and Dask."""

import numpy as np
import pytest

import plait.array as da

DTYPES = ["float32", "float64", "complex64", "complex128", "int32", "bool"]
TALL_AND_WIDE = [
    ((20, 6), (5, 6)),
    ((20, 6), (7, 4)),
    ((20, 6), (3, 6)),  # blocks with fewer rows than columns
    ((6, 20), (6, 5)),
    ((6, 20), (6, 9)),
    ((6, 20), (4, 3)),
    ((9, 9), (4, 9)),
    ((9, 9), (2, 5)),
    ((1, 7), (1, 2)),
    ((7, 1), (2, 1)),
    ((5, 5), (5, 5)),
]


def matrix(shape, dtype="float64", seed=0):
    numbers = np.random.default_rng(seed)
    values = numbers.standard_normal(shape) * 3
    if np.dtype(dtype).kind == "c":
        values = values + 1j * numbers.standard_normal(shape)
    return values.astype(dtype)


def close(found, expected):
    found = np.asarray(found)
    single = found.dtype.itemsize == (8 if found.dtype.kind == "c" else 4)
    np.testing.assert_allclose(found, expected, rtol=1e-3 if single else 1e-9, atol=1e-3 if single else 1e-9)


def orthonormal_columns(q):
    q = np.asarray(q)
    close(q.conj().T @ q, np.eye(q.shape[1]))


def square(n, dtype="float64", seed=0):
    return matrix((n, n), dtype, seed) + np.diag(np.arange(n) % 3).astype(dtype)


def positive_definite(n, dtype="float64"):
    a = matrix((n, n), dtype)
    return (a @ a.conj().T + n * np.eye(n)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape, chunks", TALL_AND_WIDE)
def test_qr_gives_the_matrix_back(shape, chunks, dtype):
    a = matrix(shape, dtype)
    q, r = da.linalg.qr(da.from_array(a, chunks=chunks))
    k = min(shape)
    assert (q.shape, r.shape) == ((shape[0], k), (k, shape[1]))
    values, triangle = q.compute(), r.compute()
    assert (values.shape, triangle.shape) == (q.shape, r.shape)
    assert values.dtype == triangle.dtype == np.linalg.qr(a)[0].dtype == q.dtype
    close(values @ triangle, a)
    orthonormal_columns(values)
    np.testing.assert_array_equal(np.tril(triangle, -1), 0)


def test_qr_of_one_block_is_numpys():
    a = matrix((8, 5))
    for mine, numpys in zip(da.linalg.qr(da.from_array(a)), np.linalg.qr(a), strict=True):
        close(mine, numpys)


def test_signs_of_tall_matrices_are_dasks():
    dask = pytest.importorskip("dask.array")
    a = matrix((40, 5))
    for mine, dasks in zip(da.linalg.tsqr(da.from_array(a, chunks=(10, 5))), dask.linalg.tsqr(dask.from_array(a, chunks=(10, 5))), strict=True):
        close(mine.compute(), dasks.compute())
    mine, dasks = da.linalg.svd(da.from_array(a, chunks=(10, 5))), dask.linalg.svd(dask.from_array(a, chunks=(10, 5)))
    for part, of_dask in zip(mine, dasks, strict=True):
        assert part.chunks == of_dask.chunks
        close(part.compute(), of_dask.compute())


def test_many_triangles_are_combined_level_by_level():
    # Too many to stand below each other in one task.
    a = matrix((9000, 1800), "float32")
    q, r = da.linalg.tsqr(da.from_array(a, chunks=(300, 1800)))
    assert q.chunks[0] == (300,) * 30
    values, triangle = np.asarray(q), np.asarray(r)
    np.testing.assert_allclose(values[:50] @ triangle, a[:50], atol=1e-2)
    np.testing.assert_allclose(values.T @ values, np.eye(1800), atol=1e-3)


def test_rows_of_a_tall_matrix_need_not_be_counted():
    a = matrix((30, 3))
    x = da.from_array(a, chunks=(6, 3))
    picked = x[x[:, 0] > 0]
    q, r = da.linalg.tsqr(picked)
    assert np.isnan(q.shape[0])
    close(q.compute() @ r.compute(), a[a[:, 0] > 0])
    u, s, v = da.linalg.tsqr(picked, compute_svd=True)
    close(s.compute(), np.linalg.svd(a[a[:, 0] > 0])[1])


@pytest.mark.parametrize("shape, chunks", [((64, 3), 16), ((200, 4), 9), ((100, 5), 7), ((97, 2), 12), ((30, 6), 5)])
def test_triangles_are_combined_as_by_dask(shape, chunks):
    dask = pytest.importorskip("dask.array")
    a = matrix(shape)
    _, mine = da.linalg.tsqr(da.from_array(a, chunks=(chunks, shape[1])))
    _, dasks = dask.linalg.tsqr(dask.from_array(a, chunks=(chunks, shape[1])))
    close(mine.compute(), dasks.compute())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape, chunks", TALL_AND_WIDE)
def test_svd_gives_the_matrix_back(shape, chunks, dtype):
    a = matrix(shape, dtype)
    u, s, v = (part.compute() for part in da.linalg.svd(da.from_array(a, chunks=chunks)))
    close(u * s @ v, a)
    close(s, np.linalg.svd(a)[1])
    assert s.dtype == np.linalg.svd(a)[1].dtype
    orthonormal_columns(u)
    orthonormal_columns(v.conj().T)
    assert (v.sum(axis=1).real >= -1e-6).all()


@pytest.mark.parametrize("iterator", ["power", "QR"])
@pytest.mark.parametrize("compute", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128"])
def test_compressed_svd_finds_a_matrix_of_low_rank(iterator, compute, dtype):
    a = (matrix((90, 4), dtype) @ matrix((4, 70), dtype, seed=1)).astype(dtype)
    x = da.from_array(a, chunks=(20, 30))
    u, s, v = da.linalg.svd_compressed(x, k=4, iterator=iterator, n_power_iter=2, seed=3, compute=compute)
    assert (u.shape, s.shape, v.shape) == ((90, 4), (4,), (4, 70))
    u, s, v = u.compute(), s.compute(), v.compute()
    np.testing.assert_allclose(s, np.linalg.svd(a)[1][:4], rtol=1e-3)
    np.testing.assert_allclose(u * s @ v, a, atol=1e-2)


def test_compression_is_that_of_dask():
    dask = pytest.importorskip("dask.array")
    a = matrix((60, 50))
    for n, q in [(100, 10), (15, 10), (1000, 50)]:
        assert da.linalg.compression_level(n, q) == dask.linalg.compression_level(n, q)
    mine = da.linalg.compression_matrix(da.from_array(a, chunks=(20, 50)), 5, seed=7)
    dasks = dask.linalg.compression_matrix(dask.from_array(a, chunks=(20, 50)), 5, seed=7)
    assert mine.shape == dasks.shape
    close(mine.compute(), dasks.compute())
    with pytest.raises(ValueError, match="expected 'power' or 'QR'"):
        da.linalg.compression_matrix(da.from_array(a), 5, iterator="other")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n, chunks", [(12, 4), (13, (5, 4)), (7, 7), (1, 1), (10, (3, 10))])
def test_lu_is_that_of_a_whole_matrix(n, chunks, dtype):
    a = square(n, dtype)
    p, lower, upper = (part.compute() for part in da.linalg.lu(da.from_array(a, chunks=chunks)))
    close(p @ lower @ upper, a)
    np.testing.assert_array_equal(np.sort(p, axis=0), np.sort(np.eye(n), axis=0))
    np.testing.assert_array_equal(np.triu(lower, 1), 0)
    np.testing.assert_array_equal(np.diag(lower), 1)
    np.testing.assert_array_equal(np.tril(upper, -1), 0)
    if lower.dtype.kind != "c":  # LAPACK compares the sizes of complex numbers by their parts
        assert np.abs(lower).max() <= 1 + 1e-6  # every pivot was the largest of its column


def test_lu_exchanges_rows_of_different_blocks():
    a = np.array([[0.0, 0, 1, 2], [0, 0, 3, 4], [5, 6, 0, 0], [7, 8, 0, 0]])
    p, lower, upper = (part.compute() for part in da.linalg.lu(da.from_array(a, chunks=2)))
    close(p @ lower @ upper, a)


@pytest.mark.parametrize("dtype", DTYPES[:4])
@pytest.mark.parametrize("n, chunks", [(12, 4), (13, (5, 4)), (7, 7), (1, 1)])
def test_cholesky_is_numpys(n, chunks, dtype):
    a = positive_definite(n, dtype)
    x = da.from_array(a, chunks=chunks)
    close(da.linalg.cholesky(x, lower=True).compute(), np.linalg.cholesky(a))
    close(da.linalg.cholesky(x).compute(), np.linalg.cholesky(a).conj().T)


@pytest.mark.parametrize("dtype", DTYPES[:5])
@pytest.mark.parametrize("n, chunks, width", [(12, 4, None), (13, (5, 4), 3), (7, 7, 1), (9, (2, 9), 5)])
def test_systems_are_solved_as_by_numpy(n, chunks, width, dtype):
    a = square(n, dtype, seed=5)
    b = matrix((n,) if width is None else (n, width), dtype)
    x = da.from_array(a, chunks=chunks)
    right = da.from_array(b, chunks=2)
    expected = np.linalg.solve(a, b)
    found = da.linalg.solve(x, right)
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    close(found.compute(), expected)
    close(da.linalg.inv(x).compute(), np.linalg.inv(a))
    for lower, triangle in [(True, np.tril(a)), (False, np.triu(a))]:
        triangle = triangle + 9 * np.eye(n, dtype=a.dtype)
        whole = a + 9 * np.eye(n, dtype=a.dtype)
        found = da.linalg.solve_triangular(da.from_array(whole, chunks=chunks), right, lower=lower)
        close(found.compute(), np.linalg.solve(triangle, b))


def test_a_positive_definite_system_is_solved_by_cholesky():
    a, b = positive_definite(11), matrix((11, 2))
    x, right = da.from_array(a, chunks=3), da.from_array(b, chunks=2)
    close(da.linalg.solve(x, right, assume_a="pos").compute(), np.linalg.solve(a, b))
    close(da.linalg.solve(x, right, sym_pos=True).compute(), np.linalg.solve(a, b))
    with pytest.raises(ValueError, match="expected 'gen' or 'pos'"):
        da.linalg.solve(x, right, assume_a="sym")


@pytest.mark.parametrize("width", [None, 1, 3])
def test_least_squares_are_numpys(width):
    a = matrix((30, 4))
    b = matrix((30,) if width is None else (30, width), seed=1)
    found = [part.compute() for part in da.linalg.lstsq(da.from_array(a, chunks=(8, 4)), da.from_array(b, chunks=8))]
    for mine, numpys in zip(found, np.linalg.lstsq(a, b), strict=True):
        assert np.shape(mine) == np.shape(numpys)
        close(mine, numpys)


def test_least_squares_tell_the_rank():
    a = np.column_stack([np.arange(9.0), np.arange(9.0) * 2 + 1, np.ones(9)])
    a[:, 2] = a[:, 1] - 2 * a[:, 0] + 1e-3 * np.arange(9) ** 2
    assert da.linalg.lstsq(da.from_array(a, chunks=(3, 3)), da.ones(9, chunks=3))[2].compute() == np.linalg.matrix_rank(a) == 3


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("order", [None, 0, 1, -1, 2, -2, 3, 0.5, np.inf, -np.inf, "fro", "nuc", "other"])
@pytest.mark.parametrize("shape, axis", [((7,), None), ((5, 6), None), ((5, 6), 0), ((5, 6), -1), ((5, 6), (0, 1)), ((5, 6), (1, 0)),
                                         ((2, 3, 4), 1), ((2, 3, 4), (0, 2)), ((2, 3, 4), None), ((5, 6), 5), ((5, 6), (0, 0))])  # fmt: skip
def test_norms_are_numpys(shape, axis, order, keepdims):
    a = matrix(shape)
    try:
        expected = np.linalg.norm(a, order, axis, keepdims)
    except (ValueError, np.exceptions.AxisError):
        with pytest.raises((ValueError, IndexError)):
            da.linalg.norm(da.from_array(a, chunks=2), order, axis, keepdims).compute()
        return
    if len(shape) == 3 and axis == (0, 2) and order in (2, -2, "nuc"):
        with pytest.raises(NotImplementedError, match="two"):
            da.linalg.norm(da.from_array(a, chunks=2), order, axis, keepdims)
        return
    found = da.linalg.norm(da.from_array(a, chunks=2), order, axis, keepdims).compute()
    assert np.shape(found) == np.shape(expected)
    close(found, expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_norms_of_every_type(dtype):
    a = matrix((5, 6), dtype)
    found, expected = da.linalg.norm(da.from_array(a, chunks=2)), np.linalg.norm(a)
    assert found.dtype == expected.dtype
    close(found.compute(), expected)


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_every_scheduler_gives_the_same(scheduler):
    a = square(12)
    x = da.from_array(a, chunks=4)
    close((x @ da.linalg.inv(x)).compute(scheduler=scheduler), np.eye(12))
    u, s, v = da.linalg.svd(da.from_array(matrix((20, 3)), chunks=(5, 3)))
    close((u * s @ v).compute(scheduler=scheduler), matrix((20, 3)))


def test_matrices_that_have_no_answer_are_named():
    x = da.ones((4, 4), chunks=2)
    singular = da.zeros((4, 4), chunks=2)
    with pytest.raises(ValueError, match="not positive definite"):
        da.linalg.cholesky(singular).compute()
    with pytest.raises(ValueError, match="singular"):
        da.linalg.solve(singular, da.ones(4, chunks=2)).compute()
    with pytest.raises(ValueError, match=r"svd: .*(NaN|converge)"):
        da.linalg.svd(da.full((4, 4), np.nan, chunks=(2, 4)))[1].compute()
    assert np.isnan(da.linalg.qr(da.full((4, 2), np.nan, chunks=2))[1].compute()[0, 0])
    with pytest.raises(ValueError, match=r"lu: the matrix has shape \(4, 3\), expected a square one"):
        da.linalg.lu(da.ones((4, 3)))
    with pytest.raises(ValueError, match=r"qr: the array has shape \(4,\), expected two axes"):
        da.linalg.qr(da.ones(4))
    with pytest.raises(ValueError, match="4 rows meet 3"):
        da.linalg.solve(x, da.ones(3))
    with pytest.raises(ValueError, match="2 columns of blocks, expected one"):
        da.linalg.tsqr(x)
    with pytest.raises(ValueError, match="2 rows of blocks, expected one"):
        da.linalg.sfqr(x)
    with pytest.raises(TypeError, match="float16"):
        da.linalg.qr(x.astype("f2"))
    with pytest.raises(ValueError, match="fewer equations than unknowns"):
        da.linalg.lstsq(da.ones((2, 3)), da.ones(2))
    with pytest.raises(NotImplementedError, match="full_matrices"):
        da.linalg.svd(x, full_matrices=True)
    with pytest.raises(AttributeError, match="did you mean `qr`|qr"):
        da.linalg.qrr(x)


def test_empty_matrices():
    q, r = da.linalg.qr(da.ones((5, 0)))
    assert (q.compute().shape, r.compute().shape) == ((5, 0), (0, 0))
    assert da.linalg.svd(da.ones((0, 3)))[1].compute().shape == (0,)
    assert da.linalg.inv(da.ones((0, 0))).compute().shape == (0, 0)
