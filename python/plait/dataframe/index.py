"""Index: the lazy labels of the rows."""

from __future__ import annotations

from typing import Any

from . import _labels
from ._collection import build, register
from ._format import series_html, series_text
from ._rows import RowsMixin


@register("index")
class Index(RowsMixin):
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

    @property
    def dtype(self) -> Any:
        """The type of the labels."""
        return self._latest()._meta.dtype

    def to_series(self, index: Any = None, name: Any = None) -> Any:
        """The labels as a series."""
        from ._pandas_calls import method_on_partitions

        return method_on_partitions("to_series", self)

    def to_frame(self, index: bool = True, name: Any = None) -> Any:
        """The labels as a frame."""
        from ._pandas_calls import method_on_partitions

        return method_on_partitions("to_frame", self, index=index)

    def nunique(self, dropna: bool = True, split_every: Any = False) -> Any:
        """The number of different labels."""
        return build("frame_reduce", self, "nunique", bool(dropna))
