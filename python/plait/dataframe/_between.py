"""Methods between two frames whose rows are aligned by their labels, and those that give less than Dask's approximations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._lazy import pandas as pd
from ._collection import FrameBase
from ._format import frame_html, series_html
from ._options import QUANTILE_METHODS, check_choice
from ._pandas_calls import Method, make_meta, method_on_partitions, on_partitions


class BetweenMixin(FrameBase):
    """Methods between frames, or series."""

    __slots__ = ()

    def align(self, other: Any, join: str = "outer", axis: Any = None, fill_value: Any = None) -> tuple:
        """Both with the same labels.

        Parameters
        ----------
        other : DataFrame or Series
            The other one.
        join : {"outer", "inner", "left", "right"}
            Which labels.
        axis : {0, 1, None}
            Those of rows, of columns, or both.
        fill_value : scalar, optional
            What stands where there was nothing; missing by default.

        Returns
        -------
        tuple
            Both.

        Examples
        --------
        >>> left, right = df.x.align(df.x.loc[1:2], join="inner")
        >>> left.compute().tolist()
        [2, 3]
        """
        if not isinstance(other, FrameBase):
            raise TypeError(f"align: expected a lazy frame or series, found {type(other).__name__}")
        if join not in ("outer", "inner", "left", "right"):
            raise ValueError(f"align: join must be 'outer', 'inner', 'left' or 'right', found {join!r}")
        calls = (_Aligned(place, join, axis, fill_value) for place in (0, 1))
        return tuple(on_partitions(call, self, other, label="align") for call in calls)

    def combine(self, other: Any, func: Callable, fill_value: Any = None, overwrite: bool = True) -> Any:
        """What ``func`` gives for columns of both (of a series, for pairs of values), aligned by labels.

        Examples
        --------
        >>> df.x.combine(df.x * -1, max).compute().tolist()
        [1, 2, 3, 4]
        """
        options: dict[str, Any] = {"overwrite": overwrite} if self.ndim == 2 else {}
        return on_partitions(Method("combine"), self, other, func, fill_value=fill_value, label="combine", is_pandas=False, **options)

    def dot(self, other: Any, meta: Any = None) -> Any:
        """The product of the columns with the rows of ``other``; of a series, the sum of products of the same label.

        ``meta`` says what the result looks like; of a series with a frame, its name.

        Examples
        --------
        >>> df.x.dot(df.x).compute()
        np.int64(30)
        """
        if not isinstance(other, FrameBase):
            raise TypeError("The second operand must be a dask dataframe")
        own: Any = self
        if self.ndim == 1:
            if other.ndim == 1:
                return (own * other).sum(skipna=False)
            name = own.name if meta is None else make_meta(meta).name
            return on_partitions(_times_rows, other, self, label="mul").sum(skipna=False).rename(name)
        right: Any = other
        whole = right.repartition(npartitions=1) if other.npartitions > 1 else other
        known = self._dot_meta(other) if meta is None else make_meta(meta)
        return on_partitions(Method("dot"), self, whole, label="dot", meta=known, aligns=False)

    def _dot_meta(self, other: Any) -> Any:
        one = pd.DataFrame(1, index=range(1), columns=self._meta.columns).astype(self._meta.dtypes)
        rows = self._meta.columns
        right = pd.Series(1, index=rows, name=other.name).astype(other.dtype) if other.ndim == 1 else pd.DataFrame(1, index=rows, columns=other.columns)
        if other.ndim == 2:
            right = right.astype(other._meta.dtypes)
        made = one.dot(right).iloc[:0]
        return made.set_axis(self._meta.index)

    def nunique_approx(self, split_every: Any = None) -> Any:
        """The number of different rows, or values: exact.

        Examples
        --------
        >>> df.k.nunique_approx().compute()
        np.float64(2.0)
        """
        own: Any = self
        rows = own if self.ndim == 2 else own.to_frame(name="values")
        return rows.drop_duplicates().shape[0] * 1.0

    def median_approximate(self, axis: Any = 0, method: str = "default", numeric_only: bool = False) -> Any:
        """The median of each column, or of the values: exact.

        Examples
        --------
        >>> df.x.median_approximate().compute()
        np.float64(2.5)
        """
        check_choice("median_approximate", "method", method, QUANTILE_METHODS)
        own: Any = self
        if self.ndim == 1:
            return own.quantile(0.5)
        if axis in (1, "columns"):
            return method_on_partitions("median", self, axis=1, numeric_only=numeric_only)
        return own.quantile(0.5, numeric_only=numeric_only)

    @property
    def axes(self) -> list:
        """The labels of the rows and, of a frame, of the columns."""
        own: Any = self
        return [own.index, own.columns] if self.ndim == 2 else [own.index]

    def to_html(self, max_rows: int = 5) -> str:
        """The columns, types and partitions as HTML."""
        return frame_html(self) if self.ndim == 2 else series_html(self, "Series")


class _Aligned:
    """One of two objects, with the labels of both."""

    def __init__(self, place: int, join: str, axis: Any, fill_value: Any):
        self.place, self.options = place, {"join": join, "axis": axis, "fill_value": fill_value}

    def __call__(self, left: Any, right: Any) -> Any:
        options = self.options if left.ndim == right.ndim == 2 or self.options["axis"] is not None else self.options | {"axis": 0 if left.ndim == 2 else None}
        return left.align(right, **options)[self.place]


def _times_rows(frame: Any, series: Any) -> Any:
    return frame.mul(series, axis=0)
