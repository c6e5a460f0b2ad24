"""What describe() tells: native for numbers, pandas for what else a frame may hold."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from ._collection import build
from ._literals import NotNative


def percentiles_of(percentiles: Any) -> list[float]:
    """The percentiles that describe() shows."""
    if percentiles is None:
        return [0.25, 0.5, 0.75]
    wanted = sorted({float(p) for p in ([percentiles] if np.isscalar(percentiles) else percentiles)})
    if any(not 0 <= p <= 1 for p in wanted):
        raise ValueError(f"percentiles should all be in the interval [0, 1]; found {wanted}")
    return wanted


def _is_plain_number(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in "iuf"


def native_describe(collection: Any, percentiles: Any) -> Any:
    """Numbers; of a frame with other columns, too, only the numbers, as pandas does. Raises NotNative for the rest."""
    dtypes = collection._dtypes
    is_shown = [d for d in dtypes if pd.api.types.is_numeric_dtype(d) and d != bool or getattr(d, "kind", "") in "mM"]
    if not is_shown or not all(map(_is_plain_number, is_shown)):
        raise NotNative("describe")
    return build("frame_describe", collection, percentiles_of(percentiles))
