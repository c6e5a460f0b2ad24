"""Few directions in which rows differ most, with the names of ``dask_ml.decomposition``."""

from __future__ import annotations

from ._pca import PCA, IncrementalPCA
from ._truncated_svd import TruncatedSVD

__all__ = ["PCA", "IncrementalPCA", "TruncatedSVD"]
