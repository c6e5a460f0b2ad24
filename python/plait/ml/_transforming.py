"""What transformers have in common: results as the data came, lazy or in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import _set_output

from ..array import Array
from ..dataframe import DataFrame
from ..dataframe._arrays import from_dask_array
from ._inputs import is_lazy
from ._sparse import SparseArray


class Transformer(TransformerMixin, BaseEstimator):
    """The base of transformers: ``fit`` learns, ``transform`` is lazy where its rows are.

    A lazy array gives a lazy array, a lazy frame a lazy frame with the same index, data in memory what scikit-learn gives.
    """

    def _given_back(self, x: Any, rows: Array, names: Any = None) -> Any:
        """``rows``, made of ``x``, as a caller expects them who has given ``x``. ``names``: of the columns, if they are not those of ``x``."""
        if isinstance(x, DataFrame):
            return from_dask_array(rows, columns=list(x.columns if names is None else names), index=x.index)
        return rows if is_lazy(x) else computed(rows)


class _FramesAsAsked(_set_output.PandasAdapter):  # type: ignore[misc]
    """What ``set_output(transform="pandas")`` makes of results: scikit-learn's frames, and lazy frames of lazy rows."""

    def create_container(self, X_output: Any, X_original: Any, columns: Any, inplace: bool = True) -> Any:
        if not is_lazy(X_output):
            return super().create_container(X_output, X_original, columns, inplace=inplace)
        names = _set_output.get_columns(columns)
        if isinstance(X_output, SparseArray):
            raise ValueError("The transformer outputs sparse rows, which are no frame; set_output(transform='default') leaves them as they are")
        if isinstance(X_output, DataFrame):
            return X_output if names is None else X_output.rename(columns=dict(zip(X_output.columns, names)))
        index = X_original.index if isinstance(X_original, DataFrame) else None
        if index is not None and X_output.shape[0] == X_output.shape[0]:  # counted, and perhaps cut otherwise than the frame
            X_output = X_output.rechunk({0: index.to_dask_array(lengths=True).chunks[0]})
        return from_dask_array(X_output, columns=None if names is None else list(names), index=index)


_set_output.ADAPTERS_MANAGER.register(_FramesAsAsked())


def computed(rows: Array) -> np.ndarray:
    """A lazy array's elements, in memory that may be written to."""
    made = rows.compute()
    return made if made.flags.writeable else made.copy()
