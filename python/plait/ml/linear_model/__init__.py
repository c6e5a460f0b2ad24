"""The names of ``dask_ml.linear_model``."""

from __future__ import annotations

__all__: list[str] = []
