"""Aggregations that a user makes of three functions, for ``groupby.agg``."""

from __future__ import annotations

from typing import Any, Callable

from .._lazy import pandas as pd


class Aggregation:
    """A user's aggregate of groups, made where the rows are.

    Parameters
    ----------
    name : str
        What the column of the result is called where several aggregates are asked for.
    chunk : callable
        Takes the groups of one partition's values (a pandas ``SeriesGroupBy``), gives a series with a row for each group, or a
        tuple of such series.
    agg : callable
        Takes those of all partitions, grouped again, one argument for each series; gives a series or a tuple of them.
    finalize : callable, optional
        Takes what ``agg`` gives, gives the result; without it that is the result.
    """

    def __init__(self, name: str, chunk: Callable, agg: Callable, finalize: Callable | None = None):
        self.__name__ = name
        self.chunk = chunk
        self.agg = agg
        self.finalize = finalize

    def chunks(self, groups: Any) -> tuple:
        """What the groups of one partition come to."""
        return _as_tuple(self.chunk(groups))

    def combine(self, groups: list) -> pd.Series:
        """The result, from the chunks of all partitions, grouped."""
        combined = _as_tuple(self.agg(*groups))
        return combined[0] if self.finalize is None else self.finalize(*combined)

    def __call__(self, values: pd.Series) -> Any:
        """The aggregate of one group's values: pandas asks for it beside its own aggregates."""
        chunks = self.chunks(values.groupby(lambda _: 0))
        return self.combine([chunk.groupby(level=0) for chunk in chunks]).iloc[0]


def _as_tuple(value: Any) -> tuple:
    return value if isinstance(value, tuple) else (value,)


class ChunksOf:
    """The chunks of several aggregations, side by side: column ``"i j"`` is number j of aggregation i."""

    def __init__(self, pairs: list[tuple[Any, Aggregation]]):
        self.pairs = pairs  # each with the label of the values

    def __call__(self, groups: Any) -> pd.DataFrame:
        columns = {}
        for i, (label, aggregation) in enumerate(self.pairs):
            for j, chunk in enumerate(aggregation.chunks(groups[label])):
                columns[f"{i} {j}"] = chunk
        return pd.DataFrame(columns)


class Combined:
    """The result of several aggregations from the chunks of all partitions."""

    def __init__(self, aggregations: list[Aggregation], labels: list, options: dict, as_series: bool):
        self.aggregations, self.labels, self.options, self.as_series = aggregations, labels, options, as_series

    def __call__(self, chunks: pd.DataFrame) -> Any:
        groups = chunks.groupby(level=list(range(chunks.index.nlevels)), **self.options)
        results = []
        for i, aggregation in enumerate(self.aggregations):
            own = [name for name in chunks.columns if name.split()[0] == str(i)]
            results.append(aggregation.combine([groups[name] for name in own]))
        if self.as_series:
            return results[0].rename(self.labels[0])
        frame = pd.concat(results, axis=1)
        frame.columns = pd.MultiIndex.from_tuples(self.labels) if isinstance(self.labels[0], tuple) else self.labels
        return frame
