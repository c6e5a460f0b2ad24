"""The largest singular values of rows, which are not centered."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ...array import Array, linalg
from ...array.random import RandomState
from ...base import compute
from .._inputs import features, finite, finite_rows, is_lazy, is_sparse, kept, require_rows, sparse_features
from .._sparse import SparseArray
from .._transforming import Transformer, computed
from ..model_selection._folds import counted
from ._pca import evenly_cut, in_precision_of, with_signs
from ._sparse_vectors import right_vectors, sums_of_block, total_of


class TruncatedSVD(ClassNamePrefixFeaturesOutMixin, Transformer):
    """Few directions in which rows are long, and rows as coordinates along them.

    Parameters
    ----------
    n_components : int
        How many; fewer than columns, unless ``algorithm="tsqr"``.
    algorithm : "tsqr" or "randomized"
        Exact, or from a random sample of directions.
    n_iter : int
        Rounds of "randomized".
    random_state : int, RandomState or None
        Seed of "randomized".
    tol : float
        Taken for scikit-learn's sake.
    compute : bool
        Taken for Dask's sake: attributes are always NumPy arrays.

    Attributes
    ----------
    components_, explained_variance_, explained_variance_ratio_, singular_values_
        As in scikit-learn: NumPy arrays.
    """

    components_: Any

    def __init__(
        self,
        n_components: int = 2,
        algorithm: str = "tsqr",
        n_iter: int = 5,
        random_state: Any = None,
        tol: float = 0.0,
        compute: bool = True,
    ):
        self.n_components = n_components
        self.algorithm = algorithm
        self.n_iter = n_iter
        self.random_state = random_state
        self.tol = tol
        self.compute = compute

    def fit(self, X: Any, y: Any = None) -> TruncatedSVD:
        """Find the directions.

        Raises
        ------
        ValueError
            For more components than columns, or an algorithm that there is not.
        """
        if is_sparse(X):
            self._fit_sparse(X)
        else:
            self._fit_rows(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Fit, and the rows' coordinates; lazy where ``X`` is."""
        made = (self._fit_sparse(X) if is_sparse(X) else self._fit_rows(X)) @ self.components_.T
        return made if is_lazy(X) else computed(made)

    def _fit_rows(self, X: Any) -> Array:
        rows = counted(features(self, X, reset=True))
        require_rows(self, rows)
        num_rows, num_columns = (int(each) for each in rows.shape)
        self._check(num_columns)
        (rows,) = kept(evenly_cut(finite(rows)))
        wide = rows.astype(np.float64)
        wanted = min(int(self.n_components), num_rows, num_columns)
        if self.algorithm == "randomized":
            _, s, v = linalg.svd_compressed(wide, wanted, iterator="QR", n_power_iter=int(self.n_iter), seed=RandomState(self._seed()))
        else:
            _, s, v = linalg.svd(wide)
        s, v = compute(s, v)
        self.components_, self.singular_values_ = with_signs(v[:wanted]), s[:wanted]
        self.explained_variance_, total = compute((wide @ self.components_.T).var(axis=0), wide.var(axis=0).sum())
        with np.errstate(invalid="ignore", divide="ignore"):
            self.explained_variance_ratio_ = self.explained_variance_ / total
        in_precision_of(rows, self, "components_", "explained_variance_", "explained_variance_ratio_", "singular_values_")
        return rows

    def _fit_sparse(self, X: Any) -> SparseArray:
        """Of sparse rows only products with few vectors are looked at: nothing dense is as long and as wide as they are."""
        rows = sparse_features(self, X, reset=True).persist()
        num_columns = int(rows.shape[1])
        self._check(num_columns)
        num_rows, sums, squares = total_of(rows, sums_of_block)
        wanted = min(int(self.n_components), num_rows, num_columns)
        if not np.isfinite(squares):
            raise ValueError("Input X contains NaN or infinity")
        how = (int(self.n_iter), self._seed()) if self.algorithm == "randomized" else (None, 0)
        lengths, v = right_vectors(rows, wanted, *how)
        self.components_, self.singular_values_ = with_signs(v.T), np.sqrt(lengths)
        means = sums / max(num_rows, 1)
        self.explained_variance_ = np.maximum(lengths / max(num_rows, 1) - (self.components_ @ means) ** 2, 0)
        total = squares / max(num_rows, 1) - means @ means
        self.explained_variance_ratio_ = self.explained_variance_ / total if total > 0 else np.zeros(wanted)
        return rows

    def _seed(self) -> int:
        return int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))

    def _check(self, num_columns: int) -> None:
        if self.algorithm not in ("tsqr", "randomized"):
            raise ValueError(f"algorithm={self.algorithm!r}: expected 'tsqr' or 'randomized'")
        if not isinstance(self.n_components, numbers.Integral) or not 1 <= self.n_components <= num_columns:
            raise ValueError(f"n_components({self.n_components}) must be between 1 and n_features({num_columns}).")

    def transform(self, X: Any) -> Any:
        """The rows' coordinates; lazy where ``X`` is."""
        check_is_fitted(self, "components_")
        rows = sparse_features(self, X, reset=False) if is_sparse(X) else finite(features(self, X, reset=False))
        made = rows @ self.components_.T
        return made if is_lazy(X) else computed(made)

    def inverse_transform(self, X: Any) -> Any:
        """Rows of these coordinates; lazy where ``X`` is."""
        check_is_fitted(self, "components_")
        return (X if is_sparse(X) else finite_rows(X)) @ self.components_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    @property
    def _n_features_out(self) -> int:
        return len(self.components_)
