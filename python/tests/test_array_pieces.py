"""Arrays of pieces, indices, parts of numbers and Fourier transforms against NumPy; chunks against Dask."""

import hypothesis.strategies as st
import numpy as np
import pytest

import plait.array as da
from array_samples import check, holds_for, lazy, same_or_raises

dask_array = pytest.importorskip("dask.array")

A = np.random.default_rng(3).normal(size=(12, 6))


def of(m, x=A, chunks=(5, 4)):
    return m if m is np else m.from_array(x, chunks=chunks[-x.ndim :])


PIECES = {
    "block": lambda m, x: m.block([[x, x[:, :2]], [x[:3, :2], x[:3]]]),
    "block of numbers": lambda m, x: m.block([1, 2, x[0]]),
    "block, deep": lambda m, x: m.block([[[x], [x]], [[x], [x]]]),
    "block, no list": lambda m, x: m.block(x),
    "insert": lambda m, x: m.insert(x, 3, 7, axis=0),
    "insert several": lambda m, x: m.insert(x, [5, 0, -1, 5], np.arange(6.0), axis=0),
    "insert a column": lambda m, x: m.insert(x, 2, np.arange(12.0), axis=1),
    "insert rows": lambda m, x: m.insert(x, 4, np.ones((2, 6)), axis=0) if m is not np else np.insert(x, [4, 4], np.ones((2, 6)), axis=0),
    "insert a slice": lambda m, x: m.insert(x, slice(1, 4), 0, axis=-1),
    "insert flat": lambda m, x: m.insert(x, 5, 1),
    "delete": lambda m, x: m.delete(x, 3, axis=0),
    "delete several": lambda m, x: m.delete(x, [0, -1, 5, 5], axis=0),
    "delete a slice": lambda m, x: m.delete(x, slice(None, None, 2), axis=1),
    "delete a mask": lambda m, x: m.delete(x, np.arange(6) % 2 == 0, axis=1),
    "delete flat": lambda m, x: m.delete(x, 8),
    "delete nothing": lambda m, x: m.delete(x, [], axis=0),
    "delete all": lambda m, x: m.delete(x, slice(None), axis=0),
    "choose": lambda m, x: m.choose((x > 0).astype("i8"), [x, x * 10]),
    "piecewise": lambda m, x: m.piecewise(x, [x < 0, x > 1], [lambda b: -b, 7]),
    "sinc": lambda m, x: m.sinc(x * (x > 0)),
    "i0": lambda m, x: m.i0(x),
    "frexp": lambda m, x: m.frexp(x)[1],
    "modf": lambda m, x: m.modf(x)[0],
    "ldexp": lambda m, x: m.ldexp(x, (x > 0).astype("i4")),
    "unravel_index": lambda m, x: m.unravel_index((abs(x) * 5).astype("i8"), (10, 4))[1],
    "unravel_index, F": lambda m, x: m.unravel_index((abs(x) * 5).astype("i8"), (10, 4), order="F")[0],
    "ravel_multi_index": lambda m, x: m.ravel_multi_index([(x > 0).astype("i8"), (x > 1).astype("i8")], (2, 2)),
    "ravel_multi_index, clipped": lambda m, x: m.ravel_multi_index([(x * 5).astype("i8")] * 2, (2, 2), mode="clip"),
    "shuffle with places twice": lambda m, x: x.shuffle([[3, 3], [1]], 1) if m is da else x[:, [3, 3, 1]],
    "shuffle": lambda m, x: x.shuffle([[3, 0], [1, 2, 4, 5]], 1) if m is da else x[:, [3, 0, 1, 2, 4, 5]],
    "tril_indices": lambda m, x: m.tril_indices(5, 1, 7)[1],
    "triu_indices": lambda m, x: m.triu_indices(5, -1)[0],
    "tril_indices_from": lambda m, x: m.tril_indices_from(x)[0],
    "triu_indices_from": lambda m, x: m.triu_indices_from(x, k=2)[1],
}


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("chunks", [(5, 4), (12, 6), (1, 2)])
def test_pieces_are_numpys(name, chunks):
    check(PIECES[name](da, da.from_array(A, chunks=chunks)), PIECES[name](np, A), 1e-9)


@pytest.mark.parametrize("chunks", [(4, 3), (5, 4), (1, 1), (12, 6)])
def test_neighbours_become_one(chunks):
    x = da.from_array(A, chunks=chunks)
    check(da.coarsen(np.mean, x, {0: 3, 1: 2}), A.reshape(4, 3, 3, 2).mean(axis=(1, 3)), 1e-9)
    check(da.coarsen(np.sum, x, {0: 5}, trim_excess=True), A[:10].reshape(2, 5, 6).sum(axis=1), 1e-9)
    check(da.coarsen(np.max, x, {-1: 6}, keepdims=False), A.max(axis=1)[:, None], 1e-9)
    theirs = dask_array.coarsen(np.sum, dask_array.from_array(A, chunks=(4, 2)), {0: 2, 1: 2})
    assert da.coarsen(np.sum, da.from_array(A, chunks=(4, 2)), {0: 2, 1: 2}).chunks == theirs.chunks


WRONG = [
    (ValueError, "several depths", lambda x: da.block([[x], x])),
    (ValueError, "a list is empty", lambda x: da.block([[]])),
    (TypeError, "expected lists", lambda x: da.block([(x, x)])),
    (IndexError, "out of bounds", lambda x: da.insert(x, 13, 1, axis=0)),
    (IndexError, "out of bounds", lambda x: da.delete(x, 12, axis=0)),
    (ValueError, "axis 2 is out of bounds", lambda x: da.delete(x, 0, axis=2)),
    (IndexError, "expected whole numbers", lambda x: da.delete(x, [0.5], axis=0)),
    (NotImplementedError, "lazy positions", lambda x: da.delete(x, da.arange(2), axis=0)),
    (ValueError, "no multiples", lambda x: da.coarsen(np.sum, x, {0: 5})),
    (ValueError, "at least 1", lambda x: da.coarsen(np.sum, x, {0: 0})),
    (IndexError, "run from 1 to 6, but the axis has 6", lambda x: da.shuffle(x, [[1], [6]], 1)),
    (ValueError, "none of them empty", lambda x: da.shuffle(x, [[], [1]], 1)),
    (ValueError, "must be 2-d", lambda x: da.tril_indices_from(x[0])),
    (ValueError, "functions are expected", lambda x: da.piecewise(x, [x > 0], [1, 2, 3])),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_pieces_that_cannot_be_are_refused(number):
    kind, message, make = WRONG[number]
    with pytest.raises(kind, match=message):
        make(da.from_array(A, chunks=(5, 4)))


@holds_for(lazy(max_dims=2, dtypes=(np.int32, np.float64)), st.data())
def test_what_is_inserted_and_deleted_anywhere_is_numpys(pair, data):
    x, of_x = pair
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    places = data.draw(st.lists(st.integers(-x.shape[axis], x.shape[axis]), max_size=4))
    same_or_raises(lambda: np.insert(x, places, 5, axis=axis), lambda: da.insert(of_x, places, 5, axis=axis))
    same_or_raises(lambda: np.delete(x, places, axis=axis), lambda: da.delete(of_x, places, axis=axis))


ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
MANY = ["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"]


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("how", [{}, {"axis": 0}, {"n": 5, "axis": 1}, {"n": 20, "axis": -2}, {"norm": "ortho"}])
def test_transforms_along_an_axis_are_numpys(name, how):
    for x in (A, A.astype("f4"), A + 1j) if name in ("fft", "ifft", "irfft", "hfft") else (A, A.astype("f4")):
        expected = getattr(np.fft, name)(x, **how)
        check(getattr(da.fft, name)(da.from_array(x, chunks=(5, 4)), **how), expected, 1e-4 if x.dtype == "f4" else 1e-9, 1e-5)


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("how", [{}, {"axes": (1, 0)}, {"s": (5, 4), "axes": (0, 1)}, {"s": (20, 8), "axes": (-2, -1)}])
def test_transforms_along_several_axes_are_numpys(name, how):
    expected = getattr(np.fft, name)(A, **how)
    check(getattr(da.fft, name)(da.from_array(A, chunks=(5, 4)), **how), expected, 1e-9)
    check(np.fft.fft2(da.from_array(A, chunks=5)), np.fft.fft2(A), 1e-9)


def test_frequencies_are_numpys():
    for n in (1, 2, 5, 8):
        check(da.fft.fftfreq(n, 0.5, chunks=3), np.fft.fftfreq(n, 0.5))
        check(da.fft.rfftfreq(n, 0.5), np.fft.rfftfreq(n, 0.5))
    for axes in (None, 0, (0, 1)):
        check(da.fft.fftshift(da.from_array(A, chunks=5), axes), np.fft.fftshift(A, axes))
        check(da.fft.ifftshift(da.from_array(A[:11], chunks=5), axes), np.fft.ifftshift(A[:11], axes))


def test_transforms_that_cannot_be_are_refused():
    x = da.from_array(A, chunks=5)
    with pytest.raises(ValueError, match="not all axes"):
        da.fft.fft(x, axis=2)
    with pytest.raises(ValueError, match="invalid number of data points"):
        da.fft.fft(x, n=0)
    with pytest.raises(ValueError, match="unknown kind"):
        da.fft.fft_wrap(np.sum)
    with pytest.raises(ValueError, match="s has 1 entries for 2 axes"):
        da.fft.fft2(x, s=(3,))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["f4", "i8", "c16", "u1"])
def test_bytes_are_seen_as_other_types(dtype, order):
    x = da.from_array(A, chunks=(4, 2))
    expected = A.view(dtype) if order == "C" else np.ascontiguousarray(A.T).view(dtype).T
    found = x.view(dtype, order=order).compute(scheduler="sync")
    np.testing.assert_array_equal(found, expected)
    assert x.view(dtype, order=order).shape == expected.shape and x.view().dtype == x.dtype
    with pytest.raises(ValueError, match="cannot be seen as complex128"):
        da.from_array(A, chunks=(3, 3)).view("c16", order=order)


@pytest.mark.parametrize("axis", [None, 0, (0, 1), -1])
def test_central_moments_are_dasks(axis):
    for order in (0, 1, 2, 3, 4):
        theirs = dask_array.moment(dask_array.from_array(A, chunks=(5, 4)), order, axis=axis, ddof=1).compute()
        np.testing.assert_allclose(da.moment(da.from_array(A, chunks=(5, 4)), order, axis=axis, ddof=1).compute(), theirs, atol=1e-12)
    assert da.from_array(A, chunks=5).moment(2, axis=0, keepdims=True).shape == (1, 6)
    with pytest.raises(ValueError, match="Order must be an integer"):
        da.moment(da.ones(3), -1)


@pytest.mark.parametrize("axis", [0, 1])
def test_folders_of_blocks_come_back(tmp_path, axis):
    x = da.from_array(A, chunks=(5, 4))
    da.to_npy_stack(str(tmp_path / "stack"), x, axis=axis)
    assert sorted(path.name for path in (tmp_path / "stack").iterdir()) == [*(f"{i}.npy" for i in range(len(x.chunks[axis]))), "info"]
    check(da.from_npy_stack(str(tmp_path / "stack")), A)
    check(da.from_npy_stack(str(tmp_path / "stack"), mmap_mode=None), A)
    np.testing.assert_array_equal(dask_array.from_npy_stack(str(tmp_path / "stack")).compute(), A)
    (tmp_path / "stack" / "1.npy").unlink()
    with pytest.raises(FileNotFoundError, match="1.npy"):
        da.from_npy_stack(str(tmp_path / "stack"))
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        da.to_npy_stack(str(tmp_path / "stack"), x, axis=2)
