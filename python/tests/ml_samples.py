"""Rows for the tests of machine learning: random ones, cut at random, and scikit-learn's answer beside ours."""

import warnings
from contextlib import contextmanager

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

import plait
import plait.array as da
import plait.dataframe as dd

# Draws are the same in every run, so that a failure is never an accident. They are small and stay as they are drawn: a seed does not
# become simpler by being smaller.
SETTINGS = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "phases": (Phase.explicit, Phase.generate)}
EXECUTORS = ["sync", "threads", "processes", "small budget"]


class Run:
    """One way to hold rows lazily and to compute with them: in which blocks, as arrays or frames, by which executor."""

    def __init__(self, executor, shares, as_frame):
        self.executor, self.shares, self.as_frame = executor, shares, as_frame

    def __repr__(self):
        return f"Run({self.executor!r}, {self.shares}, as_frame={self.as_frame})"

    @contextmanager
    def scope(self):
        # 24 KiB hold a few of the blocks: of what a fit keeps a part goes to disk where rows are many.
        small = {"memory-budget": "24KiB", "scheduler": "threads"}
        with plait.config.set(small if self.executor == "small budget" else {"scheduler": self.executor}), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield

    def chunks(self, num_rows):
        """Blocks of rows: empty ones where two shares are the same, and perhaps one of one row at the beginning."""
        ends = sorted({1, *(round(share * num_rows) for share in self.shares)} if self.shares else []) + [num_rows]
        ends = [min(end, num_rows) for end in sorted(ends + [round(share * num_rows) for share in self.shares[:1]])]
        return tuple(int(length) for length in np.diff([0, *ends]))

    def array(self, x):
        """A lazy array of ``x``."""
        return da.from_array(x, chunks=(self.chunks(len(x)), *x.shape[1:]))

    def rows(self, x):
        """Features as a lazy array, or as a frame whose partitions' lengths are not known."""
        return self.frame(pd.DataFrame(x, columns=names(x))) if self.as_frame else self.array(x)

    def column(self, y):
        """Targets, labels or weights: an array or a series."""
        return self.frame(pd.Series(y)) if self.as_frame else self.array(np.asarray(y))

    def frame(self, frame):
        """A lazy frame or series of ``frame``."""
        bounds = np.cumsum([0, *self.chunks(len(frame))])
        parts = [frame.iloc[first:last] for first, last in zip(bounds, bounds[1:])]
        return dd.from_map(parts.__getitem__, range(len(parts)), meta=frame.iloc[:0])


def names(x):
    """The names of the columns of a frame of ``x``."""
    return [f"c{j}" for j in range(x.shape[1])]


def runs(executors=EXECUTORS, as_frame=(False, True)):
    shares = st.lists(st.sampled_from([0.0, 0.1, 0.35, 0.5, 0.9, 1.0]), max_size=5)
    return st.builds(Run, st.sampled_from(list(executors)), shares, st.sampled_from(as_frame))


def matrix(seed, num_rows, columns, dtype="float64", holes=False):
    """Random rows of different scales: one column lies far from zero, and one has few different values."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(num_rows, columns)) * rng.uniform(0.5, 3, columns)
    x[:, 0] += 5
    x[:, -1] = rng.integers(-2, 3, num_rows)
    if np.dtype(dtype).kind in "iu":
        return (x.round() + (20 if np.dtype(dtype).kind == "u" else 0)).astype(dtype)
    if holes:
        x[rng.random(x.shape) < 0.15] = np.nan
    return x.astype(dtype)


def answer(function, *arguments, **kwargs):
    """What a function gives, or the class of what it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(*arguments, **kwargs)
        except (ValueError, TypeError, AttributeError) as error:
            return error


def same(found, expected, rtol=1e-9, atol=1e-9):
    """Fails where two answers differ: numbers up to rounding, all else exactly; errors by their class."""
    if isinstance(expected, Exception) or isinstance(found, Exception):
        assert type(found) is type(expected), f"found {found!r}, expected {expected!r}"
        return
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    if expected.dtype.kind == "f":
        np.testing.assert_allclose(found.astype(float), expected, rtol=rtol, atol=atol)
    else:
        np.testing.assert_array_equal(found, expected)


def same_attributes(found, expected, rtol=1e-9, atol=1e-9, without=()):
    """Fails where what scikit-learn's estimator has learnt is otherwise, or missing, in ours."""
    for name, value in vars(expected).items():
        if not name.endswith("_") or name.startswith("_") or name in without:
            continue
        own = getattr(found, name)
        if isinstance(value, list):
            assert len(own) == len(value), name
            for one, other in zip(own, value):
                same(one, other, rtol, atol)
        elif value is None or isinstance(value, (bool, str)):
            assert own == value, name
        elif isinstance(value, (np.ndarray, int, float, np.number)):
            if np.asarray(value).dtype == object:
                for one, other in zip(own, value, strict=True):
                    same(one, other, rtol, atol)
            else:
                same(own, value, rtol, atol)
