"""Scalers, encoders and other transformations of features, with the names of ``dask_ml.preprocessing``."""

from __future__ import annotations

from ._label import LabelEncoder
from ._scalers import StandardScaler

__all__ = ["LabelEncoder", "StandardScaler"]
