"""The names of ``dask_ml.metrics``."""

from __future__ import annotations

__all__: list[str] = []
