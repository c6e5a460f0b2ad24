"""Statistical tests of lazy arrays, as in ``scipy.stats``: sums are lazy, and distributions are SciPy's.

Tests give a delayed pair of statistic and probability, which may be unpacked.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from .._lazy import LazyModule
from .._lazy import numpy as np
from ..delayed import Delayed, delayed
from ._array import Array
from ._reductions import REDUCTIONS
from ._sources import asarray

_scipy: Any = LazyModule("scipy.stats")

Ttest_1sampResult = namedtuple("Ttest_1sampResult", ("statistic", "pvalue"))
Ttest_indResult = namedtuple("Ttest_indResult", ("statistic", "pvalue"))
Ttest_relResult = namedtuple("Ttest_relResult", ("statistic", "pvalue"))
Power_divergenceResult = namedtuple("Power_divergenceResult", ("statistic", "pvalue"))
SkewtestResult = namedtuple("SkewtestResult", ("statistic", "pvalue"))
KurtosistestResult = namedtuple("KurtosistestResult", ("statistic", "pvalue"))
NormaltestResult = namedtuple("NormaltestResult", ("statistic", "pvalue"))
F_onewayResult = namedtuple("F_onewayResult", ("statistic", "pvalue"))

# The powers of `power_divergence` that have a name.
_POWERS = {
    "pearson": 1,
    "log-likelihood": 0,
    "freeman-tukey": -0.5,
    "mod-log-likelihood": -1,
    "neyman": -2,
    "cressie-read": 2 / 3,
}


def _propagates(function: str, nan_policy: str) -> None:
    if nan_policy != "propagate":
        raise NotImplementedError(f"stats.{function}: nan_policy={nan_policy!r} is not there; expected 'propagate'")


def _extent(x: Array, axis: int | None) -> int:
    return x.size if axis is None else x.shape[axis]


def _mean(x: Any, axis: Any, keepdims: bool = False) -> Array:
    return REDUCTIONS["mean"](x, axis=axis, keepdims=keepdims)


def _sum(x: Any, axis: Any) -> Array:
    return REDUCTIONS["sum"](x, axis=axis)


def _two_sided(kind: type, statistic: Any, distribution: str, *freedom: Any) -> Any:
    return kind(statistic, 2 * getattr(_scipy, distribution).sf(np.abs(statistic), *freedom))


def _one_sided(kind: type, statistic: Any, distribution: str, *freedom: Any) -> Any:
    return kind(statistic, getattr(_scipy, distribution).sf(statistic, *freedom))


def _tested(way: Any, kind: type, statistic: Any, distribution: str, *freedom: Any) -> Delayed:
    return delayed(way, nout=2, pure=True)(kind, statistic, distribution, *freedom)


def ttest_ind(a: Any, b: Any, axis: int | None = 0, equal_var: bool = True) -> Delayed:
    """Whether two samples have one mean; see ``scipy.stats.ttest_ind``.

    Examples
    --------
    >>> t, p = da.stats.ttest_ind(da.arange(5), da.arange(5) + 10)
    >>> round(float(t.compute()), 6)
    -10.0
    """
    a, b = asarray(a), asarray(b)
    n1, n2 = _extent(a, axis), _extent(b, axis)
    v1, v2 = (REDUCTIONS["var"](x, axis=axis, ddof=1) for x in (a, b))
    if equal_var:
        freedom: Any = n1 + n2 - 2
        scale = np.sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / freedom * (1 / n1 + 1 / n2))
    else:
        u1, u2 = v1 / n1, v2 / n2
        freedom = (u1 + u2) ** 2 / (u1**2 / (n1 - 1) + u2**2 / (n2 - 1))
        scale = np.sqrt(u1 + u2)
    return _tested(_two_sided, Ttest_indResult, (_mean(a, axis) - _mean(b, axis)) / scale, "t", freedom)


def ttest_1samp(a: Any, popmean: Any, axis: int | None = 0, nan_policy: str = "propagate") -> Delayed:
    """Whether a sample has a given mean; see ``scipy.stats.ttest_1samp``."""
    _propagates("ttest_1samp", nan_policy)
    return _of_one_sample(Ttest_1sampResult, asarray(a), popmean, axis)


def ttest_rel(a: Any, b: Any, axis: int | None = 0, nan_policy: str = "propagate") -> Delayed:
    """Whether two samples of the same things have one mean; see ``scipy.stats.ttest_rel``."""
    _propagates("ttest_rel", nan_policy)
    return _of_one_sample(Ttest_relResult, asarray(a) - asarray(b), 0, axis)


def _of_one_sample(kind: type, x: Array, mean: Any, axis: int | None) -> Delayed:
    n = _extent(x, axis)
    scale = np.sqrt(REDUCTIONS["var"](x, axis=axis, ddof=1) / n)
    return _tested(_two_sided, kind, (_mean(x, axis) - mean) / scale, "t", n - 1)


def chisquare(f_obs: Any, f_exp: Any = None, ddof: int = 0, axis: int | None = 0) -> Delayed:
    """Whether frequencies are those that are expected; see ``scipy.stats.chisquare``."""
    return power_divergence(f_obs, f_exp, ddof, axis, "pearson")


def power_divergence(f_obs: Any, f_exp: Any = None, ddof: int = 0, axis: int | None = 0, lambda_: Any = None) -> Delayed:
    """Whether frequencies are those that are expected, by a statistic of Cressie and Read; see ``scipy.stats.power_divergence``.

    Raises
    ------
    ValueError
        If ``lambda_`` is none of the names.
    """
    if isinstance(lambda_, str) and lambda_ not in _POWERS:
        raise ValueError(f"power_divergence: lambda_ is {lambda_!r}, expected a number or one of {', '.join(map(repr, _POWERS))}")
    power = 1 if lambda_ is None else _POWERS[lambda_] if isinstance(lambda_, str) else lambda_
    observed = asarray(f_obs).astype(np.float64)
    expected = _mean(observed, axis, keepdims=True) if f_exp is None else asarray(f_exp).astype(np.float64)
    if power == 1:
        terms = (observed - expected) ** 2 / expected
    elif power == 0:
        terms = 2.0 * _x_log(observed, observed / expected)
    elif power == -1:
        terms = 2.0 * _x_log(expected, expected / observed)
    else:
        terms = observed * ((observed / expected) ** power - 1) / (0.5 * power * (power + 1))
    count = _extent(observed, axis)
    return _tested(_one_sided, Power_divergenceResult, _sum(terms, axis), "chi2", count - 1 - ddof)


def _x_log(x: Array, y: Array) -> Array:
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))


def moment(a: Any, moment: int = 1, axis: int | None = 0, nan_policy: str = "propagate") -> Array:
    """The central moment of an order; see ``scipy.stats.moment``."""
    _propagates("moment", nan_policy)
    x = asarray(a)
    return _mean((x - _mean(x, axis, keepdims=True)) ** moment, axis)


def skew(a: Any, axis: int | None = 0, bias: bool = True, nan_policy: str = "propagate") -> Array:
    """The skewness; see ``scipy.stats.skew``.

    Examples
    --------
    >>> float(da.stats.skew(da.arange(5)).compute())
    0.0
    """
    _propagates("skew", nan_policy)
    x = asarray(a)
    second, third = moment(x, 2, axis), moment(x, 3, axis)
    found = np.where(second == 0, 0.0, third / np.where(second == 0, 1.0, second) ** 1.5)
    n = _extent(x, axis)
    return found if bias or n <= 2 else found * (((n - 1) * n) ** 0.5 / (n - 2))


def kurtosis(a: Any, axis: int | None = 0, fisher: bool = True, bias: bool = True, nan_policy: str = "propagate") -> Array:
    """The kurtosis, of which a normal distribution has 0, or 3 if not ``fisher``; see ``scipy.stats.kurtosis``."""
    _propagates("kurtosis", nan_policy)
    x = asarray(a)
    second, fourth = moment(x, 2, axis), moment(x, 4, axis)
    found = np.where(second == 0, 0.0, fourth / np.where(second == 0, 1.0, second) ** 2)
    n = _extent(x, axis)
    if not bias and n > 3:
        found = ((n**2 - 1.0) * found - 3 * (n - 1) ** 2.0) / ((n - 2) * (n - 3)) + 3.0
    return found - 3 if fisher else found


def _skew_z(x: Array, axis: int | None) -> Array:
    n = float(_extent(x, axis))
    if n < 8:
        raise ValueError(f"skewtest is not valid with less than 8 samples; {int(n)} samples were given.")
    y = skew(x, axis) * ((n + 1) * (n + 3) / (6.0 * (n - 2))) ** 0.5
    beta = 3.0 * (n**2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2.0) * (n + 5) * (n + 7) * (n + 9))
    w = -1 + (2 * (beta - 1)) ** 0.5
    delta, alpha = 1 / (0.5 * np.log(w)) ** 0.5, (2.0 / (w - 1)) ** 0.5
    y = np.where(y == 0, 1.0, y) / alpha
    return delta * np.log(y + np.sqrt(y**2 + 1))


def _kurtosis_z(x: Array, axis: int | None) -> Array:
    n = float(_extent(x, axis))
    expected = 3.0 * (n - 1) / (n + 1)
    spread = 24.0 * n * (n - 2) * (n - 3) / ((n + 1) ** 2 * (n + 3) * (n + 5))
    distance = (kurtosis(x, axis, fisher=False) - expected) / spread**0.5
    root = 6.0 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * ((6.0 * (n + 3) * (n + 5)) / (n * (n - 2) * (n - 3))) ** 0.5
    scale = 6.0 + 8.0 / root * (2.0 / root + (1 + 4.0 / root**2) ** 0.5)
    below = 1 + distance * (2 / (scale - 4.0)) ** 0.5
    part = np.sign(below) * np.where(below == 0, np.nan, ((1 - 2.0 / scale) / np.absolute(below)) ** (1 / 3))
    return (1 - 2 / (9.0 * scale) - part) / (2 / (9.0 * scale)) ** 0.5


def skewtest(a: Any, axis: int | None = 0, nan_policy: str = "propagate") -> Delayed:
    """Whether the skewness is that of a normal distribution; see ``scipy.stats.skewtest``.

    Raises
    ------
    ValueError
        For less than 8 samples.
    """
    _propagates("skewtest", nan_policy)
    return _tested(_two_sided, SkewtestResult, _skew_z(asarray(a), axis), "norm")


def kurtosistest(a: Any, axis: int | None = 0, nan_policy: str = "propagate") -> Delayed:
    """Whether the kurtosis is that of a normal distribution; see ``scipy.stats.kurtosistest``."""
    _propagates("kurtosistest", nan_policy)
    return _tested(_two_sided, KurtosistestResult, _kurtosis_z(asarray(a), axis), "norm")


def normaltest(a: Any, axis: int | None = 0, nan_policy: str = "propagate") -> Delayed:
    """Whether a sample is of a normal distribution; see ``scipy.stats.normaltest``."""
    _propagates("normaltest", nan_policy)
    x = asarray(a)
    return _tested(_one_sided, NormaltestResult, _skew_z(x, axis) ** 2 + _kurtosis_z(x, axis) ** 2, "chi2", 2)


def f_oneway(*args: Any) -> Delayed:
    """Whether several samples have one mean; see ``scipy.stats.f_oneway``.

    Raises
    ------
    ValueError
        For less than two samples.
    """
    if len(args) < 2:
        raise ValueError(f"f_oneway: expected at least two samples, found {len(args)}")
    samples = [asarray(x) for x in args]
    counts = [x.shape[0] for x in samples]
    total = sum(counts)
    whole = sum(_sum(x, 0) for x in samples) / total
    within = sum(_sum((x - _mean(x, 0)) ** 2, 0) for x in samples)
    between = sum(n * (_mean(x, 0) - whole) ** 2 for n, x in zip(counts, samples, strict=True))
    groups = len(samples)
    return _tested(_one_sided, F_onewayResult, (between / (groups - 1)) / (within / (total - groups)), "f", groups - 1, total - groups)


__all__ = [
    "chisquare",
    "f_oneway",
    "kurtosis",
    "kurtosistest",
    "moment",
    "normaltest",
    "power_divergence",
    "skew",
    "skewtest",
    "ttest_1samp",
    "ttest_ind",
    "ttest_rel",
]
