"""Random programs on lazy arrays against the same programs on NumPy: every dtype, no axis to four, empty and one-element axes, axes
counted from both ends, uneven and empty blocks.

A program is a list of steps (array_steps.py), each of which makes an array of those before it. A step that NumPy refuses must be
refused here, too. Fixed seeds run every time, and one that is printed, so that a failure can be had again: PLAIT_SEED=17 pytest ...
"""

from __future__ import annotations

import random

import numpy as np
import pytest

import plait.array as da
from array_steps import DTYPES, FOREIGN, choose, chunks_of, shape_of, values
from unseen_seeds import run_unseen

pytestmark = pytest.mark.filterwarnings("ignore")
MOST_ELEMENTS = 4000


class Program:
    """The arrays of both sides, and what was done."""

    def __init__(self, seed: int, schedulers: tuple[str, str]):
        self.rng = random.Random(seed)
        self.schedulers = schedulers
        shape = shape_of(self.rng)
        other = shape if self.rng.random() < 0.5 else self.stretchable(shape) if self.rng.random() < 0.7 else shape_of(self.rng)
        dtypes = FOREIGN if self.rng.random() < 0.15 else DTYPES
        self.numpy = [values(self.rng, self.rng.choice(dtypes), s) for s in (shape, other)]
        self.lazy = [da.from_array(x, chunks=chunks_of(self.rng, x.shape)) for x in self.numpy]
        self.steps = [f"{n}: {x.dtype} {x.shape} in {y.chunks}\n{x!r}" for n, (x, y) in enumerate(zip(self.numpy, self.lazy))]

    def stretchable(self, shape: tuple) -> tuple:
        return tuple(1 if self.rng.random() < 0.3 else extent for extent in shape[self.rng.randint(0, len(shape)) :])

    def step(self) -> None:
        rng = self.rng
        i = len(self.numpy) - 1 if rng.random() < 0.6 else rng.randrange(len(self.numpy))
        j = rng.randrange(len(self.numpy))
        a, b = self.numpy[i], self.numpy[j]
        step = choose(rng, a, b)
        told = f"a = {i}, b = {j}: {step.text}"
        try:
            expected = np.asarray(step.make(np, a, b))
        except Exception as error:
            self.must_fail(step, i, j, f"{told}: NumPy says {error!r}")
            return
        try:
            found = step.make(da, self.lazy[i], self.lazy[j])
            computed = self.checked(found, expected, step, (a, b), told)
        except NotImplementedError:
            return
        except AssertionError:
            raise
        except Exception as error:
            raise AssertionError(f"{told}: {error!r}; {self.told()}") from error
        if expected.size > MOST_ELEMENTS or found.dtype != expected.dtype:
            return
        if any(extent != extent for extent in found.shape):
            found = found.compute_chunk_sizes()
        if not step.is_exact:  # so that what follows does not tell apart what the two sides round otherwise
            found = da.from_array(expected, chunks=found.chunks)
        self.steps.append(f"{len(self.numpy)}: {told} -> {computed.dtype} {computed.shape} in {found.chunks}")
        self.numpy.append(expected)
        self.lazy.append(found)

    def checked(self, found, expected: np.ndarray, step, operands: tuple, told: str) -> np.ndarray:
        told = f"{told}; {self.told()}"
        is_text_scalar = expected.ndim == 0 and expected.dtype.kind in "US"  # which is as long as its text
        assert found.dtype == expected.dtype or is_text_scalar, f"{found.dtype}, expected {expected.dtype}: {told}"
        fits = len(found.shape) == expected.ndim and all(n != n or n == own for n, own in zip(found.shape, expected.shape))
        assert fits, f"{found.shape}, expected {expected.shape}: {told}"
        first, second = self.schedulers
        how = self.rng.choice([{"scheduler": first}, {"scheduler": second}, {"scheduler": first, "optimize_graph": False}])
        computed = np.asarray(found.compute(**how))
        if expected.dtype == np.float16 and not step.is_exact:  # NumPy's sums in it go beyond its ends
            computed, expected = (np.where(np.isfinite(expected), x, np.float16(0)) for x in (computed, expected))
        if expected.dtype.kind == "c" and not step.is_exact:
            computed, expected = without_infinities(computed), without_infinities(expected)
        assert (computed.dtype == expected.dtype or is_text_scalar) and computed.shape == expected.shape, f"{computed.dtype} {computed.shape}: {told}"
        eps = max(float(np.finfo(x.dtype).eps) for x in (expected, *operands, np.zeros(1)) if x.dtype.kind in "fc")
        size = max(spread(x) for x in operands)
        try:
            if step.is_exact or expected.dtype.kind in "biuMmUS":
                np.testing.assert_array_equal(computed, expected)
            else:
                np.testing.assert_allclose(computed, expected, rtol=200 * eps, atol=100 * eps * max(size, spread(expected), 1), equal_nan=True)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{how}; {told}") from None
        return computed

    def must_fail(self, step, i: int, j: int, told: str) -> None:
        try:
            found = step.make(da, self.lazy[i], self.lazy[j])
            found.compute(scheduler=self.schedulers[0])
        except Exception:
            return
        raise AssertionError(f"{told}, here is {found}; {self.told()}")

    def told(self) -> str:
        return "\n".join(self.steps)


def without_infinities(x: np.ndarray) -> np.ndarray:
    """What a complex number with an infinite part becomes is nobody's rule: it is no number."""
    return np.where(np.isfinite(x), x, np.nan + 0j).astype(x.dtype) if x.ndim or np.isfinite(x) else np.array(np.nan + 0j, x.dtype)


def spread(x: np.ndarray) -> float:
    """The largest finite number."""
    if x.dtype.kind not in "biufc":
        return 0.0
    sizes = np.abs(x.astype("c16"))
    return float(np.max(sizes, where=np.isfinite(sizes), initial=0.0)) * max(x.size, 1) ** 0.5


def run_program(seed: int, schedulers: tuple[str, str] = ("sync", "threads")) -> None:
    program = Program(seed, schedulers)
    with np.errstate(all="ignore"):
        for _ in range(program.rng.randint(3, 8)):
            program.step()


@pytest.mark.parametrize("first", range(0, 400, 20))
def test_random_programs_agree_with_numpy(first):
    for seed in range(first, first + 20):
        run_program(seed)


def test_random_programs_that_nobody_has_seen():
    run_unseen(run_program, 60)
