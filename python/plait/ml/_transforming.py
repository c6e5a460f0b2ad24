"""What transformers have in common: results as the data came, lazy or in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from ..array import Array
from ..dataframe import DataFrame
from ..dataframe._arrays import from_dask_array
from ._inputs import is_lazy


class Transformer(TransformerMixin, BaseEstimator):
    """The base of transformers: ``fit`` learns, ``transform`` is lazy where its rows are.

    A lazy array gives a lazy array, a lazy frame a lazy frame with the same index, data in memory what scikit-learn gives.
    """

    def _given_back(self, x: Any, rows: Array, names: Any = None) -> Any:
        """``rows``, made of ``x``, as a caller expects them who has given ``x``. ``names``: of the columns, if they are not those of ``x``."""
        if isinstance(x, DataFrame):
            return from_dask_array(rows, columns=list(x.columns if names is None else names), index=x.index)
        return rows if is_lazy(x) else computed(rows)


def computed(rows: Array) -> np.ndarray:
    """A lazy array's elements, in memory that may be written to."""
    made = rows.compute()
    return made if made.flags.writeable else made.copy()
