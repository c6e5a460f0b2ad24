"""Scalar: one lazy value."""

from __future__ import annotations

from typing import Any

from .. import _plait
from .._lazy import numpy as np
from .._lazy import pandas as pd
from . import _convert
from ._collection import FrameBase, register
from ._operators import OperatorsMixin
from ._pandas_calls import nonempty


@register(_plait.Scalar)
class Scalar(OperatorsMixin, FrameBase):
    """One value that is not computed yet, such as the sum of a series."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<dask_expr.expr.Scalar: expr={self.expr.op}, dtype={self.dtype}>"

    @property
    def _meta(self) -> Any:
        """A made-up value of the type."""
        return nonempty(_convert.to_pandas(self._schema.with_index("series", [], 0, 1, ""))).iloc[0]

    @property
    def dtype(self) -> Any:
        """The type of the value."""
        (column,) = self._schema.schema[1]
        return pd.api.types.pandas_dtype(column[1]) if column[3] else pd.api.types.pandas_dtype(object)

    def __bool__(self) -> bool:
        raise TypeError(
            f"Trying to convert {self!r} to a boolean value. Because Dask objects are lazily evaluated, they cannot be "
            "converted to a boolean value or used in boolean conditions like if statements. Try calling .compute() to "
            "force computation prior to converting to a boolean value or using in a conditional statement."
        )

    def __int__(self) -> int:
        return int(self.compute())

    def __float__(self) -> float:
        return float(self.compute())

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.compute(), dtype=dtype)

    ndim = 0
