"""Constants: Python, NumPy and pandas scalars as the engine's literals."""

from __future__ import annotations

import datetime
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait


def translated(value: Any) -> Any:
    """What the engine takes for a constant of Python, NumPy or pandas: the same in its own terms, or a NoNativeForm."""
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
            return translated(pd.Timestamp(value))
        if isinstance(value, np.timedelta64):
            return translated(pd.Timedelta(value))
        if isinstance(value, (np.bool_, np.integer, np.floating, np.str_)):
            return translated(value.item())
        return _plait.NoNativeForm(f"a {type(value).__name__} as a constant")
    if isinstance(value, int):
        if -(2**63) <= value < 2**63:
            return value
        return _plait.NoNativeForm("an integer beyond 64 bits")
    if isinstance(value, float):
        return value
    return _plait.NoNativeForm(f"a {type(value).__name__} as a constant")


def is_scalar(value: Any) -> bool:
    return value is None or pd.api.types.is_scalar(value)
