"""Splits of rows and searches for parameters, with the names of ``dask_ml.model_selection``."""

from __future__ import annotations

from ._split import train_test_split

__all__ = ["train_test_split"]
