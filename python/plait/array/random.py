"""Random arrays: ``default_rng`` and ``RandomState`` with exactly Dask's numbers for the same seed and chunks."""

from __future__ import annotations

import numbers
import sys
import threading
from typing import TYPE_CHECKING, Any

from .. import _plait
from .._lazy import numpy as np
from .._missing_names import missing
from ._array import Array
from ._creation import arange
from ._operands import engine, is_integer, operand_or_itself as operand

_ops = _plait.arrays

# Distribution -> its parameters with their defaults (None: must be given), in NumPy's order.
_PARAMETERS: dict[str, dict[str, float | None]] = {
    name: parameters for name, parameters in _ops.distributions().items() if name not in ("random", "tomaxint", "standard_exponential_inverse")
}


def _words(number: int) -> list[int]:
    """A whole number in 32-bit words, the low one first."""
    if number < 0:
        raise ValueError(f"the seed is {number}, expected 0 or more")
    words = [number & 0xFFFFFFFF]
    while number := number >> 32:
        words.append(number & 0xFFFFFFFF)
    return words


def _entropy_words(seed: Any) -> list[int]:
    if isinstance(seed, numbers.Integral):
        return _words(int(seed))
    return [word for item in _seeds(seed) for word in _words(item)]


def _seeds(seed: Any, most: float = float("inf")) -> list[int]:
    """A list of whole numbers as Python's."""
    found = np.asarray(seed).ravel().tolist()
    if not all(is_integer(item) for item in found):
        raise TypeError(f"the seed is {seed!r}, expected a whole number or a list of them")
    if not all(0 <= item <= most for item in found):
        raise ValueError(f"the seed is {seed!r}, expected numbers from 0 to {most}")
    return found


class _Draws:
    """What Generator and RandomState share."""

    _streams: Any

    if TYPE_CHECKING:
        # What the lines below install.
        def beta(self, a: Any, b: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def binomial(self, n: Any, p: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def chisquare(self, df: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def exponential(self, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def f(self, dfnum: Any, dfden: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def gamma(self, shape: Any, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def geometric(self, p: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def gumbel(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def hypergeometric(self, ngood: Any, nbad: Any, nsample: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def laplace(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def logistic(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def lognormal(self, mean: Any = 0.0, sigma: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def logseries(self, p: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def negative_binomial(self, n: Any, p: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def noncentral_chisquare(self, df: Any, nonc: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def noncentral_f(self, dfnum: Any, dfden: Any, nonc: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def pareto(self, a: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def poisson(self, lam: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def power(self, a: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def rayleigh(self, scale: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def standard_cauchy(self, size: Any = None, chunks: Any = "auto") -> Array: ...
        def standard_exponential(self, size: Any = None, chunks: Any = "auto") -> Array: ...
        def standard_gamma(self, shape: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def standard_normal(self, size: Any = None, chunks: Any = "auto") -> Array: ...
        def standard_t(self, df: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def triangular(self, left: Any, mode: Any, right: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None, chunks: Any = "auto") -> Array: ...
        def vonmises(self, mu: Any, kappa: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def wald(self, mean: Any, scale: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def weibull(self, a: Any, size: Any = None, chunks: Any = "auto") -> Array: ...
        def zipf(self, a: Any, size: Any = None, chunks: Any = "auto") -> Array: ...

    def _drawn(self, name: str, parameters: list, size: Any, chunks: Any, dtype: Any = float, label: str = "") -> Array:
        return Array(self._streams.draw(name, [operand(p) for p in parameters], size, chunks, dtype, label))

    def _integers(self, label: str, low: Any, high: Any, size: Any, chunks: Any, dtype: Any, endpoint: bool) -> Array:
        low, high = (0, low) if high is None else (low, high)
        return Array(self._streams.integers(operand(low), operand(high), size, chunks, dtype, endpoint, label))

    def _choice(self, a: Any, size: Any, replace: bool, p: Any, shuffle: bool, chunks: Any) -> Array:
        population = a if isinstance(a, numbers.Integral) else engine(a)
        return Array(self._streams.choice(population, size, chunks, replace, p, shuffle))

    def permutation(self, x: Any) -> Array:
        """The numbers below ``x``, or the rows of an array, in random order."""
        is_count = isinstance(x, numbers.Number)
        return Array(self._streams.permutation(engine(arange(int(x)) if is_count else x)))

    def multinomial(self, n: int, pvals: Any, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """How often each of several outcomes happens in ``n`` trials: rows of counts along a last axis."""
        return Array(self._streams.multinomial(n, pvals, size, chunks))


class Generator(_Draws):
    """Random arrays from PCG64 streams, one spawned child a block; made by `default_rng`.

    The methods are those of ``numpy.random.Generator`` with the argument ``chunks``.
    """

    def __init__(self, seed: Any = None, chunk_invariant: bool = False):
        state = seed
        if hasattr(seed, "bit_generator"):
            state = seed.bit_generator
        if hasattr(state, "capsule"):
            if type(state).__name__ != "PCG64":
                raise NotImplementedError(f"the bit generator {type(state).__name__} is not there yet; expected PCG64")
            state = state.seed_seq
        spawn_key, spawned = [], 0
        if isinstance(state, np.random.SeedSequence):
            spawn_key = [word for item in state.spawn_key for word in _words(int(item))]
            spawned = state.n_children_spawned
            state = state.entropy
        entropy = None if state is None else _entropy_words(state)
        self._streams = _ops.Generator(entropy, spawn_key, spawned, chunk_invariant)

    def __repr__(self) -> str:
        return "Generator(PCG64)"

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Uniform numbers in [0, 1)."""
        return self._drawn("random", [], size, chunks, dtype)

    def integers(self, low: Any, high: Any = None, size: Any = None, dtype: Any = np.int64, endpoint: bool = False, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Whole numbers from ``low`` up to ``high``, which ``endpoint`` includes."""
        return self._integers("integers", low, high, size, chunks, dtype, endpoint)

    def choice(self, a: Any, size: Any = None, replace: bool = True, p: Any = None, axis: int = 0, shuffle: bool = True, chunks: Any = "auto") -> Array:
        """Random things of the numbers below ``a``, or of an array."""
        if axis != 0:
            raise ValueError(f"choice: axis is {axis}, expected 0")
        return self._choice(a, size, replace, p, shuffle, chunks)


class RandomState(_Draws):
    """Random arrays from Mersenne twisters, each block with a key of its own.

    The methods are those of ``numpy.random.RandomState`` with the argument ``chunks``.
    """

    def __init__(self, seed: Any = None, RandomState: Any = None):  # noqa: N803
        self.seed(seed)

    def __repr__(self) -> str:
        return "RandomState(MT19937)"

    def seed(self, seed: Any = None) -> None:
        """Begin again from ``seed``."""
        if isinstance(seed, numbers.Integral) and not 0 <= int(seed) < 1 << 32:
            raise ValueError(f"the seed is {seed}, expected a number from 0 to 2**32 - 1")
        if seed is not None:
            seed = int(seed) if is_integer(seed) else _seeds(seed, (1 << 32) - 1)
        self._streams = _ops.RandomState() if seed is None else _ops.RandomState(seed)

    def random_sample(self, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Uniform numbers in [0, 1)."""
        return self._drawn("random", [], size, chunks, label="random_sample")

    random = random_sample

    def randint(self, low: Any, high: Any = None, size: Any = None, chunks: Any = "auto", dtype: Any = "l", **kwargs: Any) -> Array:
        """Whole numbers from ``low`` up to, not including, ``high``."""
        return self._integers("randint", low, high, size, chunks, dtype, False)

    def random_integers(self, low: Any, high: Any = None, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Whole numbers from ``low`` to ``high``, both included; from 1 with one argument."""
        low, high = (1, low) if high is None else (low, high)
        return self._integers("random_integers", low, high, size, chunks, "l", True)

    def tomaxint(self, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Whole numbers of 63 bits."""
        return self._drawn("tomaxint", [], size, chunks, np.int64)

    def choice(self, a: Any, size: Any = None, replace: bool = True, p: Any = None, chunks: Any = "auto") -> Array:
        """Random things of the numbers below ``a``, or of an array."""
        return self._choice(a, size, replace, p, True, chunks)


def _distribution(name: str):
    parameters = _PARAMETERS[name]
    names = list(parameters)

    def method(self, *args, **kwargs):
        size = kwargs.pop("size", None)
        chunks = kwargs.pop("chunks", "auto")
        dtype = kwargs.pop("dtype", np.float64)
        values, rest = list(args[: len(names)]), args[len(names) :]  # size and chunks follow the parameters
        size, chunks = (*rest, *(size, chunks)[len(rest) :])[:2]
        for parameter in names[len(values) :]:
            value = kwargs.pop(parameter, parameters[parameter])
            if value is None:
                raise TypeError(f"{name}: the parameter {parameter} is missing; expected {', '.join(names)}")
            values.append(value)
        if kwargs:
            raise TypeError(f"{name}: unexpected arguments {', '.join(kwargs)}; expected {', '.join([*names, 'size', 'chunks'])}")
        return self._drawn(name, values, size, chunks, dtype)

    method.__name__, method.__qualname__ = name, f"_Draws.{name}"
    method.__doc__ = f"Numbers of the distribution ``{name}`` with the parameters {', '.join(names) or 'none'}, ``size`` and ``chunks``."
    return method


for _name in _PARAMETERS:
    setattr(_Draws, _name, _distribution(_name))


def default_rng(seed: Any = None, chunk_invariant: bool = False) -> Generator:
    """A new Generator.

    Parameters
    ----------
    seed : int, array_like of int, SeedSequence, BitGenerator or Generator, optional
        Where its numbers start; default is from the operating system.
    chunk_invariant : bool
        Whether numbers follow from the seed and an element's position alone, never from the chunks. Beyond Dask.

    Returns
    -------
    Generator
    """
    return seed if isinstance(seed, Generator) else Generator(seed, chunk_invariant)


# The module's own functions use one hidden RandomState, as Dask's do.
_lock = threading.Lock()
_hidden: RandomState | None = None


def _hidden_state() -> RandomState:
    global _hidden
    if _hidden is None:
        _hidden = RandomState()
    return _hidden


def _module_function(name: str):
    def function(*args, **kwargs):
        with _lock:
            return getattr(_hidden_state(), name)(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "plait.array.random"
    function.__doc__ = getattr(RandomState, name).__doc__
    return function


_FUNCTIONS = (*_PARAMETERS, "seed", "choice", "multinomial", "permutation", "randint", "random", "random_integers", "random_sample")
for _name in _FUNCTIONS:
    globals()[_name] = _module_function(_name)


if TYPE_CHECKING:
    _typed = RandomState()
    beta = _typed.beta
    binomial = _typed.binomial
    chisquare = _typed.chisquare
    choice = _typed.choice
    exponential = _typed.exponential
    f = _typed.f
    gamma = _typed.gamma
    geometric = _typed.geometric
    gumbel = _typed.gumbel
    hypergeometric = _typed.hypergeometric
    laplace = _typed.laplace
    logistic = _typed.logistic
    lognormal = _typed.lognormal
    logseries = _typed.logseries
    multinomial = _typed.multinomial
    negative_binomial = _typed.negative_binomial
    noncentral_chisquare = _typed.noncentral_chisquare
    noncentral_f = _typed.noncentral_f
    normal = _typed.normal
    pareto = _typed.pareto
    permutation = _typed.permutation
    poisson = _typed.poisson
    power = _typed.power
    randint = _typed.randint
    random = _typed.random
    random_integers = _typed.random_integers
    random_sample = _typed.random_sample
    rayleigh = _typed.rayleigh
    seed = _typed.seed
    standard_cauchy = _typed.standard_cauchy
    standard_exponential = _typed.standard_exponential
    standard_gamma = _typed.standard_gamma
    standard_normal = _typed.standard_normal
    standard_t = _typed.standard_t
    triangular = _typed.triangular
    uniform = _typed.uniform
    vonmises = _typed.vonmises
    wald = _typed.wald
    weibull = _typed.weibull
    zipf = _typed.zipf
else:

    def __getattr__(name: str):
        raise missing(__name__, name, sys.modules[__name__])


__all__ = ["Generator", "RandomState", "default_rng", *_FUNCTIONS]
