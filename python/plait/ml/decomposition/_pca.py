"""Principal components, from one pass over the rows where there are few columns."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
import sklearn.decomposition as sklearn_decomposition
from sklearn.utils import check_random_state, gen_batches
from sklearn.utils.validation import check_is_fitted

from ... import _plait
from ...array import Array, linalg
from ...array.random import RandomState
from ...base import compute
from .._inputs import BLOCK_BYTES, FEWEST_ROWS, features, finite, finite_rows, is_lazy, kept, precision, require_rows
from .._running import run
from .._transforming import computed
from ..model_selection._folds import counted

# Up to so many columns their covariances are made, which takes one pass.
_MOST_COLUMNS = 1000


def evenly_cut(rows: Array) -> Array:
    """Rows in blocks of a size that only their length decides, so that sums do not depend on how the user has cut them."""
    size = max(rows.shape[1], BLOCK_BYTES // (8 * max(1, rows.shape[1])), FEWEST_ROWS)
    return rows.rechunk({0: int(size), 1: -1})


def with_signs(v: np.ndarray) -> np.ndarray:
    """Directions with the sign that makes their largest element positive."""
    largest = v[np.arange(len(v)), np.abs(v).argmax(axis=1)]
    return v * np.where(largest < 0, -1.0, 1.0)[:, None]


def in_precision_of(rows: Array, estimator: Any, *names: str) -> None:
    """What an estimator has learnt, as precise as the rows."""
    for name in names:
        setattr(estimator, name, getattr(estimator, name).astype(precision(rows), copy=False))


class PCA(sklearn_decomposition.PCA):
    """The directions of the largest variance of rows, and rows as coordinates along them.

    Parameters
    ----------
    n_components : int, float or None
        How many; a float in (0, 1) asks for as many as explain this share of the variance.
    copy : bool
        Taken for scikit-learn's sake: what is given is never changed.
    whiten : bool
        Whether coordinates are divided by their standard deviations.
    svd_solver : "auto", "covariance_eigh", "full", "tsqr" or "randomized"
        From the columns' covariances, in one pass ("auto" of up to 1000 columns and many rows); from a QR decomposition of
        the rows ("full", "tsqr"); from a random sample of directions.
    tol : float
        Taken for scikit-learn's sake.
    iterated_power : int or "auto"
        Rounds of "randomized"; "auto" is 4.
    random_state : int, RandomState or None
        Seed of "randomized".

    Attributes
    ----------
    components_, explained_variance_, explained_variance_ratio_, singular_values_, mean_, n_components_, noise_variance_
        As in scikit-learn: NumPy arrays.

    Examples
    --------
    >>> from plait.ml.decomposition import PCA
    >>> rows = da.from_array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]], chunks=2)
    >>> abs(PCA(1).fit(rows).components_).round(3)
    array([[0.707, 0.707]])
    """

    def __init__(
        self,
        n_components: Any = None,
        *,
        copy: bool = True,
        whiten: bool = False,
        svd_solver: str = "auto",
        tol: float = 0.0,
        iterated_power: Any = "auto",
        random_state: Any = None,
    ):
        super().__init__(n_components, copy=copy, whiten=whiten, svd_solver=svd_solver, tol=tol, iterated_power=iterated_power, random_state=random_state)

    def fit(self, X: Any, y: Any = None) -> PCA:
        """Find the directions.

        Raises
        ------
        ValueError
            For more components than rows or columns, or a solver that there is not.
        """
        self._fit_rows(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Fit, and the rows' coordinates; lazy where ``X`` is."""
        rows = self._fit_rows(X)
        made = self._coordinates(rows)
        return made if is_lazy(X) else computed(made)

    def _fit_rows(self, X: Any) -> Array:
        given = counted(features(self, X, reset=True))
        num_rows, num_columns = (int(each) for each in given.shape)
        if num_rows < 2:
            raise ValueError(f"Found array with {num_rows} sample(s) (shape={given.shape}) while a minimum of 2 is required by {type(self).__name__}.")
        wanted = self._wanted(num_rows, num_columns)
        solver = self._solver(num_rows, num_columns, wanted)
        rows = evenly_cut(finite(given))
        if solver == "covariance_eigh":
            total, values, v = self._by_covariances(evenly_cut(given))  # whose sums tell whether all are finite
        else:
            (rows,) = kept(rows)
            total, values, v = self._by_svd(rows.astype(np.float64), solver, min(num_rows, num_columns) if isinstance(wanted, float) else wanted)
        self._set_components(num_rows, num_columns, wanted, total, values, v)
        learnt = ("mean_", "components_", "explained_variance_", "explained_variance_ratio_", "singular_values_", "noise_variance_")
        in_precision_of(rows, self, *learnt)
        return rows

    def _wanted(self, num_rows: int, num_columns: int) -> Any:
        most, n = min(num_rows, num_columns), self.n_components
        if n is None:
            return most
        if isinstance(n, numbers.Integral):
            if not 0 <= int(n) <= most:
                raise ValueError(f"n_components={n!r} must be between 0 and min(n_samples, n_features)={most}; the rows are {num_rows} x {num_columns}")
            return int(n)
        if isinstance(n, numbers.Real) and 0 < float(n) < 1:
            return float(n)
        raise ValueError(f"n_components={n!r}: expected a whole number, a share of the variance in (0, 1), or None")

    def _solver(self, num_rows: int, num_columns: int, wanted: Any) -> str:
        known = ("auto", "covariance_eigh", "full", "tsqr", "randomized")
        if self.svd_solver not in known:
            raise ValueError(f"svd_solver={self.svd_solver!r}: expected one of {', '.join(map(repr, known))}")
        if self.svd_solver != "auto":
            return "full" if self.svd_solver == "tsqr" else self.svd_solver
        if num_columns <= _MOST_COLUMNS and num_rows >= 10 * num_columns:
            return "covariance_eigh"
        is_small = isinstance(wanted, int) and 1 <= wanted < 0.8 * min(num_rows, num_columns)
        return "randomized" if is_small and max(num_rows, num_columns) > 500 else "full"

    def _by_covariances(self, rows: Array) -> tuple[float, np.ndarray, np.ndarray]:
        # Where columns lie far from zero, away from a place near their means, so that squares keep their digits.
        first = rows[: min(256, rows.shape[0])].compute()
        near, spread = first.mean(axis=0), first.std(axis=0)
        is_far = bool((abs(near) > 10 * spread).any())
        near = near if is_far else np.zeros(len(near))
        sums, products = run(_plait.ml.scatter, rows._array, near.tolist() if is_far else [])
        n = int(rows.shape[0])
        self.mean_ = near + sums / n
        covariance = (products - np.outer(sums, sums) / n) / (n - 1)
        values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
        values = np.maximum(values[::-1], 0.0)
        return float(values.sum()), values, vectors[:, ::-1].T

    def _by_svd(self, rows: Array, solver: str, wanted: int) -> tuple[float, np.ndarray, np.ndarray]:
        n = int(rows.shape[0])
        mean, variance = compute(rows.mean(axis=0), rows.var(axis=0, ddof=1))
        self.mean_ = mean
        apart = rows - mean
        if solver == "randomized" and wanted > 0:
            power = 4 if self.iterated_power == "auto" else int(self.iterated_power)
            seed = int(check_random_state(self.random_state).randint(np.iinfo(np.int32).max))
            _, s, v = linalg.svd_compressed(apart, wanted, iterator="QR", n_power_iter=power, seed=RandomState(seed))
        else:
            _, s, v = linalg.svd(apart)
        s, v = compute(s, v)
        return float(variance.sum()), s**2 / (n - 1), v

    def _set_components(self, num_rows: int, num_columns: int, wanted: Any, total: float, values: np.ndarray, v: np.ndarray) -> None:
        most = min(num_rows, num_columns)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratios = values / total
        if isinstance(wanted, float):
            wanted = int(np.searchsorted(np.cumsum(ratios), wanted, side="right")) + 1
        wanted = min(wanted, len(values))
        self.n_samples_, self.n_components_ = num_rows, wanted
        self.components_ = with_signs(v[:wanted])
        self.explained_variance_, self.explained_variance_ratio_ = values[:wanted], ratios[:wanted]
        self.singular_values_ = np.sqrt(values[:wanted] * (num_rows - 1))
        self.noise_variance_ = np.float64(max(0.0, total - values[:wanted].sum()) / (most - wanted) if wanted < most else 0.0)

    def _coordinates(self, rows: Array) -> Array:
        made = (rows - self.mean_) @ self.components_.T
        return made / np.maximum(np.sqrt(self.explained_variance_), np.finfo(made.dtype).eps) if self.whiten else made

    def transform(self, X: Any) -> Any:
        """The rows' coordinates along the components; lazy where ``X`` is."""
        check_is_fitted(self)
        made = self._coordinates(finite(features(self, X, reset=False)))
        return made if is_lazy(X) else computed(made)

    def inverse_transform(self, X: Any) -> Any:
        """Rows of these coordinates; lazy where ``X`` is."""
        check_is_fitted(self)
        directions = self.components_ * np.sqrt(self.explained_variance_)[:, None] if self.whiten else self.components_
        return finite_rows(X) @ directions + self.mean_

    def score_samples(self, X: Any) -> Any:
        """The log-likelihood of each row under the model; lazy where ``X`` is."""
        check_is_fitted(self)
        apart = finite(features(self, X, reset=False)) - self.mean_
        inverse = self.get_precision()
        constant = float(apart.shape[1] * np.log(2 * np.pi) - np.linalg.slogdet(inverse)[1])
        made = -0.5 * (apart * (apart @ inverse)).sum(axis=1) - 0.5 * constant
        return made if is_lazy(X) else computed(made)

    def score(self, X: Any, y: Any = None) -> float:
        """The mean log-likelihood of the rows."""
        return float(self.score_samples(X).mean())

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


class IncrementalPCA(sklearn_decomposition.IncrementalPCA):
    """Principal components from one batch of rows after the other: scikit-learn's, of lazy rows, too.

    Parameters and attributes are scikit-learn's; ``batch_size`` is five times the number of columns by default.
    """

    components_: Any
    explained_variance_: Any

    def fit(self, X: Any, y: Any = None) -> IncrementalPCA:
        """Learn from batches of ``batch_size`` rows, in their order."""
        if not is_lazy(X):
            return super().fit(X)
        rows = counted(features(self, X, reset=True))
        require_rows(self, rows)
        rows = finite(rows)
        num_rows, num_columns = (int(each) for each in rows.shape)
        self.components_ = None
        self.n_samples_seen_, self.mean_, self.var_ = 0, 0.0, 0.0
        self.singular_values_ = self.explained_variance_ = self.explained_variance_ratio_ = self.noise_variance_ = None
        self.batch_size_ = self.batch_size or 5 * num_columns
        # Several batches are made at once.
        several = self.batch_size_ * max(1, BLOCK_BYTES // (8 * num_columns * self.batch_size_))
        cut = rows.rechunk({0: int(several), 1: -1})
        batches = list(gen_batches(num_rows, self.batch_size_, min_batch_size=self.n_components or 0))
        for number in range(cut.npartitions):
            begin = number * several
            block = cut.blocks[number].compute()
            for batch in batches:
                if begin <= batch.start < begin + several:
                    # The last batch of all may be longer than the others, and end in the next block.
                    taken = block[batch.start - begin : batch.stop - begin]
                    if len(taken) < batch.stop - batch.start:
                        taken = rows[batch].compute()
                    self.partial_fit(taken, check_input=False)  # the rows are checked, and their names known
        return self

    def transform(self, X: Any) -> Any:
        """The rows' coordinates along the components; lazy where ``X`` is."""
        if not is_lazy(X):
            return super().transform(X)
        check_is_fitted(self)
        made = (finite(features(self, X, reset=False)) - self.mean_) @ self.components_.T
        return made / np.sqrt(self.explained_variance_) if self.whiten else made

    inverse_transform = PCA.inverse_transform
