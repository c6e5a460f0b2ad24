"""Random data to try estimators on, made where it is needed, with the names of ``dask_ml.datasets``.

With a seed it is the same whatever the executor; each block of rows has random numbers of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ..array import Array, concatenate, from_delayed, normalize_chunks
from ..dataframe import DataFrame, from_map
from ..delayed import delayed
from .model_selection._split import seed_of

__all__ = ["make_blobs", "make_classification", "make_classification_df", "make_counts", "make_regression", "random_date"]


def _row_chunks(n_samples: int, n_features: int, chunks: Any) -> tuple:
    """The rows of each block; all columns are in one.

    Raises
    ------
    ValueError
        If ``chunks`` cut the columns.
    """
    if chunks is None:
        chunks = "auto"
    if isinstance(chunks, (tuple, list)) and len(chunks) == 2:
        rows, columns = normalize_chunks(tuple(chunks), (n_samples, n_features))
        if len(columns) > 1:
            raise ValueError(f"chunks cut the {n_features} features into {columns}: the columns must be in one block")
        return rows
    return normalize_chunks((chunks if not isinstance(chunks, (tuple, list)) else tuple(chunks), n_features), (n_samples, n_features), dtype=np.float64)[0]


def _in_blocks(rows: tuple, seed: int, make: Callable, width: int, dtype: Any) -> tuple[Array, Array]:
    """Rows and what belongs to them, of ``make(generator, count)``, which gives both."""
    call = delayed(_made, pure=True, nout=2)
    parts = [call(make, seed, number, count) for number, count in enumerate(rows)]
    x = [from_delayed(part[0], (count, width), np.float64) for part, count in zip(parts, rows)]
    y = [from_delayed(part[1], (count,), dtype) for part, count in zip(parts, rows)]
    return concatenate(x), concatenate(y)


def _made(make: Callable, seed: int, number: int, count: int) -> tuple:
    return make(np.random.default_rng([seed, number]), count)


class _Blobs:
    def __init__(self, centers: np.ndarray, spread: np.ndarray, shares: np.ndarray):
        self.centers, self.spread, self.shares = centers, spread, shares

    def __call__(self, rng: Any, count: int) -> tuple:
        y = rng.choice(len(self.centers), count, p=self.shares)
        return self.centers[y] + rng.normal(size=(count, self.centers.shape[1])) * self.spread[y][:, None], y


def make_blobs(
    n_samples: Any = 100,
    n_features: int = 2,
    centers: Any = None,
    cluster_std: Any = 1.0,
    center_box: tuple = (-10.0, 10.0),
    shuffle: bool = True,
    random_state: Any = None,
    chunks: Any = None,
) -> tuple[Array, Array]:
    """Normally distributed rows around some centers, and the number of each row's center.

    Parameters
    ----------
    n_samples : int or list of int
        In all, or about so many of each center.
    n_features : int
    centers : int or array of shape (n_centers, n_features), optional
        Default is three.
    cluster_std : float or list of float
    center_box : tuple of float
        Between which random centers lie.
    shuffle : bool
        Taken for scikit-learn's sake: rows are in random order.
    random_state : int, RandomState or None
    chunks : int or tuple, optional

    Examples
    --------
    >>> from plait.ml.datasets import make_blobs
    >>> x, y = make_blobs(100, chunks=50, random_state=0)
    >>> x.shape, x.chunks[0], int(y.max().compute())
    ((100, 2), (50, 50), 2)
    """
    seed = seed_of(random_state)
    counts = None if np.isscalar(n_samples) else np.asarray(n_samples)
    if centers is None:
        centers = 3 if counts is None else len(counts)
    if np.ndim(centers) == 0:
        centers = np.random.default_rng([seed, 2**32 - 1]).uniform(center_box[0], center_box[1], size=(int(centers), n_features))
    centers = np.asarray(centers, dtype=float)
    if counts is not None and len(counts) != len(centers):
        raise ValueError(f"Length of `n_samples` not consistent with number of centers. Got n_samples = {n_samples} and centers = {len(centers)}")
    total = int(n_samples if counts is None else counts.sum())
    shares = np.full(len(centers), 1 / len(centers)) if counts is None else counts / counts.sum()
    spread = np.broadcast_to(np.asarray(cluster_std, dtype=float), len(centers))
    rows = _row_chunks(total, centers.shape[1], chunks)
    return _in_blocks(rows, seed, _Blobs(centers, spread, shares), centers.shape[1], np.dtype(np.int64))


class _Linear:
    """Rows, and what a function makes of their product with coefficients."""

    def __init__(self, coefficients: np.ndarray, bias: float, outcome: str, noise: float):
        self.coefficients, self.bias, self.outcome, self.noise = coefficients, bias, outcome, noise

    def __call__(self, rng: Any, count: int) -> tuple:
        x = rng.normal(size=(count, len(self.coefficients)))
        z = x @ self.coefficients + self.bias
        if self.outcome == "class":
            y = (rng.random(count) < 1 / (1 + np.exp(-z))).astype(np.int64)
            flipped = rng.random(count) < self.noise
            return x, np.where(flipped, rng.integers(0, 2, count), y)
        if self.outcome == "count":
            return x, rng.poisson(np.exp(z))
        return x, z + rng.normal(scale=self.noise, size=count) if self.noise else z


def _coefficients(seed: int, n_features: int, n_informative: int, scale: float, what: str) -> np.ndarray:
    if not 0 <= n_informative <= n_features:
        raise ValueError(f"{what}: n_informative={n_informative} must be between 0 and n_features={n_features}")
    rng = np.random.default_rng([seed, 2**32 - 1])
    found = np.zeros(n_features)
    found[rng.permutation(n_features)[:n_informative]] = rng.normal(scale=scale, size=n_informative)
    return found


def make_classification(
    n_samples: int = 100,
    n_features: int = 20,
    n_informative: int = 2,
    n_redundant: int = 2,
    n_repeated: int = 0,
    n_classes: int = 2,
    n_clusters_per_class: int = 2,
    weights: Any = None,
    flip_y: float = 0.01,
    class_sep: float = 1.0,
    hypercube: bool = True,
    shift: float = 0.0,
    scale: float = 1.0,
    shuffle: bool = True,
    random_state: Any = None,
    chunks: Any = None,
) -> tuple[Array, Array]:
    """Rows of two classes, whose odds are linear in ``n_informative`` of the features.

    Parameters
    ----------
    n_samples, n_features, n_informative : int
    flip_y : float
        The share of rows whose class is random.
    scale : float
        How large the coefficients are, and so how far the classes are apart.
    random_state : int, RandomState or None
    chunks : int or tuple, optional
    n_redundant, n_repeated, n_clusters_per_class, weights, class_sep, hypercube, shift, shuffle
        Taken for scikit-learn's sake, as in dask-ml.

    Raises
    ------
    ValueError
        If there are other than two classes, or the columns are cut.
    """
    if n_classes != 2:
        raise ValueError(f"make_classification makes two classes; n_classes={n_classes} is not there, see make_blobs for more")
    seed = seed_of(random_state)
    make = _Linear(_coefficients(seed, n_features, n_informative, scale, "make_classification"), 0.0, "class", flip_y)
    return _in_blocks(_row_chunks(n_samples, n_features, chunks), seed, make, n_features, np.dtype(np.int64))


def make_regression(
    n_samples: int = 100,
    n_features: int = 100,
    n_informative: int = 10,
    n_targets: int = 1,
    bias: float = 0.0,
    effective_rank: Any = None,
    tail_strength: float = 0.5,
    noise: float = 0.0,
    shuffle: bool = True,
    coef: bool = False,
    random_state: Any = None,
    chunks: Any = None,
) -> tuple:
    """Rows, and numbers that are linear in ``n_informative`` of the features.

    Parameters
    ----------
    n_samples, n_features, n_informative : int
    bias : float
        Is added to all numbers.
    noise : float
        The deviation of what is random in them.
    coef : bool
        Whether to give the coefficients, too.
    random_state : int, RandomState or None
    chunks : int or tuple, optional
    n_targets, effective_rank, tail_strength, shuffle
        Taken for scikit-learn's sake; one target is made.
    """
    if n_targets != 1:
        raise ValueError(f"make_regression makes one target; found n_targets={n_targets}")
    seed = seed_of(random_state)
    true = _coefficients(seed, n_features, min(n_informative, n_features), 100.0, "make_regression")
    x, y = _in_blocks(_row_chunks(n_samples, n_features, chunks), seed, _Linear(true, bias, "number", noise), n_features, np.dtype(np.float64))
    return (x, y, true) if coef else (x, y)


def make_counts(
    n_samples: int = 1000, n_features: int = 100, random_state: Any = None, scale: float = 1.0, chunks: Any = 100, n_informative: int = 10
) -> tuple[Array, Array]:
    """Rows, and counts whose mean's logarithm is linear in ``n_informative`` of the features.

    Parameters
    ----------
    n_samples, n_features, n_informative : int
    scale : float
        How large the coefficients are.
    random_state : int, RandomState or None
    chunks : int or tuple
    """
    seed = seed_of(random_state)
    true = _coefficients(seed, n_features, min(n_informative, n_features), scale / np.sqrt(max(1, n_informative)), "make_counts")
    return _in_blocks(_row_chunks(n_samples, n_features, chunks), seed, _Linear(true, 0.0, "count", 0.0), n_features, np.dtype(np.int64))


def random_date(start: Any, end: Any, random_state: Any = None) -> Any:
    """A day between two, at random."""
    days = (end - start).days
    return start + pd.Timedelta(days=int(np.random.default_rng(seed_of(random_state)).integers(0, max(days, 1))))


def make_classification_df(
    n_samples: int = 10000, response_rate: float = 0.5, predictability: float = 0.1, random_state: Any = None, chunks: Any = None, dates: Any = None, **kwargs: Any
) -> tuple:
    """A frame of features, and a series of two classes.

    Parameters
    ----------
    n_samples : int
    response_rate : float
        The share of the second class.
    predictability : float
        How much the features tell, between 0 and 1.
    random_state : int, RandomState or None
    chunks : int, optional
        Rows of a partition; default is a tenth of all.
    dates : tuple of datetime.date, optional
        Two days: a column ``date`` lies between them.
    **kwargs : object
        ``n_features`` (20) and ``n_informative`` (2).

    Returns
    -------
    X : DataFrame
    y : Series
    """
    seed = seed_of(random_state)
    n_features, n_informative = kwargs.pop("n_features", 20), kwargs.pop("n_informative", 2)
    size = max(1, n_samples // 10) if chunks is None else int(chunks[0] if isinstance(chunks, (tuple, list)) else chunks)
    counts = [min(size, n_samples - start) for start in range(0, n_samples, size)]
    true = _coefficients(seed, n_features, n_informative, 1.0, "make_classification_df")
    true = true / max(np.linalg.norm(true), 1e-12) * 10 * predictability
    make = _Part(seed, true, response_rate, dates)
    frame: DataFrame = from_map(make, range(len(counts)), counts, meta=make(0, 0), label="make-classification")  # type: ignore[assignment]
    return frame[[name for name in frame.columns if name != "target"]], frame["target"]


class _Part:
    def __init__(self, seed: int, coefficients: np.ndarray, rate: float, dates: Any):
        self.seed, self.coefficients, self.rate, self.dates = seed, coefficients, rate, dates

    def __call__(self, number: int, count: int) -> pd.DataFrame:
        rng = np.random.default_rng([self.seed, number])
        x = rng.normal(size=(count, len(self.coefficients)))
        # The deviation of the odds pulls the mean probability towards a half; the bias makes up for it.
        spread = np.sqrt(1 + np.pi * np.sum(self.coefficients**2) / 8)
        likely = 1 / (1 + np.exp(-(x @ self.coefficients + np.log(self.rate / (1 - self.rate)) * spread)))
        frame = pd.DataFrame(x, columns=[f"feature_{i}" for i in range(x.shape[1])])
        if self.dates is not None:
            start, end = map(pd.Timestamp, self.dates)
            frame.insert(0, "date", start + pd.to_timedelta(rng.integers(0, max((end - start).days, 1), count), unit="D"))
        frame["target"] = (rng.random(count) < likely).astype(np.int64)
        return frame
