"""Every universal function of the engine against NumPy, for every type and the numbers at which they differ."""

import warnings

import numpy as np
import pytest

import plait.array as da
from array_samples import DTYPES
from plait import _plait

UFUNCS = _plait.arrays.ufuncs()


def special(dtype) -> np.ndarray:
    """Numbers at the ends of a type, around zero and where branches are."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.array([True, False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return np.array([0, 1, 2, 3, 7, info.max, info.max - 1, info.min, max(info.min, -2)], dtype=dtype)
    info = np.finfo(dtype)
    reals = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.75, info.max, info.tiny, info.smallest_subnormal, np.inf, -np.inf, np.nan]
    if dtype.kind == "f":
        return np.array(reals, dtype=dtype)
    return np.array([0, 1, -1, 0.5 - 2j, 3.75 + 0.25j, -1.5 + 1j], dtype=dtype)


def outcome(call):
    """What a call gives, or that it is refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(call())
    except TypeError:
        return "TypeError"


def agree(expected, found, name):
    if isinstance(expected, str) or isinstance(found, str):
        assert isinstance(expected, str) == isinstance(found, str), (name, expected, found)
        return
    assert found.dtype == expected.dtype
    if expected.dtype.kind in "fc":
        # Float16 is rounded from float32, and glibc's vector functions are up to 4 units in the last place off.
        eps = np.finfo(expected.dtype).eps
        np.testing.assert_allclose(found, expected, rtol=8 * eps, atol=4 * np.finfo(expected.dtype).smallest_subnormal)
    else:
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: np.dtype(dtype).name)
@pytest.mark.parametrize("name", UFUNCS)
def test_ufunc_agrees_with_numpy(name, dtype):
    x = special(dtype)
    ufunc = getattr(np, name)
    if ufunc.nin == 1:
        expected, found = outcome(lambda: ufunc(x)), outcome(lambda: getattr(da, name)(da.from_array(x, chunks=4)).compute())
    else:
        a, b = x[:, None], x[None, :]
        if "shift" in name:
            b = b[(b >= 0) & (b < 8 * b.dtype.itemsize)][None, :]
        if name == "power" and x.dtype.kind == "i":
            b = b[b >= 0][None, :]  # NumPy refuses negative powers of integers
        lazy = da.from_array(a, chunks=4), da.from_array(b, chunks=3)
        expected, found = outcome(lambda: ufunc(a, b)), outcome(lambda: getattr(da, name)(*lazy).compute())
    agree(expected, found, name)
