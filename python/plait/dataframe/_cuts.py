"""Methods that work with the partitions themselves: other numbers of them, their divisions, functions that look around."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Self

from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _overlap
from ._collection import FrameBase
from ._concat import concat as concat_of
from ._divisions import divisions_in_order
from ._pandas_calls import answered, make_meta, on_partitions, on_whole
from ._partition_info import numbers
from ._partitions import Partitions, repartitioned_at, repartitioned_by_size, repartitioned_by_time, repartitioned_objects, same
from ._random_split import random_split, sample

# Stands for an argument that was not given, where None means something.
no_default: Any = type("no_default", (), {"__repr__": lambda self: "<no_default>"})()


class CutsMixin(FrameBase):
    """Rows in partitions, seen as partitions."""

    __slots__ = ()

    @property
    def partitions(self) -> Any:
        """Partitions by position: ``df.partitions[0]``, ``df.partitions[:3]``; iterable."""
        return Partitions(self)

    def get_partition(self, n: int) -> Self:
        """One partition.

        Examples
        --------
        >>> df.get_partition(1).x.compute().tolist()
        [3, 4]
        """
        if not isinstance(n, (int, np.integer)) or not 0 <= n < self.npartitions:
            raise ValueError(f"get_partition: n must be an integer from 0 to {self.npartitions - 1}, found {n!r}")
        return self.partitions[n]

    def repartition(self, divisions: Any = None, npartitions: Any = None, partition_size: Any = None, freq: Any = None, force: bool = False) -> Any:
        """The same rows in other partitions.

        Parameters
        ----------
        divisions : list, optional
            The labels at which partitions begin, and the last label. Those of the frame must be known.
        npartitions : int or callable, optional
            How many; or a function of how many there are.
        partition_size : int or str, optional
            The most bytes of a partition, such as ``"100MB"``. How large they are now is computed for that.
        freq : str or offset, optional
            A span of time for each partition, such as ``"7D"``, where the index is of dates.
        force : bool
            Whether ``divisions`` may reach beyond those of the frame.

        Raises
        ------
        ValueError
            If none or several of them are given, or divisions are in no order, leave rows out, or are not known.

        Examples
        --------
        >>> df.repartition(divisions=[0, 1, 3]).map_partitions(len).compute().tolist()
        [1, 3]
        """
        if sum(x is not None for x in (divisions, npartitions, partition_size, freq)) != 1:
            raise ValueError("Please provide exactly one of ``npartitions=``, ``freq=``, ``divisions=``, ``partition_size=`` keyword arguments")
        if force and divisions is None:
            raise ValueError("repartition: force= goes with divisions=")
        if divisions is not None:
            return repartitioned_at(self, divisions, force)
        if partition_size is not None:
            return repartitioned_by_size(self, partition_size)
        if freq is not None:
            return repartitioned_by_time(self, freq)
        if callable(npartitions):
            npartitions = npartitions(self.npartitions)
        if not isinstance(npartitions, (int, np.integer)) or npartitions < 1:
            raise ValueError(f"repartition: npartitions must be an integer of at least 1, found {npartitions!r}")
        return answered(self._ask("repartition", int(npartitions)), repartitioned_objects, self, int(npartitions))

    def random_split(self, frac: Any, random_state: Any = None, shuffle: bool = False) -> list:
        """The rows dealt out at random to several frames.

        Parameters
        ----------
        frac : list of float
            The share of each; they sum to 1.
        random_state : int or numpy.random.RandomState, optional
            Makes the same frames again, those of Dask.
        shuffle : bool
            Whether the rows of each partition are shuffled, too.

        Returns
        -------
        list of DataFrame or Series

        Raises
        ------
        ValueError
            If the shares do not sum to 1.

        Examples
        --------
        >>> left, right = df.random_split([0.5, 0.5], random_state=1)
        >>> len(left) + len(right)
        4
        """
        return random_split(self, frac, random_state, bool(shuffle))

    def sample(self, n: Any = None, frac: Any = None, replace: bool = False, random_state: Any = None) -> Self:
        """Some rows of each partition, drawn at random.

        Parameters
        ----------
        n : None
            Rows cannot be counted; a number from 0 to 1 is taken for ``frac``, with a warning.
        frac : float
            The share of the rows.
        replace : bool
            Whether a row may be drawn again.
        random_state : int or numpy.random.RandomState, optional
            Makes the same rows again, those of Dask.

        Raises
        ------
        ValueError
            If ``n`` is a number of rows, or ``frac`` is not given.

        Examples
        --------
        >>> len(df.sample(frac=0.5, random_state=1))
        2
        """
        if n is not None:
            if not 0 <= n <= 1:
                raise ValueError("sample does not support the number of sampled items parameter, 'n'. Please use the 'frac' parameter instead")
            warnings.warn("sample takes frac, not n; the number is taken for frac", UserWarning, stacklevel=2)
            frac = n
        if frac is None:
            raise ValueError("sample: frac must be given")
        return sample(self, frac, bool(replace), random_state)

    def map_overlap(
        self,
        func: Callable,
        before: Any,
        after: Any,
        *args: Any,
        meta: Any = no_default,
        enforce_metadata: bool = True,
        transform_divisions: bool = True,
        clear_divisions: bool = False,
        align_dataframes: bool = False,
        **kwargs: Any,
    ) -> Any:
        """``func`` of each partition together with rows before and after it; what it gives for those is cut off again.

        Parameters
        ----------
        func : callable
            Called with the grown partition first.
        before, after : int, timedelta or str
            How many rows, from as many partitions as it takes; or which span of time, of a frame whose index is of dates.
        *args, **kwargs
            Further arguments. Frames and series among them are grown alike, and cut alike where they have other divisions.
        meta : optional
            What the result looks like; default is what ``func`` makes of two made-up rows.
        clear_divisions : bool
            Whether the divisions of the result are not known.

        Raises
        ------
        ValueError
            If ``before`` or ``after`` is negative, or partitions of frames do not correspond.
        TypeError
            If it is a span of time, and the index is not of dates.

        Examples
        --------
        >>> df.x.map_overlap(lambda x: x.rolling(2).sum(), 1, 0).compute().tolist()
        [nan, 3.0, 5.0, 7.0]
        """
        known = None if meta is no_default or meta is None else make_meta(meta, self._meta)
        keeps_divisions = False if clear_divisions else None
        return _overlap.map_overlap(func, self, before, after, *args, meta=known, enforce=enforce_metadata, keeps_divisions=keeps_divisions, **kwargs)

    def memory_usage_per_partition(self, index: bool = True, deep: bool = False) -> Any:
        """Bytes of each partition.

        Examples
        --------
        >>> df[["x"]].memory_usage_per_partition(index=False).compute().tolist()
        [16, 16]
        """
        meta = pd.Series([], dtype="int64")
        return on_partitions(_bytes_together, self, index, deep, label="memory_usage", meta=meta, keeps_divisions=False)

    # Divisions

    def clear_divisions(self) -> Self:
        """The same rows, whose divisions are not known."""
        return on_partitions(same, self, label="clear_divisions", meta=self._meta, keeps_divisions=False) if self.known_divisions else self

    def compute_current_divisions(self, col: Any = None, set_divisions: bool = False) -> Any:
        """The labels at which partitions begin, and the last one; computed where they are not known.

        Parameters
        ----------
        col : label, optional
            A column whose values are looked at in place of the labels.
        set_divisions : bool
            Whether to give the frame with these divisions instead.

        Raises
        ------
        ValueError
            If values of several partitions overlap, or are missing.

        Examples
        --------
        >>> df.compute_current_divisions("x")
        (1, 3, 4)
        """
        if col is None and self.known_divisions:
            return self if set_divisions else self.divisions
        if col is not None and set_divisions:
            raise NotImplementedError("Can't set divisions of non-index, call set_index instead.")
        own: Any = self
        label = "__labels__" if col is None else col
        rows = own.index.to_frame(index=False, name=label) if col is None else self
        found = divisions_in_order(rows, label)
        if not found:
            what = "the index" if col is None else f"column {col!r}"
            raise ValueError(f"compute_current_divisions: the partitions are not in the order of {what}, overlap, or miss values")
        if not set_divisions:
            return tuple(found)
        return self._with_divisions(found)

    def _with_divisions(self, divisions: Any) -> Any:
        """The same rows with these divisions, which are right."""
        own: Any = self
        label, name = "__labels__", self._meta.index.name
        framed = own if self.ndim == 2 else own.to_frame()
        indexed = framed.assign(**{label: own.index}).set_index(label, sorted=True, divisions=divisions)
        renamed = indexed.rename_axis(name) if name is not None else on_partitions(_without_name, indexed, label="rename_axis", meta=framed._meta)
        return renamed if self.ndim == 2 else renamed[framed.columns[0]].rename(own.name)

    def enforce_runtime_divisions(self) -> Self:
        """The same rows; it is an error of the run if a partition has labels beyond its divisions.

        Raises
        ------
        ValueError
            If the divisions are not known.
        """
        if not self.known_divisions:
            raise ValueError("enforce_runtime_divisions: the divisions are not known")
        check = _WithinDivisions(self.divisions)
        return on_partitions(check, self, numbers(self.npartitions), label="enforce_divisions", meta=self._meta, aligns=False)

    # Reductions

    def reduction(
        self,
        chunk: Callable,
        aggregate: Callable | None = None,
        combine: Callable | None = None,
        meta: Any = no_default,
        token: Any = None,
        split_every: Any = None,
        chunk_kwargs: dict | None = None,
        aggregate_kwargs: dict | None = None,
        combine_kwargs: dict | None = None,
        **kwargs: Any,
    ) -> Any:
        """A reduction with functions of the user.

        Parameters
        ----------
        chunk : callable
            Takes a partition. What it gives for all of them becomes the rows of one pandas object.
        aggregate : callable, optional
            Takes such rows; default is ``chunk``.
        combine : callable, optional
            Takes such rows of some partitions, and gives what ``chunk`` gives; default is ``aggregate``.
        meta : optional
            What the result looks like; default is seen from made-up rows.
        split_every : int or False, optional
            How many partitions are combined at a time, 8 by default; all at once if False.
        chunk_kwargs, aggregate_kwargs, combine_kwargs : dict, optional
            Further arguments of one function, ``**kwargs`` of all of them.

        Examples
        --------
        >>> df.x.reduction(lambda x: x.sum(), aggregate=lambda sums: sums.sum()).compute()
        np.int64(10)
        """
        every = 8 if split_every is None else split_every
        if every is not False and (not isinstance(every, (int, np.integer)) or every < 2):
            raise ValueError(f"reduction: split_every must be an integer of at least 2, or False; found {split_every!r}")
        aggregate = chunk if aggregate is None else aggregate
        partial = _RowOf(chunk, kwargs | (chunk_kwargs or {}))
        together = _RowOf(combine or aggregate, kwargs | ((combine_kwargs if combine else aggregate_kwargs) or {}))
        name = str(token or getattr(chunk, "__name__", "reduction")).strip("<>")
        rows = on_partitions(partial, self, label=f"{name}-chunk", is_pandas=False, keeps_divisions=False)
        while every and rows.npartitions > every:
            starts = range(0, rows.npartitions, every)
            rows = concat_of([on_whole(together, rows.partitions[start : start + every], label=f"{name}-combine", meta=rows._meta) for start in starts])
        known = None if meta is no_default or meta is None else make_meta(meta)
        whole = _Aggregate(aggregate, kwargs | (aggregate_kwargs or {}))
        # As in Dask, what meta= says is believed until the value is there.
        return on_whole(whole, rows, label=f"{name}-aggregate", meta=known, is_open=known is not None)

    # Plans

    def optimize(self, fuse: bool = True) -> Self:
        """Itself: plans are optimized when they run, together; `explain` shows how."""
        return self

    def simplify(self) -> Self:
        """Itself: see :meth:`optimize`."""
        return self

    def pprint(self) -> None:
        """Print the plan; see `explain`."""
        print(self.explain())

    def to_backend(self, backend: str | None = None, **kwargs: Any) -> Self:
        """Itself: partitions are given to functions as pandas objects.

        Raises
        ------
        ValueError
            For another backend than "pandas".
        """
        if backend not in (None, "pandas") or kwargs:
            raise ValueError(f"to_backend: expected 'pandas', found {backend!r}")
        return self


class _RowOf:
    """What a function gives, as the rows of one pandas object."""

    def __init__(self, function: Callable, kwargs: dict):
        self.function, self.kwargs = function, kwargs

    def __call__(self, rows: Any) -> Any:
        result = self.function(rows, **self.kwargs)
        if isinstance(result, pd.Series):
            return result.to_frame().T
        return result if isinstance(result, (pd.DataFrame, pd.Index)) else pd.Series([result])


class _Aggregate:
    """A function with its keywords."""

    def __init__(self, function: Callable, kwargs: dict):
        self.function, self.kwargs = function, kwargs

    def __call__(self, rows: Any) -> Any:
        return self.function(rows, **self.kwargs)


class _WithinDivisions:
    """A partition, if its labels are those that its divisions say."""

    def __init__(self, divisions: tuple):
        self.divisions = divisions

    def __call__(self, part: Any, number: pd.Series) -> Any:
        place = int(number.iloc[0])
        start, stop = self.divisions[place : place + 2]
        labels = part if isinstance(part, pd.Index) else part.index
        is_last = place + 2 == len(self.divisions)
        if len(labels) and (labels.min() < start or labels.max() > stop or (labels.max() == stop and not is_last)):
            raise RuntimeError(f"partition {place} has labels from {labels.min()} to {labels.max()}, but its divisions are {start} and {stop}")
        return part


def _bytes_together(part: Any, index: bool, deep: bool) -> pd.Series:
    used = part.memory_usage(deep=deep) if isinstance(part, pd.Index) else part.memory_usage(index=index, deep=deep)
    return pd.Series([int(used.sum() if isinstance(used, pd.Series) else used)])


def _without_name(part: Any) -> Any:
    return part.rename_axis(None)
