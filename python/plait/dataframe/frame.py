"""DataFrame: a lazy table in partitions."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, overload

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from ._between import BetweenMixin
from ._categorize import categorized
from ._collection import is_lazy, register
from ._columns import ColumnsMixin
from ._divisions import divisions_in_order, divisions_of
from ._format import frame_html, frame_text
from ._from_pandas import from_dict
from ._iteration import IterateRowsMixin
from ._json import to_json
from ._literals import is_scalar
from ._options import SHUFFLE_METHODS, check_choice, refuse_unknown
from ._orc import to_orc
from ._pandas_calls import Method, answered, method_on_partitions, method_on_whole, nonempty, on_partitions, on_whole
from ._row_choice import RowChoiceMixin
from ._rows import RowsMixin, no_default
from ._sql import to_sql
from ._summaries import SummariesMixin
from .csv import to_csv
from .groupby import DataFrameGroupBy
from .merge import merge
from .parquet import to_parquet
from .series import Series


# Partitions of set_index, where no number is said: those of the frame, or more where the memory budget asks for it.
_AS_MANY_AS_SUIT = -1


@register(_plait.DataFrame)
class DataFrame(ColumnsMixin, RowChoiceMixin, SummariesMixin, IterateRowsMixin, BetweenMixin, RowsMixin):
    """Columns in partitions, with pandas' methods; nothing is computed before ``compute()``."""

    __slots__ = ()
    ndim = 2

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, key: str) -> Series: ...
        @overload
        def __getitem__(self, key: list | slice | Series | DataFrame) -> DataFrame: ...
        def __getitem__(self, key: Any) -> Any: ...

        # A column; no method, so that a misspelt one cannot be called.
        def __getattr__(self, name: str) -> Series: ...

        # What `_rows` installs.
        def _reduction(self, axis: Any = 0, skipna: bool = True, numeric_only: bool = False, split_every: Any = False, min_count: int = 0, ddof: int = 1) -> Series: ...

        sum = prod = product = mean = min = max = var = std = sem = count = any = all = _reduction

    def __repr__(self) -> str:
        return frame_text(self)

    def _repr_html_(self) -> str:
        return frame_html(self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._attribute_names()})

    def _ipython_key_completions_(self) -> list:
        return list(self.columns)

    # Rows

    def sort_values(
        self,
        by: Any,
        npartitions: Any = None,
        ascending: Any = True,
        na_position: str = "last",
        partition_size: float = 128e6,
        sort_function: Any = None,
        sort_function_kwargs: Any = None,
        upsample: float = 1.0,
        ignore_index: Any = False,
        shuffle_method: Any = None,
        **options: Any,
    ) -> DataFrame:
        """Rows in the order of some columns.

        Examples
        --------
        >>> df.sort_values('x', ascending=False).compute().x.tolist()
        [4, 3, 2, 1]
        """
        refuse_unknown("sort_values", options)
        check_choice("sort_values", "shuffle_method", shuffle_method, SHUFFLE_METHODS)
        if na_position not in ("first", "last"):
            raise ValueError("na_position must be either 'first' or 'last'")
        labels = [by] if is_scalar(by) or isinstance(by, tuple) else list(by)
        names = [self._name_of(label) for label in labels]
        orders = [bool(a) for a in ascending] if isinstance(ascending, (list, tuple)) else [bool(ascending)]
        if sort_function is not None:
            return on_whole(sort_function, self, **dict({"by": by}, **(sort_function_kwargs or {})), label="sort_values")
        answer = self._ask("sort_values", names, orders, na_position == "first", bool(ignore_index))
        options = {"ascending": ascending, "na_position": na_position, "ignore_index": bool(ignore_index)}
        return _in_partitions(answered(answer, method_on_whole, "sort_values", self, by, **options), npartitions)

    def set_index(
        self,
        other: Any,
        drop: bool = True,
        sorted: bool = False,
        npartitions: Any = None,
        divisions: Any = None,
        sort: bool = True,
        shuffle_method: Any = None,
        upsample: float = 1.0,
        partition_size: float = 128e6,
        append: bool = False,
        **options: Any,
    ) -> DataFrame:
        """A column becomes the index; the rows are sorted by it unless ``sort=False`` or ``sorted=True``.

        Where partitions begin is computed now, from a sample of the column of every partition, unless ``divisions`` says it.

        Parameters
        ----------
        sorted : bool
            Whether the rows are in the order of the column already. If they are not, a warning says so, and they are sorted.
        divisions : list
            The labels at which partitions begin, and the last one.

        Examples
        --------
        >>> df.set_index('x').compute().index.tolist()
        [1, 2, 3, 4]
        """
        refuse_unknown("set_index", options)
        check_choice("set_index", "shuffle_method", shuffle_method, SHUFFLE_METHODS)
        if append:
            raise NotImplementedError("set_index: append=True is not there yet")
        if isinstance(other, list):
            if len(other) != 1:
                raise NotImplementedError("Dask dataframe does not yet support multi-indexes")
            other = other[0]
        frame, label = self, other
        if is_lazy(other) and other.ndim == 2:
            raise NotImplementedError("set_index: You tried to index with a frame; expected a label or a lazy series")
        if self.known_divisions and divisions is None and npartitions is None and self._is_indexed_by(other):
            return self
        if is_lazy(other):
            label = other.name
            frame = self._assign(label, other)
        if sorted and divisions is None:
            divisions = divisions_in_order(frame, label)
            if divisions is None:
                warnings.warn(f"set_index: sorted=True, but the rows are not in the order of {label!r}; they are sorted", UserWarning, stacklevel=2)
                sorted = False
        if divisions is None:
            wanted = int(npartitions) if isinstance(npartitions, (int, np.integer)) else _AS_MANY_AS_SUIT
            divisions = divisions_of(frame, label, wanted) if sort else []
        answer = frame._ask("set_index", frame._name_of(label), bool(sorted), bool(sort), bool(drop), list(divisions))
        indexed = answered(answer, _set_index_by_pandas, frame, label, drop, sort and not sorted)
        return indexed if indexed.known_divisions else _in_partitions(indexed, npartitions)

    def _is_indexed_by(self, other: Any) -> bool:
        """Whether these are the labels of the rows already: the index itself, or its name."""
        if is_lazy(other):
            return other.ndim == 1 and other.expr.token == self.index.expr.token
        return is_scalar(other) and other is not None and other not in self.columns and bool(other == self._meta.index.name)

    def reset_index(self, drop: bool = False) -> DataFrame:
        """The index becomes columns, or is dropped; each partition counts from 0."""
        answer = self._ask("reset_index", bool(drop))
        return answered(answer, method_on_partitions, "reset_index", self, drop=drop, keeps_divisions=False)

    # Between frames

    def merge(
        self,
        right: Any,
        how: str = "inner",
        on: Any = None,
        left_on: Any = None,
        right_on: Any = None,
        left_index: bool = False,
        right_index: bool = False,
        suffixes: tuple = ("_x", "_y"),
        indicator: Any = False,
        shuffle_method: Any = None,
        npartitions: Any = None,
        broadcast: Any = None,
    ) -> DataFrame:
        """Rows of two frames with equal keys, side by side.

        Examples
        --------
        >>> df.merge(df.groupby('k').x.max().reset_index(), on='k').compute().x_y.tolist()
        [3, 4, 3, 4]
        """
        return merge(
            self, right, how, on, left_on, right_on, left_index, right_index,
            suffixes=suffixes, indicator=indicator, shuffle_method=shuffle_method, npartitions=npartitions,
        )  # fmt: skip

    def join(
        self,
        other: Any,
        on: Any = None,
        how: str = "left",
        lsuffix: str = "",
        rsuffix: str = "",
        shuffle_method: Any = None,
        npartitions: Any = None,
    ) -> DataFrame:
        """Columns of another frame, or of a list of them, by their index.

        Examples
        --------
        >>> df.join([df[["x"]].rename(columns={"x": "y"}), df.x.to_frame(name="z")]).columns.tolist()
        ['x', 'k', 'y', 'z']
        """
        check_choice("join", "shuffle_method", shuffle_method, SHUFFLE_METHODS)
        if isinstance(other, list):
            if on is not None or lsuffix or rsuffix:
                raise ValueError("join: several frames are joined by their index; on= and suffixes are for one")
            joined = self
            for each in other:
                joined = joined.join(each, how=how)
            return _in_partitions(joined, npartitions)
        merged = merge(self, other, how, left_on=on, left_index=on is None, right_index=True, suffixes=(lsuffix, rsuffix))
        return _in_partitions(merged, npartitions)

    def groupby(self, by: Any, group_keys: bool = True, sort: Any = None, observed: Any = None, dropna: Any = None, **kwargs: Any) -> DataFrameGroupBy:
        """Groups of rows.

        Examples
        --------
        >>> df.groupby('k').x.sum().compute().to_dict()
        {'a': 4, 'b': 6}
        """
        return DataFrameGroupBy(self, by, group_keys=group_keys, sort=sort, observed=observed, dropna=dropna, **kwargs)

    def shuffle(
        self,
        on: Any = no_default,
        ignore_index: bool = False,
        npartitions: int | None = None,
        shuffle_method: Any = None,
        on_index: bool = False,
        force: bool = False,
    ) -> DataFrame:
        """Rows with equal values in one partition.

        Parameters
        ----------
        on : label or list of labels
            The columns that are compared.
        ignore_index : bool
            Whether labels may be dropped; rows then count from 0 in each partition.
        npartitions : int, optional
            Default is as many as there are.
        shuffle_method : optional
            Checked for Dask's names, and without effect.
        on_index : bool
            Whether the labels of the rows are compared instead.
        force : bool
            Taken for Dask's sake.

        Examples
        --------
        >>> sorted(part.k.nunique().compute() for part in df.shuffle("k", npartitions=1).to_delayed())
        [2]
        """
        if shuffle_method not in (None, "disk", "tasks", "p2p"):
            raise ValueError(f"shuffle: shuffle_method must be 'disk', 'tasks' or 'p2p', found {shuffle_method!r}")
        if (on is no_default) != bool(on_index):
            raise TypeError("shuffle: expected either `on` or on_index=True")
        names = [] if on_index else [self._name_of(label) for label in (on if isinstance(on, list) else [on])]
        if npartitions is not None and npartitions < 1:
            raise ValueError(f"shuffle: npartitions must be at least 1, found {npartitions}")
        answer = self._ask("shuffle", names, 0 if npartitions is None else int(npartitions))
        if isinstance(answer, _plait.NoNativeForm):
            raise NotImplementedError(f"shuffle: {answer.reason}")
        return answer.reset_index(drop=True) if ignore_index else answer

    def categorize(self, columns: Any = None, index: Any = None, split_every: Any = None, **kwargs: Any) -> DataFrame:
        """Columns of texts as categories that are known; they are computed now, in one run.

        Parameters
        ----------
        columns : label or list of labels, optional
            Which columns; by default those of texts, objects, and categories that are not known.
        index : bool, optional
            Whether the index becomes one of categories; by default if it is of texts, or of categories that are not known.
        split_every : optional
            Taken for Dask's sake.
        **kwargs : object
            For ``compute``.

        Examples
        --------
        >>> df.categorize().k.cat.categories.tolist()
        ['a', 'b']
        """
        return categorized(self, columns, index, kwargs)

    @classmethod
    def from_dict(cls, data: dict, *, npartitions: int = 1, orient: str = "columns", dtype: Any = None, columns: Any = None) -> Any:
        """A lazy frame of a dict of columns; see :func:`plait.dataframe.from_dict`.

        Examples
        --------
        >>> dd.DataFrame.from_dict({"x": [1, 2]}).x.sum().compute()
        np.int64(3)
        """
        return from_dict(data, npartitions, orient, dtype, columns)

    def melt(self, id_vars: Any = None, value_vars: Any = None, var_name: Any = None, value_name: str = "value", col_level: Any = None) -> DataFrame:
        """Columns as rows, partition by partition."""
        options = {"id_vars": id_vars, "value_vars": value_vars, "var_name": var_name, "value_name": value_name, "col_level": col_level}
        return method_on_partitions("melt", self, keeps_divisions=False, **options)

    def pivot_table(self, index: Any = None, columns: Any = None, values: Any = None, aggfunc: Any = "mean") -> DataFrame:
        """Aggregates of ``values`` by ``index`` and ``columns``, whose categories must be known."""
        for what, label in (("index", index), ("columns", columns)):
            if not is_scalar(label) or label is None or label not in self.columns:
                raise ValueError(f"'{what}' must be the name of an existing column; found {label!r}")
        if aggfunc not in ("mean", "sum", "count", "first", "last") and not callable(aggfunc):
            raise ValueError(f"aggfunc must be 'mean', 'sum', 'count', 'first' or 'last'; found {aggfunc!r}")
        for label in [values] if is_scalar(values) and values is not None else values or []:
            self._name_of(label)
        categories = getattr(self._meta[columns].dtype, "categories", ())
        if not len(categories):
            raise ValueError("'columns' must be a category with known categories; use df.astype with a CategoricalDtype")
        made_up = nonempty(self._meta).pivot_table(index=index, columns=columns, values=values, aggfunc=aggfunc, observed=False)
        # Every category has its column, as the columns must be known before the values are.
        every = pd.CategoricalIndex(categories, name=columns, dtype=self._meta[columns].dtype)
        if made_up.columns.nlevels > 1:
            every = pd.MultiIndex.from_product([made_up.columns.get_level_values(0).unique(), every])
        meta = made_up.reindex(columns=every)
        pivot = _PivotTable(index, columns, values, aggfunc, every)
        return on_whole(pivot, self, label="pivot_table", meta=meta.iloc[:0])

    def info(self, buf: Any = None, verbose: bool = False, memory_usage: bool = False) -> None:
        """Print the columns and their types; ``verbose=True`` counts the values."""
        lines = [f"{type(self)}", f"Columns: {len(self.columns)} entries" + (f", {self.columns[0]} to {self.columns[-1]}" if len(self.columns) else "")]
        if verbose:
            counts = self.count().compute()
            width = max((len(str(label)) for label in self.columns), default=0)
            rows = (f"{str(label):{width}}  {counts.iloc[i]} non-null  {self._dtypes[i]}" for i, label in enumerate(self.columns))
            lines = [lines[0], f"Data columns (total {len(self.columns)} columns):", *rows]
        kinds = pd.Series([str(d) for d in self._dtypes], dtype=object).value_counts()
        lines.append("dtypes: " + ", ".join(f"{kind}({count})" for kind, count in sorted(kinds.items())))
        if memory_usage:
            lines.append(f"memory usage: {self.memory_usage(deep=True).sum().compute()} bytes")
        print("\n".join(lines), file=buf)

    # Files

    def to_csv(self, filename: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_csv`."""
        return to_csv(self, filename, **kwargs)

    def to_parquet(self, path: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_parquet`."""
        return to_parquet(self, path, **kwargs)

    def to_json(self, filename: Any, *args: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_json`."""
        return to_json(self, filename, *args, **kwargs)

    def to_orc(self, path: Any, *args: Any, **kwargs: Any) -> Any:
        """One file a partition; see :func:`plait.dataframe.to_orc`."""
        return to_orc(self, path, *args, **kwargs)

    def to_sql(self, name: str, uri: str, **kwargs: Any) -> Any:
        """Write into a table of a database; see :func:`plait.dataframe.to_sql`."""
        return to_sql(self, name, uri, **kwargs)


def _in_partitions(frame: DataFrame, npartitions: Any) -> DataFrame:
    """The frame in as many partitions, if a number is said."""
    return frame if npartitions in (None, "auto") else frame.repartition(npartitions=npartitions)


def _set_index_by_pandas(frame: DataFrame, label: Any, drop: bool, sort: bool, reason: str) -> DataFrame:
    rows = frame.sort_values(label) if sort else frame
    return on_partitions(Method("set_index"), rows, label, drop=drop, label="set_index", keeps_divisions=False, reason=reason)


class _PivotTable:
    def __init__(self, index: Any, columns: Any, values: Any, aggfunc: Any, categories: Any):
        self.categories = categories
        self.args = {"index": index, "columns": columns, "values": values, "aggfunc": aggfunc}

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        table = frame.pivot_table(**self.args, observed=False)
        fill = 0 if self.args["aggfunc"] in ("sum", "count") else None
        return table.reindex(columns=self.categories, fill_value=fill)
