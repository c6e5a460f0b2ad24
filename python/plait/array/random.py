"""Random arrays: ``default_rng`` and ``RandomState`` with exactly Dask's numbers for the same seed and chunks."""

from __future__ import annotations

import math
import numbers
import threading
from typing import Any

from .._lazy import numpy as np
from .. import _plait
from ._array import Array
from ._chunks import explicit
from ._sources import asarray

_ops = _plait.arrays

# Distribution -> its parameters with their defaults, in NumPy's order. `None`: must be given.
_PARAMETERS: dict[str, dict[str, float | None]] = {
    "beta": {"a": None, "b": None},
    "binomial": {"n": None, "p": None},
    "chisquare": {"df": None},
    "exponential": {"scale": 1.0},
    "f": {"dfnum": None, "dfden": None},
    "gamma": {"shape": None, "scale": 1.0},
    "geometric": {"p": None},
    "gumbel": {"loc": 0.0, "scale": 1.0},
    "hypergeometric": {"ngood": None, "nbad": None, "nsample": None},
    "laplace": {"loc": 0.0, "scale": 1.0},
    "logistic": {"loc": 0.0, "scale": 1.0},
    "lognormal": {"mean": 0.0, "sigma": 1.0},
    "logseries": {"p": None},
    "negative_binomial": {"n": None, "p": None},
    "noncentral_chisquare": {"df": None, "nonc": None},
    "noncentral_f": {"dfnum": None, "dfden": None, "nonc": None},
    "normal": {"loc": 0.0, "scale": 1.0},
    "pareto": {"a": None},
    "poisson": {"lam": 1.0},
    "power": {"a": None},
    "rayleigh": {"scale": 1.0},
    "standard_cauchy": {},
    "standard_exponential": {},
    "standard_gamma": {"shape": None},
    "standard_normal": {},
    "standard_t": {"df": None},
    "triangular": {"left": None, "mode": None, "right": None},
    "uniform": {"low": 0.0, "high": 1.0},
    "vonmises": {"mu": None, "kappa": None},
    "wald": {"mean": None, "scale": None},
    "weibull": {"a": None},
    "zipf": {"a": None},
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
    return [word for item in np.asarray(seed).ravel().tolist() for word in _words(int(item))]


class _Draws:
    """What Generator and RandomState share: shapes, chunks and parameters become one draw."""

    def _drawn(self, label: str, name: str, parameters: list, size: Any, chunks: Any, dtype: Any = np.float64) -> Array:
        shape = _shape(size, parameters)
        cut = explicit(label, chunks, shape, dtype)
        return Array(self._streams.draw(label, name, [_parameter(p, shape, cut) for p in parameters], cut, np.dtype(dtype)))

    def _integers(self, label: str, low: Any, high: Any, size: Any, chunks: Any, dtype: Any, endpoint: bool) -> Array:
        if high is None:
            low, high = 0, low
        shape = _shape(size, [low, high])
        dtype = np.dtype(dtype)
        cut = explicit(label, chunks, shape, dtype)
        bounds = [low, high]
        if any(isinstance(bound, (Array, np.ndarray)) for bound in bounds):
            bounds = [_parameter(asarray(bound), shape, cut) for bound in bounds]
        else:
            bounds = [int(bound) for bound in bounds]
        return Array(self._streams.integers(label, *bounds, bool(endpoint), dtype, cut))

    def _choice(self, a: Any, size: Any, replace: bool, p: Any, shuffle: bool, chunks: Any) -> Array:
        population = None
        if not isinstance(a, numbers.Integral):
            population = asarray(a)
            if population.ndim != 1:
                raise ValueError(f"choice: a has {population.ndim} axes, expected a number or an array with one axis")
        count = int(a) if population is None else len(population)
        if count <= 0:
            raise ValueError(f"choice: a is {count}, expected a positive number of things to choose from")
        shape = () if size is None else _shape(size, [])
        cut = explicit("choice", chunks, shape, np.float64)
        if not replace and math.prod(len(blocks) for blocks in cut) > 1:
            raise NotImplementedError("choice: replace=False needs one chunk; give chunks=-1")
        probabilities = [] if p is None else np.asarray(p, dtype=np.float64).tolist()
        positions = Array(self._streams.choice(count, probabilities, bool(replace), bool(shuffle), cut))
        if population is None:
            return positions
        return _looked_up(population, positions)

    def permutation(self, x: Any) -> Array:
        """The numbers below ``x``, or the rows of an array, in random order."""
        if isinstance(x, numbers.Number):
            from ._creation import arange

            x = arange(int(x), chunks="auto")
        x = asarray(x)
        return x[np.asarray(self._streams.permutation(len(x)), dtype=np.int64)]


def _looked_up(population: Array, positions: Array) -> Array:
    """``population[positions]``, with the population in one block."""
    return Array(_ops.look_up(population.rechunk(-1)._array, positions._array))


def _shape(size: Any, parameters: list) -> tuple:
    shapes = [p.shape for p in parameters if isinstance(p, (Array, np.ndarray))]
    if size is not None:
        shapes.append((int(size),) if isinstance(size, numbers.Integral) else tuple(int(extent) for extent in size))
    return np.broadcast_shapes(*shapes)


def _parameter(p: Any, shape: tuple, chunks: tuple):
    if isinstance(p, (Array, np.ndarray)):
        from ._layout import broadcast_to

        return broadcast_to(asarray(p), shape).rechunk(chunks)._array
    return float(p)


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
        self._streams = _ops.GeneratorStreams(entropy, spawn_key, spawned, chunk_invariant)

    def __repr__(self) -> str:
        return "Generator(PCG64)"

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Uniform numbers in [0, 1)."""
        return self._drawn("random", "random", [], size, chunks, dtype)

    def integers(
        self, low: Any, high: Any = None, size: Any = None, dtype: Any = np.int64, endpoint: bool = False, chunks: Any = "auto", **kwargs: Any
    ) -> Array:
        """Whole numbers from ``low`` up to ``high``, which ``endpoint`` includes."""
        return self._integers("integers", low, high, size, chunks, dtype, endpoint)

    def choice(
        self, a: Any, size: Any = None, replace: bool = True, p: Any = None, axis: int = 0, shuffle: bool = True, chunks: Any = "auto"
    ) -> Array:
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
        if isinstance(seed, numbers.Integral) and not 0 <= seed < 1 << 32:
            raise ValueError(f"the seed is {seed}, expected a number from 0 to 2**32 - 1")
        if seed is None or isinstance(seed, numbers.Integral):
            self._streams = _ops.RandomStateStreams(seed if seed is None else int(seed))
        else:
            self._streams = _ops.RandomStateStreams([int(word) for word in np.asarray(seed).ravel()])

    def random_sample(self, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Uniform numbers in [0, 1)."""
        return self._drawn("random_sample", "random", [], size, chunks)

    random = random_sample

    def randint(self, low: Any, high: Any = None, size: Any = None, chunks: Any = "auto", dtype: Any = "l", **kwargs: Any) -> Array:
        """Whole numbers from ``low`` up to, not including, ``high``."""
        return self._integers("randint", low, high, size, chunks, dtype, False)

    def random_integers(self, low: Any, high: Any = None, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Whole numbers from ``low`` to ``high``, both included; from 1 with one argument."""
        if high is None:
            low, high = 1, low
        return self._integers("random_integers", low, high + 1, size, chunks, "l", False)

    def tomaxint(self, size: Any = None, chunks: Any = "auto", **kwargs: Any) -> Array:
        """Whole numbers of 63 bits."""
        return self._drawn("tomaxint", "tomaxint", [], size, chunks, np.int64)

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
        values = list(args)
        if len(values) > len(names):  # size and chunks follow the parameters
            rest = values[len(names) :]
            values = values[: len(names)]
            size = rest[0]
            chunks = rest[1] if len(rest) > 1 else chunks
        for parameter in names[len(values) :]:
            value = kwargs.pop(parameter, parameters[parameter])
            if value is None:
                raise TypeError(f"{name}: the parameter {parameter} is missing; expected {', '.join(names)}")
            values.append(value)
        if kwargs:
            raise TypeError(f"{name}: unexpected arguments {', '.join(kwargs)}; expected {', '.join([*names, 'size', 'chunks'])}")
        return self._drawn(name, name, values, size, chunks, dtype)

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


_FUNCTIONS = (*_PARAMETERS, "seed", "choice", "permutation", "randint", "random", "random_integers", "random_sample")
for _name in _FUNCTIONS:
    globals()[_name] = _module_function(_name)


def __getattr__(name: str):
    raise AttributeError(f"plait.array.random.{name} is not there yet")


__all__ = ["Generator", "RandomState", "default_rng", *_FUNCTIONS]
