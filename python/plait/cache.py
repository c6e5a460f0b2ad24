"""A cache that keeps results which were dear to make and are cheap to keep, for the runs that come."""

from __future__ import annotations

from typing import Any

from . import _kept

__all__ = ["Cache", "KeptResults"]


class KeptResults:
    """Results by their names, within a number of bytes. Those that took most time for each byte stay; what has not been asked
    for in a while counts less.

    Parameters
    ----------
    available_bytes : float
        What they may take together.
    halflife : float
        After so many results that were offered, the worth of one has halved.

    Attributes
    ----------
    data : dict
        The results.
    """

    def __init__(self, available_bytes: float, halflife: float = 1000):
        self.available_bytes = available_bytes
        self.data: dict[str, Any] = {}
        self.nbytes: dict[str, int] = {}
        self._worth: dict[str, float] = {}
        self._growth = 2 ** (1 / halflife)
        self._present = 1.0

    @property
    def total_bytes(self) -> int:
        """What the results take."""
        return sum(self.nbytes.values())

    def put(self, key: str, value: Any, cost: float, nbytes: int) -> None:
        """Offer a result: it is kept if it is worth more than what would have to go for it.

        Parameters
        ----------
        key : str
            Its name.
        value : object
            The result.
        cost : float
            Seconds for each byte.
        nbytes : int
            Its size.
        """
        self._present *= self._growth
        worth = cost * self._present
        leaving: list[str] = []
        room = self.available_bytes - self.total_bytes
        for each in sorted(self._worth, key=self._worth.__getitem__):
            if room >= nbytes:
                break
            if self._worth[each] >= worth:
                return
            leaving.append(each)
            room += self.nbytes[each]
        if room < nbytes:
            return
        for each in leaving:
            self.pop(each)
        self.data[key], self.nbytes[key], self._worth[key] = value, nbytes, worth

    def pop(self, key: str) -> Any:
        """Forget a result, and give it."""
        del self.nbytes[key], self._worth[key]
        return self.data.pop(key)

    def clear(self) -> None:
        """Forget all results."""
        for each in list(self.data):
            self.pop(each)


class Cache:
    """Keeps results of ``compute()`` inside the ``with`` block, or after :meth:`register`: the same work, also as a part of other
    work, is not done again.

    Parameters
    ----------
    cache : float or object
        How many bytes the results may take; or what keeps them, with a dict ``data`` and a method
        ``put(key, value, cost, nbytes)``, such as `cachey.Cache`.
    *args, **kwargs : object
        Of :class:`KeptResults`.

    Examples
    --------
    >>> x = da.ones(6, chunks=3) + 1
    >>> with plait.cache.Cache(1e9) as cache:
    ...     x.compute()
    ...     x.sum().compute()  # begins with the blocks of x
    array([2., 2., 2., 2., 2., 2.])
    np.float64(12.0)
    """

    def __init__(self, cache: Any, *args: Any, **kwargs: Any):
        if isinstance(cache, (int, float)):
            cache = KeptResults(cache, *args, **kwargs)
        elif args or kwargs:
            raise TypeError("Cache: other arguments go with a number of bytes only")
        elif not hasattr(cache, "data") or not hasattr(cache, "put"):
            raise TypeError(f"Cache: expected a number of bytes or a cache with data and put, found a {type(cache).__name__}")
        self.cache = cache

    def register(self) -> None:
        """Keep results of every run from now on."""
        _kept.active.append(self.cache)

    def unregister(self) -> None:
        """Keep no more; what is kept stays in :attr:`cache`.

        Raises
        ------
        ValueError
            If the cache is not registered.
        """
        _kept.active.remove(self.cache)

    def __enter__(self) -> Cache:
        self.register()
        return self

    def __exit__(self, *exc: object) -> None:
        self.unregister()
