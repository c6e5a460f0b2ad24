"""Spectral clustering of many rows by the kernel to a few of them (Nyström's approximation)."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn.cluster as sklearn_cluster
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.metrics import pairwise_kernels as kernels_in_memory
from sklearn.utils import check_random_state

from ...base import compute
from .._inputs import features, finite, is_lazy, kept
from .._transforming import computed
from ..metrics.pairwise import pairwise_kernels
from ..model_selection._folds import counted
from ._kmeans import KMeans


class SpectralClustering(ClusterMixin, BaseEstimator):
    """Clusters of rows that a kernel calls alike, in whatever shape they lie.

    The kernel of all rows with each other is approximated by that with ``n_components`` rows, so that memory and time are
    proportional to the number of rows.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    eigen_solver, n_init, n_neighbors, eigen_tol, n_jobs
        Taken for Dask's sake.
    random_state : int, RandomState or None
        Seed of the rows that are drawn, and of k-means.
    gamma, degree, coef0, kernel_params
        Parameters of the kernel.
    affinity : str or callable
        The kernel: a name of `plait.ml.metrics.pairwise.pairwise_kernels`, or a function.
    assign_labels : "kmeans" or estimator
        What finds clusters in the embedding.
    n_components : int
        How many rows are drawn.
    persist_embedding : bool
        Taken for Dask's sake: the embedding is always kept while k-means runs.
    kmeans_params : dict, optional
        Parameters of `KMeans`.

    Attributes
    ----------
    labels_ : array of int
        The cluster of each row; lazy where X was.
    assign_labels_ : estimator
        What has found them.
    eigenvalues_ : ndarray
        The largest eigenvalues of the normalized kernel.
    """

    def __init__(
        self,
        n_clusters: int = 8,
        eigen_solver: Any = None,
        random_state: Any = None,
        n_init: int = 10,
        gamma: float = 1.0,
        affinity: Any = "rbf",
        n_neighbors: int = 10,
        eigen_tol: float = 0.0,
        assign_labels: Any = "kmeans",
        degree: float = 3,
        coef0: float = 1,
        kernel_params: dict | None = None,
        n_jobs: int | None = 1,
        n_components: int = 100,
        persist_embedding: bool = False,
        kmeans_params: dict | None = None,
    ):
        self.n_clusters = n_clusters
        self.eigen_solver = eigen_solver
        self.random_state = random_state
        self.n_init = n_init
        self.gamma = gamma
        self.affinity = affinity
        self.n_neighbors = n_neighbors
        self.eigen_tol = eigen_tol
        self.assign_labels = assign_labels
        self.degree = degree
        self.coef0 = coef0
        self.kernel_params = kernel_params
        self.n_jobs = n_jobs
        self.n_components = n_components
        self.persist_embedding = persist_embedding
        self.kmeans_params = kmeans_params

    def fit(self, X: Any, y: Any = None) -> SpectralClustering:
        """Find the clusters.

        Raises
        ------
        ValueError
            If there are fewer rows than clusters, or ``assign_labels`` has no meaning.
        """
        (rows,) = kept(finite(counted(features(self, X, reset=True)).astype(np.float64)))
        num_rows = int(rows.shape[0])
        if num_rows < self.n_clusters:
            raise ValueError(f"n_samples={num_rows} should be >= n_clusters={self.n_clusters}.")
        random = check_random_state(self.random_state)
        drawn = rows[np.sort(random.choice(num_rows, min(self.n_components, num_rows), replace=False))].compute()
        params = self._kernel_params()
        inner = kernels_in_memory(drawn, metric=self.affinity, filter_params=isinstance(self.affinity, str), **params)
        to_all = pairwise_kernels(rows, drawn, metric=self.affinity, **params)
        # K is about C A+ C'. With C A^-1/2 = F its rows' sums are F (F' 1), and it is F F', normalized by these.
        factor = to_all @ _root_of_inverse(inner)
        degrees = factor @ factor.sum(axis=0)
        scaled = factor / np.sqrt(np.maximum(degrees, np.finfo(float).tiny))[:, None]
        gram = (scaled.T @ scaled).compute()
        values, vectors = np.linalg.eigh((gram + gram.T) / 2)
        order = np.argsort(values)[::-1][: self.n_clusters]
        self.eigenvalues_ = values[order]
        embedding = scaled @ (vectors[:, order] / np.sqrt(np.maximum(self.eigenvalues_, np.finfo(float).tiny)))
        embedding = embedding / np.sqrt((embedding**2).sum(axis=1))[:, None]
        (embedding,) = kept(embedding)
        self.assign_labels_ = self._assigner(int(random.randint(np.iinfo(np.int32).max)))
        takes_lazy = type(self.assign_labels_).__module__.startswith("plait.ml.")
        self.assign_labels_.fit(embedding if takes_lazy else compute(embedding)[0])
        labels = self.assign_labels_.labels_
        self.labels_ = labels if is_lazy(X) or not is_lazy(labels) else computed(labels)
        return self

    def fit_predict(self, X: Any, y: Any = None) -> Any:
        """Fit, and the cluster of each row."""
        return self.fit(X).labels_

    def _kernel_params(self) -> dict:
        if callable(self.affinity):
            return self.kernel_params or {}
        known = {"rbf": ("gamma",), "laplacian": ("gamma",), "chi2": ("gamma",), "polynomial": ("gamma", "degree", "coef0"), "sigmoid": ("gamma", "coef0")}
        known["poly"] = known["polynomial"]
        return {name: getattr(self, name) for name in known.get(self.affinity, ())} | (self.kernel_params or {})

    def _assigner(self, seed: int) -> Any:
        if self.assign_labels == "kmeans":
            return KMeans(n_clusters=self.n_clusters, random_state=seed, **(self.kmeans_params or {}))
        if self.assign_labels == "sklearn-kmeans":
            return sklearn_cluster.KMeans(n_clusters=self.n_clusters, random_state=seed, **(self.kmeans_params or {}))
        if hasattr(self.assign_labels, "fit"):
            return self.assign_labels
        raise ValueError(f"Unknown 'assign_labels' {self.assign_labels!r}: expected 'kmeans', 'sklearn-kmeans' or an estimator")


def _root_of_inverse(kernel: np.ndarray) -> np.ndarray:
    """A^-1/2 of a kernel, without its directions of no weight."""
    values, vectors = np.linalg.eigh((kernel + kernel.T) / 2)
    has_weight = values > values.max() * len(values) * np.finfo(float).eps
    return (vectors[:, has_weight] / np.sqrt(values[has_weight])) @ vectors[:, has_weight].T
