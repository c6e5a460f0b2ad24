"""Nested lists, tuples of sizes, dicts, and random numbers for blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from itertools import accumulate
from numbers import Integral
from typing import Any

from .._lazy import numpy as np


def deepmap(func: Callable, *seqs: Any) -> Any:
    """Call a function on the items of nested lists of the same shape.

    Examples
    --------
    >>> plait.utils.deepmap(lambda x, y: x + y, [[1, 2], [3]], [[10, 20], [30]])
    [[11, 22], [33]]
    """
    if isinstance(seqs[0], (list, Iterator)):
        return [deepmap(func, *items) for items in zip(*seqs, strict=False)]
    return func(*seqs)


def homogeneous_deepmap(func: Callable, seq: Any) -> Any:
    """Call a function on the items of nested lists that are all as deep as the first."""
    return ndeepmap(ndimlist(seq), func, seq) if seq else seq


def ndeepmap(n: int, func: Callable, seq: Any) -> Any:
    """Call a function on the items of lists that are nested ``n`` levels deep.

    Examples
    --------
    >>> plait.utils.ndeepmap(2, abs, [[-1, 2], [-3]])
    [[1, 2], [3]]
    """
    if n > 0:
        return [func(item) if n == 1 else ndeepmap(n - 1, func, item) for item in seq]
    return func(seq[0]) if isinstance(seq, list) else func(seq)


def ndimlist(seq: Any) -> int:
    """How deep lists and tuples are nested, by their first items."""
    depth = 0
    while isinstance(seq, (list, tuple)):
        depth += 1
        if not seq:
            break
        seq = seq[0]
    return depth


def concrete(seq: Any) -> Any:
    """Nested iterators, lists and tuples as nested lists."""
    return [concrete(item) for item in seq] if isinstance(seq, (Iterator, list, tuple)) else seq


def unzip(ls: Iterable[Iterable], nout: int) -> list[tuple]:
    """A list of rows as its columns; ``nout`` empty ones if there is no row."""
    return list(zip(*ls, strict=False)) or [()] * nout


def insert(tup: tuple, loc: int, val: Any) -> tuple:
    """The tuple with another value at one place: ``("a", "b")``, 0, ``"x"`` gives ``("x", "b")``."""
    items = list(tup)
    items[loc] = val
    return tuple(items)


def digit(n: int, k: int, base: int) -> int:
    """The digit at place ``k`` from the right of a number that is written in a base."""
    return n // base**k % base


def is_integer(i: Any) -> bool:
    """Whether a value is a whole number, be it a float."""
    return isinstance(i, Integral) or (isinstance(i, float) and i.is_integer())


def iter_chunks(sizes: Iterable[float], max_size: float) -> Iterator[list]:
    """Neighbouring sizes put together to lists whose sums are at most ``max_size``.

    Examples
    --------
    >>> list(plait.utils.iter_chunks([1, 2, 3, 4], 5))
    [[1, 2], [3], [4]]
    """
    chunk: list[float] = []
    for size in sizes:
        if size > max_size:
            raise AssertionError(f"iter_chunks: a size of {size} is more than the {max_size} of a chunk")
        if sum(chunk) + size > max_size:
            yield chunk
            chunk = []
        chunk.append(size)
    if chunk:
        yield chunk


class _Remembered:
    """Results for tuples, found again by identity: hashing a long tuple costs as much as summing it."""

    def __init__(self, function: Callable[..., Any], most: int = 128):
        self._function = function
        self._most = most
        self._results: dict[tuple, tuple[tuple, Any]] = {}

    def __call__(self, seq: tuple, *options: Any) -> Any:
        found = self._results.get((id(seq), *options))
        if found is not None:
            return found[1]
        result = self._function(seq, *options)
        if len(self._results) >= self._most:
            self._results.pop(next(iter(self._results)), None)
        self._results[id(seq), *options] = (seq, result)  # the tuple is kept, so that no other gets its identity
        return result


_max = _Remembered(max)
_cumsum = _Remembered(lambda seq, initial_zero: tuple(accumulate(seq, initial=0) if initial_zero else accumulate(seq)))


def cached_max(seq: tuple) -> Any:
    """The largest item of a tuple, remembered for that tuple."""
    if not isinstance(seq, tuple):
        raise AssertionError(f"cached_max: expected a tuple, found a {type(seq).__name__}")
    return _max(seq)


def cached_cumsum(seq: Iterable, initial_zero: bool = False) -> tuple:
    """The running sums of a tuple, with a zero before them if wanted, remembered for that tuple."""
    return _cumsum(seq if isinstance(seq, tuple) else tuple(seq), bool(initial_zero))


def ensure_dict(d: Mapping, *, copy: bool = False) -> dict:
    """A mapping as a dict: itself, if it is one and ``copy`` is not asked for. Of a graph in layers, the tasks of all."""
    if type(d) is dict:
        return d.copy() if copy else d
    layers = getattr(d, "layers", None)
    if layers is None:
        return dict(d)
    tasks: dict = {}
    for layer in {id(layer): layer for layer in layers.values()}.values():
        tasks.update(layer)
    return tasks


def ensure_set(s: Set, *, copy: bool = False) -> set:
    """A set-like object as a set: itself, if it is one and ``copy`` is not asked for."""
    return s if type(s) is set and not copy else set(s)


def pseudorandom(n: int, p: Iterable[float], random_state: Any = None) -> Any:
    """``n`` random places in ``p``, each drawn with the probability that stands there.

    Returns
    -------
    numpy.ndarray
        Of dtype int8.
    """
    probabilities = list(p)
    ends = np.cumsum(probabilities)
    if not np.allclose(1, ends[-1]):
        raise AssertionError(f"pseudorandom: the probabilities sum to {ends[-1]}, not to 1")
    if len(probabilities) > 127:
        raise AssertionError(f"pseudorandom: there are {len(probabilities)} probabilities, more than 127")
    if not isinstance(random_state, np.random.RandomState):
        random_state = np.random.RandomState(random_state)
    draws = random_state.random_sample(n)
    return np.minimum(np.searchsorted(ends, draws, side="right"), len(probabilities) - 1).astype("i1")


def random_state_data(n: int, random_state: Any = None) -> list:
    """``n`` arrays of 624 words, each to begin a ``numpy.random.RandomState`` with.

    Parameters
    ----------
    n : int
        How many.
    random_state : int or numpy.random.RandomState, optional
        What they are drawn from.
    """
    if not hasattr(random_state, "bytes"):
        random_state = np.random.RandomState(random_state)
    words = np.frombuffer(random_state.bytes(624 * 4 * n), dtype="<u4")
    return list(words.reshape(n, 624))
