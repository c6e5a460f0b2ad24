"""Constants: Python, NumPy and pandas scalars as the engine's literals."""

from __future__ import annotations

import datetime
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait


class NotNative(TypeError):
    """A value that only pandas understands; the operation then runs on pandas objects."""


def literal(value: Any) -> Any:
    """What the binding takes for ``value``. Raises NotNative for what has no native form."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (pd.Timestamp, datetime.datetime)):
        stamp = pd.Timestamp(value)
        zone = "" if stamp.tz is None else str(stamp.tz)
        return _plait.Timestamp(int(stamp._value), stamp.unit, zone)
    if isinstance(value, (pd.Timedelta, datetime.timedelta)):
        span = pd.Timedelta(value)
        return _plait.Timedelta(int(span._value), span.unit)
    if isinstance(value, np.generic):
        if isinstance(value, np.datetime64):
            return literal(pd.Timestamp(value))
        if isinstance(value, np.timedelta64):
            return literal(pd.Timedelta(value))
        if isinstance(value, (np.bool_, np.integer, np.floating, np.str_)):
            return literal(value.item())
        raise NotNative(type(value).__name__)
    if isinstance(value, int):
        if -(2**63) <= value < 2**63:
            return value
        raise NotNative("an integer beyond 64 bits")
    if isinstance(value, float):
        return value
    raise NotNative(type(value).__name__)


def is_scalar(value: Any) -> bool:
    return value is None or pd.api.types.is_scalar(value)
