"""Clusters of rows, with the names of ``dask_ml.cluster``."""

from __future__ import annotations

from ._kmeans import KMeans, MiniBatchKMeans
from ._spectral import SpectralClustering

__all__ = ["KMeans", "MiniBatchKMeans", "SpectralClustering"]
