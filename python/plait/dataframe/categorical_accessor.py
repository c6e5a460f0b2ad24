"""``.cat``: methods of series of categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._lazy import pandas as pd
from . import _convert
from ._collection import wrap
from ._pandas_calls import answered, no_form
from .accessors import Accessor

if TYPE_CHECKING:
    from .series import Series


class CategoricalAccessor(Accessor):
    """Methods of a series of categories."""

    _name = "cat"

    @property
    def known(self) -> bool:
        """Whether the categories are known before the series is computed."""
        return len(self._series._meta.cat.categories) > 0

    @property
    def ordered(self) -> bool:
        """Whether the categories have an order."""
        return bool(self._series._meta.cat.ordered)

    @property
    def categories(self) -> Any:
        """The categories, which must be known."""
        if not self.known:
            raise NotImplementedError("the categories are not known; use .cat.as_known(), which computes them")
        return self._series._meta.cat.categories

    @property
    def codes(self) -> Any:
        """The positions of the categories, which must be known: else every partition would count its own."""
        if not self.known:
            raise NotImplementedError("the categories are not known; use .cat.as_known(), which computes them")
        return answered(wrap(self._series._engine.cat_methods.codes()), self._property, "codes")

    def as_known(self, **kwargs: Any) -> Series:
        """The series with known categories; computes them where they are not."""
        if self.known:
            return self._series
        found = self._series.dropna().drop_duplicates().compute(**kwargs).cat.categories
        return self._pandas("set_categories", found)

    def set_categories(self, new_categories: Any, ordered: Any = None, rename: bool = False) -> Series:
        """Other categories; values that are none of them are missing."""
        return self._recoded("set_categories", new_categories, (ordered, rename), ordered=ordered, rename=rename)

    def add_categories(self, new_categories: Any) -> Series:
        """With more categories, after those that there are."""
        return self._recoded("add_categories", new_categories)

    def remove_categories(self, removals: Any) -> Series:
        """Without some categories; their values are missing."""
        return self._recoded("remove_categories", removals)

    def reorder_categories(self, new_categories: Any, ordered: Any = None) -> Series:
        """The same categories in another order."""
        return self._recoded("reorder_categories", new_categories, (ordered,), ordered=ordered)

    def rename_categories(self, new_categories: Any) -> Series:
        """The categories under other names: a list, a dict, or what a function gives for each."""
        if self.known and (isinstance(new_categories, dict) or callable(new_categories)):
            name_of = new_categories if callable(new_categories) else lambda old: new_categories.get(old, old)
            new_categories = [name_of(old) for old in self.categories]
        return self._recoded("rename_categories", new_categories)

    def as_ordered(self) -> Series:
        """The categories with an order."""
        return answered(wrap(self._series._engine.cat_methods.as_ordered()), self._pandas, "as_ordered")

    def as_unordered(self) -> Series:
        """The categories without an order."""
        return answered(wrap(self._series._engine.cat_methods.as_unordered()), self._pandas, "as_unordered")

    def remove_unused_categories(self) -> Series:
        """Without categories that no value has; which those are is computed now."""
        known = self.as_known()
        used = set(known.dropna().drop_duplicates().compute())
        categories = known.cat.categories
        return known.cat.set_categories(categories[[category in used for category in categories]])

    def _recoded(self, name: str, categories: Any, asked: tuple = (), **kwargs: Any) -> Any:
        table = _table_of_categories(categories)
        if table is None:
            answer = no_form("categories that are no list of plain values")
        else:
            answer = wrap(getattr(self._series._engine.cat_methods, name)(table, *asked))
        return answered(answer, self._pandas, name, categories, **kwargs)

    def as_unknown(self) -> Series:
        """The series itself: that categories are known does no harm."""
        return self._series


def _table_of_categories(categories: Any) -> Any:
    """The engine's table of one column; None for what has no native form."""
    if callable(categories) or isinstance(categories, dict):
        return None
    values = pd.Index(categories if pd.api.types.is_list_like(categories) else [categories])
    return None if isinstance(values, pd.MultiIndex) else _convert.to_table(pd.Series(values))
