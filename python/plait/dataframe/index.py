"""Index: the lazy labels of the rows."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .._lazy import pandas as pd
from .._missing_names import missing
from . import _labels
from .. import _plait
from ._collection import register
from ._dtypes import has_unknown_categories
from ._format import series_html, series_text
from ._iteration import IterateValuesMixin
from ._pandas_calls import Method, make_meta, method_on_partitions, method_on_whole, on_partitions
from ._rows import RowsMixin
from .accessors import Attribute
from .datetime_accessor import DATE_PARTS


class IndexTexts:
    """Methods of labels that are texts: those of pandas, partition by partition."""

    def __init__(self, index: Any):
        self._texts = index._meta.str  # pandas says what is wrong with labels of another type
        self._index = index

    def __dir__(self) -> list[builtins.str]:
        return dir(self._texts)

    def __getattr__(self, name: builtins.str) -> Any:
        if name.startswith("_") or not callable(getattr(self._texts, name)):
            raise AttributeError(f"Index.str has no {name!r}")

        def method(*args: Any, **kwargs: Any) -> Any:
            return on_partitions(Method(f"str.{name}"), self._index, *args, label=f"str.{name}", keeps_divisions=False, **kwargs)

        return method


class IndexCategories:
    """Methods of labels that are categories."""

    def __init__(self, index: Any):
        if not isinstance(index._meta, pd.CategoricalIndex):
            raise AttributeError(f"Can only use .cat accessor with a 'category' dtype; found {index.dtype}")
        self._index = index

    @property
    def known(self) -> bool:
        """Whether the categories are known before the labels are computed."""
        return not has_unknown_categories(self._index._meta.dtype)

    @property
    def ordered(self) -> bool:
        """Whether the categories have an order."""
        return bool(self._index._meta.ordered)

    @property
    def categories(self) -> Any:
        """The categories, which must be known."""
        if not self.known:
            raise NotImplementedError("the categories are not known; use .cat.as_known(), which computes them")
        return self._index._meta.categories

    @property
    def codes(self) -> Any:
        """The positions of the categories, which must be known."""
        return self._index.to_series().cat.codes

    def as_known(self, **kwargs: Any) -> Index:
        """The labels with known categories; computes them where they are not."""
        if self.known:
            return self._index
        return self.set_categories(self._index.to_series().cat.as_known(**kwargs).cat.categories)

    def as_unknown(self) -> Index:
        """The labels themselves: that categories are known does no harm."""
        return self._index

    def remove_unused_categories(self) -> Index:
        """Without categories that no label has; which those are is computed now."""
        known = self.as_known()
        used = set(known.to_series().dropna().drop_duplicates().compute())
        return known.cat.set_categories([each for each in known.cat.categories if each in used])

    if TYPE_CHECKING:
        # What the end of this module installs.
        def _method(self, *args: Any, **kwargs: Any) -> Index: ...

        add_categories = remove_categories = rename_categories = reorder_categories = set_categories = _method
        as_ordered = as_unordered = _method


@register(_plait.Index)
class Index(IterateValuesMixin, RowsMixin):
    """Labels of rows in partitions."""

    __slots__ = ()
    ndim = 1

    def __repr__(self) -> builtins.str:
        return series_text(self, "Index")

    def _repr_html_(self) -> builtins.str:
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
        return method_on_partitions("rename", self, name, keeps_divisions=True)

    def dropna(self) -> Any:
        """The labels that are not missing."""
        return method_on_partitions("dropna", self, keeps_divisions=True)

    @property
    def str(self) -> IndexTexts:
        """Methods of labels that are texts."""
        return IndexTexts(self)

    @property
    def cat(self) -> IndexCategories:
        """Methods of labels that are categories."""
        return IndexCategories(self)

    def memory_usage(self, deep: bool = False) -> Any:
        """Bytes of the labels."""
        return self.memory_usage_per_partition(deep=deep).sum()

    @property
    def nbytes(self) -> Any:
        """Bytes of the labels."""
        return self.memory_usage()

    def __getattr__(self, name: builtins.str) -> Any:
        if name == "str":
            self._meta.str  # noqa: B018  (pandas says what is wrong with labels of another type)
        if name in DATE_PARTS and isinstance(self._meta, (pd.DatetimeIndex, pd.TimedeltaIndex)):
            return on_partitions(Attribute(name), self, label=name, keeps_divisions=False)
        raise missing("Index", name, self)

    @property
    def shape(self) -> tuple:
        """The number of labels, lazily."""
        return (self.size,)

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


def _add_category_methods() -> None:
    def method(name: str) -> Callable:
        def run(self, *args, **kwargs):
            return method_on_partitions(name, self._index, *args, **kwargs)

        run.__name__ = name
        run.__doc__ = "As in pandas."
        return run

    for name in ("add_categories", "remove_categories", "rename_categories", "reorder_categories", "set_categories", "as_ordered", "as_unordered"):
        setattr(IndexCategories, name, method(name))


_add_category_methods()
