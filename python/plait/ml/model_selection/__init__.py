"""The names of ``dask_ml.model_selection``."""

from __future__ import annotations

__all__: list[str] = []
