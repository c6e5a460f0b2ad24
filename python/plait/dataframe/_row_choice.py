"""Rows of a frame that are chosen by their values, and what functions give for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._along_rows import in_row_order
from ._collection import FrameBase
from ._cuts import no_default
from ._literals import is_scalar
from ._pandas_calls import Method, answered, make_meta, method_on_partitions, method_on_whole, on_partitions

if TYPE_CHECKING:
    from .frame import DataFrame
    from .series import Series


class RowChoiceMixin(FrameBase):
    """Rows by their values."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _name_of(self, label: Any) -> str: ...

    def dropna(self, how: Any = no_default, subset: Any = None, thresh: Any = no_default) -> DataFrame:
        """Without rows that miss values.

        Examples
        --------
        >>> df.assign(y=df.x.shift(1)).dropna().x.compute().tolist()
        [2, 3, 4]
        """
        if how is not no_default and thresh is not no_default:
            raise TypeError("You cannot set both the how and thresh arguments at the same time.")
        labels = [] if subset is None else [subset] if is_scalar(subset) else list(subset)
        names = [self._name_of(label) for label in labels]
        wanted = {} if how is no_default else {"how": how}
        least = {} if thresh is no_default else {"thresh": thresh}
        if thresh is None:  # pandas finds no row that has so many values
            return method_on_partitions("dropna", self, subset=subset, thresh=None)
        answer = self._ask("dropna", names, how == "all", -1 if thresh is no_default else int(thresh))
        return answered(answer, method_on_partitions, "dropna", self, subset=subset, **wanted, **least)

    def query(self, expr: str, **kwargs: Any) -> DataFrame:
        """Rows that an expression in text selects.

        Examples
        --------
        >>> df.query('x > 2').x.compute().tolist()
        [3, 4]
        """
        return method_on_partitions("query", self, expr, **kwargs)

    def eval(self, expr: str, **kwargs: Any) -> Any:
        """An expression in text."""
        return method_on_partitions("eval", self, expr, **kwargs)

    def apply(self, function: Callable, *args: Any, meta: Any = no_default, axis: Any = 0, **kwargs: Any) -> Any:
        """What a function gives for each row (axis=1 only).

        Examples
        --------
        >>> df.apply(lambda row: row.x * 2, axis=1, meta=('x', int)).compute().tolist()
        [2, 4, 6, 8]
        """
        if axis not in (1, "columns"):
            raise NotImplementedError("dd.DataFrame.apply only supports axis=1\n  Try: df.apply(func, axis=1)")
        known = None if meta is no_default or meta is None else make_meta(meta, self._meta)
        if args:
            kwargs["args"] = args
        return on_partitions(Method("apply"), self, function, axis=1, label="apply", meta=known, is_pandas=False, **kwargs)

    def map(self, func: Callable, na_action: Any = None, meta: Any = None) -> DataFrame:
        """What a function gives for each cell."""
        known = None if meta is None else make_meta(meta, self._meta)
        return on_partitions(Method("map"), self, func, na_action=na_action, label="map", meta=known, is_pandas=False)

    applymap = map

    def drop_duplicates(
        self,
        subset: Any = None,
        split_every: Any = None,
        split_out: Any = True,
        shuffle_method: Any = None,
        ignore_index: bool = False,
        keep: Any = "first",
    ) -> DataFrame:
        """The first (or last) of equal rows.

        Examples
        --------
        >>> df.drop_duplicates(subset='k').compute().x.tolist()
        [1, 2]
        """
        labels = [] if subset is None else [subset] if is_scalar(subset) else list(subset)
        names = [self._name_of(label) for label in labels]
        answer = self._ask("drop_duplicates", names, "none" if keep is False else keep, bool(ignore_index))
        return answered(answer, method_on_whole, "drop_duplicates", self, subset=subset, keep=keep, ignore_index=ignore_index)

    def duplicated(self, subset: Any = None, keep: Any = "first") -> Series:
        """Whether a row has been before (comes again), by some columns or by all.

        Examples
        --------
        >>> df.duplicated(subset='k').compute().tolist()
        [False, False, True, True]
        """
        labels = [] if subset is None else [subset] if is_scalar(subset) else list(subset)
        answer = self._ask("duplicated", [self._name_of(label) for label in labels], "none" if keep is False else keep)
        return answered(answer, in_row_order, "duplicated", self, subset=subset, keep=keep)

    def nlargest(self, n: int = 5, columns: Any = None, split_every: Any = None) -> DataFrame:
        """The rows with the largest values.

        Examples
        --------
        >>> df.nlargest(1, 'x').compute().x.tolist()
        [4]
        """
        return self._top("nlargest", n, columns)

    def nsmallest(self, n: int = 5, columns: Any = None, split_every: Any = None) -> DataFrame:
        """The rows with the smallest values."""
        return self._top("nsmallest", n, columns)

    def _top(self, name: str, n: int, columns: Any) -> DataFrame:
        labels = [columns] if is_scalar(columns) else list(columns)
        return answered(self._ask(name, n, [self._name_of(label) for label in labels]), method_on_whole, name, self, n, columns)
