"""K-means: see ``plait/ml/kmeans.h``."""

from __future__ import annotations

import numbers
import warnings
from typing import Any

import numpy as np
import sklearn.cluster as sklearn_cluster
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...array import Array
from ...base import compute
from .._inputs import features, finite, is_lazy, kept, precision, targets
from .._running import run
from .._transforming import Transformer, computed
from .._weights import row_weights
from ..metrics.pairwise import euclidean_distances
from ..model_selection._folds import counted


class KMeans(ClassNamePrefixFeaturesOutMixin, ClusterMixin, Transformer, BaseEstimator):
    """Centers to which every row is near one; each pass over the rows moves them to the means of their rows.

    Parameters
    ----------
    n_clusters : int
        Number of centers.
    init : "k-means||", "k-means++", "random", array or callable
        Where they begin: at rows that are drawn in a few passes, far from each other (the first two are the same), at any
        rows, or at given places. A callable is called with the rows in memory, n_clusters and ``random_state=``.
    oversampling_factor : float
        Rows drawn in each pass of "k-means||", as a multiple of n_clusters.
    max_iter : int
        Passes at most.
    tol : float
        Done when the squared moves of all centers are together less than this share of the columns' mean variance.
    precompute_distances, copy_x, n_jobs, algorithm
        Taken for Dask's and scikit-learn's sake.
    random_state : int, RandomState or None
        Seed. The same seed gives the same centers, however rows are cut into blocks and whatever runs the tasks.
    init_max_iter : int, optional
        Passes of "k-means||", 5 by default.
    n_init : int or "auto"
        How many beginnings are tried; the least inertia wins. "auto" is 1.
    verbose : int
        Taken for scikit-learn's sake.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, features)
    labels_ : array of int32
        The center of each row; lazy where X was.
    inertia_ : float
        Squared distances of the rows from their centers.
    n_iter_ : int

    Examples
    --------
    >>> from plait.ml.cluster import KMeans
    >>> rows = da.from_array([[0.0], [1.0], [10.0], [11.0]], chunks=3)
    >>> sorted(KMeans(2, random_state=0).fit(rows).cluster_centers_.ravel().tolist())
    [0.5, 10.5]
    """

    def __init__(
        self,
        n_clusters: int = 8,
        init: Any = "k-means||",
        oversampling_factor: float = 2,
        max_iter: int = 300,
        tol: float = 1e-4,
        precompute_distances: Any = "auto",
        random_state: Any = None,
        copy_x: bool = True,
        n_jobs: int | None = 1,
        algorithm: str = "full",
        init_max_iter: int | None = None,
        n_init: Any = "auto",
        verbose: int = 0,
    ):
        self.n_clusters = n_clusters
        self.init = init
        self.oversampling_factor = oversampling_factor
        self.max_iter = max_iter
        self.tol = tol
        self.precompute_distances = precompute_distances
        self.random_state = random_state
        self.copy_x = copy_x
        self.n_jobs = n_jobs
        self.algorithm = algorithm
        self.init_max_iter = init_max_iter
        self.n_init = n_init
        self.verbose = verbose

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> KMeans:
        """Find the centers.

        Parameters
        ----------
        X : array-like of shape (rows, features), lazy or not
            Numbers, without NaN and infinity.
        y : None
            Not looked at.
        sample_weight : array-like of shape (rows,), optional
            None is negative.

        Raises
        ------
        ValueError
            If there are fewer rows than clusters, or a parameter has no meaning.
        """
        for name in ("n_clusters", "max_iter"):
            if not isinstance(getattr(self, name), numbers.Integral) or getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)!r}: expected a whole number from 1")
        given = counted(features(self, X, reset=True))
        if given.shape[0] < self.n_clusters:
            raise ValueError(f"n_samples={given.shape[0]} should be >= n_clusters={self.n_clusters}.")
        (rows,) = kept(finite(given))
        weights = row_weights(rows, sample_weight)
        random = check_random_state(self.random_state)
        best: Any = None
        for _ in range(1 if self.n_init == "auto" or not isinstance(self.init, str) else int(self.n_init)):
            seed = int(random.randint(np.iinfo(np.int32).max))
            found = run(
                _plait.ml.fit_kmeans,
                rows._array,
                None if weights is None else weights._array,
                int(self.n_clusters),
                self._first(rows, seed),
                float(self.oversampling_factor),
                5 if self.init_max_iter is None else int(self.init_max_iter),
                int(self.max_iter),
                float(self.tol),
                seed,
            )
            best = found if best is None or found[1] < best[1] else best
        centers, self.inertia_, self.n_iter_, has_converged = best
        self.cluster_centers_ = centers.astype(precision(given), copy=False)
        if not has_converged and self.max_iter > 1:
            warnings.warn(
                f"k-means has not converged in {self.max_iter} passes; raise max_iter, or tol={self.tol}",
                ConvergenceWarning,
                stacklevel=2,
            )
        labels = self._labels(rows)
        self.labels_ = labels if is_lazy(X) else computed(labels)
        if not is_lazy(X) and len(np.unique(self.labels_)) < self.n_clusters:
            warnings.warn(
                f"Number of distinct clusters ({len(np.unique(self.labels_))}) found smaller than n_clusters ({self.n_clusters}). "
                "Possibly due to duplicate points in X.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _first(self, rows: Array, seed: int) -> Any:
        """The engine's name of a beginning, or the places."""
        if isinstance(self.init, str):
            return self.init
        places = self.init(computed(rows), self.n_clusters, random_state=np.random.RandomState(seed)) if callable(self.init) else self.init
        places = np.ascontiguousarray(places.compute() if is_lazy(places) else places, dtype=np.float64)
        if places.shape != (self.n_clusters, rows.shape[1]):
            raise ValueError(f"The shape of the initial centers {places.shape} does not match the number of clusters {self.n_clusters} and features {rows.shape[1]}.")
        return places

    def _labels(self, rows: Array) -> Array:
        return Array(_plait.ml.nearest_centers(rows._array, self.cluster_centers_))

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Fit, and the center of each row."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def predict(self, X: Any) -> Any:
        """The number of the nearest center of each row; lazy where ``X`` is."""
        check_is_fitted(self)
        labels = self._labels(features(self, X, reset=False))
        return labels if is_lazy(X) else computed(labels)

    def transform(self, X: Any) -> Any:
        """Distances to the centers: (rows, n_clusters); lazy where ``X`` is."""
        check_is_fitted(self)
        distances = euclidean_distances(features(self, X, reset=False), self.cluster_centers_)
        return distances if is_lazy(X) else computed(distances)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """The negative sum of squared distances from the centers."""
        check_is_fitted(self)
        nearest = euclidean_distances(features(self, X, reset=False), self.cluster_centers_, squared=True).min(axis=1)
        if sample_weight is not None:
            nearest = nearest * targets(sample_weight, nearest, name="sample_weight")
        return -float(nearest.sum().compute())

    @property
    def _n_features_out(self) -> int:
        return len(self.cluster_centers_)


def _rows_at(rows: Array, places: np.ndarray) -> np.ndarray:
    """Rows by their positions, which are in order. Each is picked where its block is: no task takes more than one block."""
    bounds = np.cumsum([0, *rows.chunks[0]])
    cuts = np.searchsorted(places, bounds)
    picked = [rows.blocks[i][places[low:high] - bounds[i]] for i, (low, high) in enumerate(zip(cuts, cuts[1:])) if high > low]
    return np.concatenate(compute(*picked))


class MiniBatchKMeans(sklearn_cluster.MiniBatchKMeans):
    """scikit-learn's k-means on small batches of rows, of lazy rows, too: batches are then drawn by position, and moved for each in turn.

    Parameters and attributes are scikit-learn's.
    """

    inertia_: Any

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Any:
        """Find the centers: of lazy rows until the batches' inertia has not fallen for ``max_no_improvement`` batches."""
        if not is_lazy(X):
            return super().fit(X, sample_weight=sample_weight)
        (rows,) = kept(finite(counted(features(self, X, reset=True))))
        weights = None if sample_weight is None else targets(sample_weight, rows, name="sample_weight").compute()
        random = check_random_state(self.random_state)
        num_rows = int(rows.shape[0])
        if num_rows < self.n_clusters:
            raise ValueError(f"n_samples={num_rows} should be >= n_clusters={self.n_clusters}.")
        batch = min(self.batch_size, num_rows)
        if hasattr(self, "cluster_centers_"):
            del self.cluster_centers_  # partial_fit begins anew
        smoothed, least, worse = None, np.inf, 0
        most_steps = max(1, self.max_iter * num_rows // batch)
        first = max(batch, min(num_rows, self.init_size or 3 * max(batch, self.n_clusters)))
        for step in range(most_steps):
            places = np.sort(random.choice(num_rows, first if step == 0 else batch, replace=False))
            taken = _rows_at(rows, places)
            self.partial_fit(taken, sample_weight=None if weights is None else weights[places])
            inertia = float(self.inertia_) / len(taken)
            share = min(1.0, 2.0 * batch / (num_rows + 1))
            smoothed = inertia if smoothed is None else smoothed * (1 - share) + inertia * share
            worse = 0 if smoothed < least else worse + 1
            least = min(least, smoothed)
            if self.max_no_improvement is not None and worse >= self.max_no_improvement:
                break
        self.n_steps_, self.n_iter_ = step + 1, -(-(step + 1) * batch // num_rows)
        self.labels_ = self.predict(rows)
        self.inertia_ = float(euclidean_distances(rows, self.cluster_centers_, squared=True).min(axis=1).sum().compute())
        features(self, X, reset=True)  # batches have had no names of columns
        return self

    def predict(self, X: Any) -> Any:
        """The number of the nearest center of each row; lazy where ``X`` is."""
        if not is_lazy(X):
            return super().predict(X)
        check_is_fitted(self)
        return Array(_plait.ml.nearest_centers(features(self, X, reset=False)._array, self.cluster_centers_))

    def transform(self, X: Any) -> Any:
        """Distances to the centers: (rows, n_clusters); lazy where ``X`` is."""
        if not is_lazy(X):
            return super().transform(X)
        check_is_fitted(self)
        return euclidean_distances(features(self, X, reset=False), self.cluster_centers_)
