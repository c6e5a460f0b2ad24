"""Index: the lazy labels of the rows."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd
from .._missing_names import missing
from . import _labels
from .. import _plait
from ._collection import register
from ._format import series_html, series_text
from ._iteration import IterateValuesMixin
from ._pandas_calls import Method, make_meta, method_on_partitions, method_on_whole, on_partitions
from ._rows import RowsMixin
from .accessors import DATE_PARTS, Attribute


@register(_plait.Index)
class Index(IterateValuesMixin, RowsMixin):
    """Labels of rows in partitions."""

    __slots__ = ()
    ndim = 1

    def __repr__(self) -> str:
        return series_text(self, "Index")

    def _repr_html_(self) -> str:
        return series_html(self, "Index")

    @property
    def name(self) -> Any:
        """The name of the labels."""
        return _labels.decode_name(self._schema.schema[1][0][0])

    @name.setter
    def name(self, name: Any) -> None:
        self._become(self.rename(name))

    @property
    def dtype(self) -> Any:
        """The type of the labels."""
        return self._latest_meta.dtype

    def to_series(self, index: Any = None, name: Any = None) -> Any:
        """The labels as a series, under themselves or under ``index``."""
        given = {key: value for key, value in (("index", index), ("name", name)) if value is not None}
        return on_partitions(Method("to_series"), self, label="to_series", **given)

    def to_frame(self, index: bool = True, name: Any = None) -> Any:
        """The labels as a frame, whose column is called as they are, or ``name``."""
        given = {} if name is None else {"name": name}
        return on_partitions(Method("to_frame"), self, index=index, label="to_frame", keeps_divisions=bool(index), **given)

    def rename(self, name: Any) -> Any:
        """The labels under another name.

        Examples
        --------
        >>> df.index.rename("row").name
        'row'
        """
        return method_on_partitions("rename", self, name)

    def dropna(self) -> Any:
        """The labels that are not missing."""
        return method_on_partitions("dropna", self)

    def memory_usage(self, deep: bool = False) -> Any:
        """Bytes of the labels."""
        return self.memory_usage_per_partition(deep=deep).sum()

    @property
    def nbytes(self) -> Any:
        """Bytes of the labels."""
        return self.memory_usage()

    def __getattr__(self, name: str) -> Any:
        if name in DATE_PARTS and isinstance(self._meta, (pd.DatetimeIndex, pd.TimedeltaIndex)):
            return on_partitions(Attribute(name), self, label=name, keeps_divisions=False)
        raise missing("Index", name, self)

    @property
    def shape(self) -> tuple:
        """The number of labels, lazily."""
        return (self.size,)

    @property
    def values(self) -> Any:
        """The labels as a NumPy array, computed."""
        return self.compute().to_numpy()

    @property
    def is_monotonic_increasing(self) -> Any:
        """Whether the labels never fall."""
        return self.to_series().is_monotonic_increasing

    @property
    def is_monotonic_decreasing(self) -> Any:
        """Whether the labels never rise."""
        return self.to_series().is_monotonic_decreasing

    def astype(self, dtypes: Any) -> Any:
        """The labels in another type."""
        return method_on_partitions("astype", self, dtypes, keeps_divisions=False)

    def map(self, arg: Any, na_action: Any = None, meta: Any = None) -> Any:
        """What a function gives for each label."""
        known = None if meta is None else make_meta(meta)
        if isinstance(known, pd.Series):  # the usual way to state a name and a type
            known = pd.Index(known, name=known.name)
        return on_partitions(Method("map"), self, arg, na_action=na_action, label="map", meta=known, is_pandas=False, keeps_divisions=False)

    def unique(self, split_every: Any = None, split_out: Any = True, shuffle_method: Any = None) -> Any:
        """The different labels."""
        return method_on_whole("unique", self)

    def drop_duplicates(self, split_every: Any = None, split_out: Any = True, shuffle_method: Any = None, keep: Any = "first") -> Any:
        """The first (or last) of equal labels."""
        return method_on_whole("drop_duplicates", self, keep=keep)

    def value_counts(
        self, sort: Any = None, ascending: bool = False, dropna: bool = True, normalize: bool = False, split_every: Any = None, split_out: Any = None
    ) -> Any:
        """How often each label occurs."""
        return self.to_series().value_counts(sort=sort, ascending=ascending, dropna=dropna, normalize=normalize)

    def nunique(self, dropna: bool = True, split_every: Any = False) -> Any:
        """The number of different labels."""
        return self._reduce("nunique", {"dropna": dropna}, skipna=dropna)
