"""Transformers of some columns each, with the names of ``dask_ml.compose``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import sklearn.compose
from sklearn.base import clone
from sklearn.compose import make_column_selector
from sklearn.pipeline import _name_estimators
from sklearn.utils import Bunch
from sklearn.utils.validation import check_is_fitted

from ..array import Array, concatenate
from ..dataframe import DataFrame
from ._inputs import column_names, in_memory, is_lazy, lazy_rows
from ._on_blocks import on_blocks

__all__ = ["ColumnTransformer", "make_column_selector", "make_column_transformer"]


class ColumnTransformer(sklearn.compose.ColumnTransformer):
    """Transformers of some columns each, whose results stand side by side.

    Transformers are ours or scikit-learn's. Columns of a lazy array that was made of a frame have their names.

    Parameters
    ----------
    transformers : list of (name, transformer, columns)
    remainder : {"drop", "passthrough"} or transformer
        What becomes of the other columns.
    sparse_threshold, n_jobs, transformer_weights, verbose, verbose_feature_names_out
        As in scikit-learn.
    preserve_dataframe : bool
        Whether a lazy frame gives a frame, where all results have names; else an array.

    Examples
    --------
    >>> from plait.ml.compose import ColumnTransformer
    >>> from plait.ml.preprocessing import MinMaxScaler
    >>> ColumnTransformer([("scaled", MinMaxScaler(), ["x"])]).fit_transform(df).compute().shape
    (4, 1)
    """

    def __init__(
        self,
        transformers: Any,
        remainder: Any = "drop",
        sparse_threshold: float = 0.3,
        n_jobs: Any = None,
        transformer_weights: Any = None,
        preserve_dataframe: bool = True,
        verbose: bool = False,
        verbose_feature_names_out: Any = True,
    ):
        super().__init__(
            transformers,
            remainder=remainder,
            sparse_threshold=sparse_threshold,
            n_jobs=n_jobs,
            transformer_weights=transformer_weights,
            verbose=verbose,
            verbose_feature_names_out=verbose_feature_names_out,
        )
        self.preserve_dataframe = preserve_dataframe

    def fit(self, X: Any, y: Any = None, **params: Any) -> ColumnTransformer:
        """Learn what each transformer learns of its columns."""
        if not is_lazy(X):
            return super().fit(X, y, **params)
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """Learn it, and transform the rows."""
        if not is_lazy(X):
            return super().fit_transform(X, y, **params)
        names = column_names(X)
        width = len(X.columns) if isinstance(X, DataFrame) else X.shape[1]
        self._told(names, width)
        fitted, made = [], []
        for name, transformer, columns in self._wanted(names, width):
            if transformer == "drop" or not columns:
                fitted.append((name, transformer, columns))
                continue
            part = _columns(X, columns)
            if transformer == "passthrough":
                fitted.append((name, "passthrough", columns))
                made.append((name, part))
                continue
            own = clone(transformer).fit(part if _takes_lazy(transformer) else part.compute(), *(() if y is None else (y,)))
            fitted.append((name, own, columns))
            made.append((name, _transformed(own, part)))
        self.transformers_ = fitted
        return self._side_by_side(X, made)

    def transform(self, X: Any, **params: Any) -> Any:
        """The transformed columns side by side."""
        check_is_fitted(self, "transformers_")
        if not hasattr(self, "_is_fitted_on_lazy"):
            return on_blocks(self, "transform", X) if is_lazy(X) else super().transform(X, **params)
        X = in_memory(X)
        found = len(X.columns) if isinstance(X, (DataFrame, pd.DataFrame)) else np.shape(X)[1]
        if found != self.n_features_in_:
            raise ValueError(f"X has {found} features, but ColumnTransformer is expecting {self.n_features_in_} features as input")
        if not is_lazy(X):
            return _EachPart(self).rows(X)
        made = []
        for name, transformer, columns in self.transformers_:
            if transformer == "drop" or not columns:
                continue
            part = _columns(X, columns)
            made.append((name, part if transformer == "passthrough" else _transformed(transformer, part)))
        return self._side_by_side(X, made)

    def _told(self, names: Any, width: int) -> None:
        self.n_features_in_ = width
        self._is_fitted_on_lazy = True
        if names is not None:
            self.feature_names_in_ = np.asarray(names.columns, dtype=object)

    def _wanted(self, names: Any, width: int) -> list[tuple]:
        """Each transformer with its columns as positions, or as names where there are some."""
        like = names if names is not None else pd.DataFrame(np.empty((0, width)))
        wanted, taken = [], set()
        for name, transformer, columns in self.transformers:
            if callable(columns):
                columns = columns(like)
            columns = [columns] if isinstance(columns, (str, int, np.integer)) else columns
            positions = _positions(columns, like, names is not None)
            taken.update(positions)
            wanted.append((name, transformer, [like.columns[i] for i in positions] if names is not None else positions))
        rest = [i for i in range(width) if i not in taken]
        wanted.append(("remainder", self.remainder, [like.columns[i] for i in rest] if names is not None else rest))
        return wanted

    def _side_by_side(self, X: Any, made: list[tuple[str, Any]]) -> Any:
        weights = self.transformer_weights or {}
        parts = [part * weights[name] if name in weights else part for name, part in made]
        if not parts:
            return X.to_dask_array()[:, :0] if isinstance(X, DataFrame) else X[:, :0]
        if self.preserve_dataframe and isinstance(X, DataFrame) and all(isinstance(part, DataFrame) for part in parts):
            each = _EachPart(self)
            return on_blocks(each, "transform", X, pd.concat([part._meta for part in parts], axis=1).set_axis(each.names, axis=1))
        arrays = [lazy_rows(part) for part in parts]
        arrays = [each[:, None] if each.ndim == 1 else each for each in arrays]
        if len({each.chunks[0] for each in arrays}) > 1 and all(each.shape[0] == each.shape[0] for each in arrays):
            arrays = [each.rechunk({0: arrays[0].chunks[0]}) for each in arrays]
        joined = concatenate(arrays, axis=1, allow_unknown_chunksizes=True) if len(arrays) > 1 else arrays[0]
        return joined.rechunk({1: -1})

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The names of the columns of the result."""
        if not hasattr(self, "_is_fitted_on_lazy"):
            return super().get_feature_names_out(input_features)
        given = getattr(self, "feature_names_in_", np.array([f"x{i}" for i in range(self.n_features_in_)], dtype=object))
        named = []
        for name, transformer, columns in self.transformers_:
            if transformer == "drop" or not columns:
                continue
            own = [each if isinstance(each, str) else given[each] for each in columns]
            of = own if transformer == "passthrough" else transformer.get_feature_names_out(own)
            named.append([f"{name}__{each}" if self.verbose_feature_names_out else each for each in of])
        return np.asarray(list(chain.from_iterable(named)), dtype=object)

    @property
    def named_transformers_(self) -> Bunch:
        """The fitted transformers by name."""
        return Bunch(**{name: transformer for name, transformer, _ in self.transformers_})


class _EachPart:
    """A fitted `ColumnTransformer` on data in memory, as the partitions of a frame."""

    def __init__(self, fitted: ColumnTransformer):
        self.steps = [(name, step, columns) for name, step, columns in fitted.transformers_ if step != "drop" and columns]
        self.weights = fitted.transformer_weights or {}
        self.names = list(fitted.get_feature_names_out())
        self.given = list(getattr(fitted, "feature_names_in_", ()))

    def transform(self, part: pd.DataFrame) -> pd.DataFrame:
        """What all transformers make of a partition, side by side."""
        made = [pd.DataFrame(own).set_axis(part.index, axis=0) for own in self._made(part)]
        return pd.concat(made, axis=1).set_axis(self.names, axis=1)

    def rows(self, x: Any) -> np.ndarray:
        """The same of rows in memory, as scikit-learn gives them."""
        made = [np.asarray(own) for own in self._made(x)]
        return np.hstack(made) if made else np.empty((len(x), 0))

    def _made(self, x: Any) -> Iterator[Any]:
        for name, step, columns in self.steps:
            part = self._columns(x, columns)
            own = part if step == "passthrough" else step.transform(part)
            own = own.toarray() if hasattr(own, "toarray") else own
            yield own * self.weights[name] if name in self.weights else own

    def _columns(self, x: Any, columns: list) -> Any:
        if isinstance(x, pd.DataFrame):
            return x[columns] if isinstance(columns[0], str) or columns[0] in x.columns else x.iloc[:, columns]
        rows = np.asarray(x)[:, [self.given.index(each) if isinstance(each, str) else each for each in columns]]
        return pd.DataFrame(rows, columns=columns) if isinstance(columns[0], str) else rows


def _positions(columns: Any, like: pd.DataFrame, has_names: bool) -> list[int]:
    if isinstance(columns, slice):
        return list(range(like.shape[1]))[columns]
    columns = list(columns)
    if columns and all(isinstance(each, (bool, np.bool_)) for each in columns):
        return [i for i, each in enumerate(columns) if each]
    if any(isinstance(each, str) for each in columns):
        if not has_names:
            raise ValueError("Specifying the columns using strings is only supported for frames, and for arrays that were made of one (frame.to_dask_array())")
        unknown = [each for each in columns if each not in like.columns]
        if unknown:
            raise ValueError(f"A given column is not a column of the dataframe: {unknown[0]!r}; there are {list(like.columns)}")
        return [like.columns.get_loc(each) for each in columns]
    bad = [each for each in columns if not -like.shape[1] <= each < like.shape[1]]
    if bad:
        raise ValueError(f"all features must be in [0, {like.shape[1] - 1}] or [-{like.shape[1]}, 0]; found {bad[0]}")
    return [int(each) % like.shape[1] for each in columns]


def _columns(X: Any, columns: list) -> Any:
    if isinstance(X, DataFrame):
        return X[columns] if isinstance(columns[0], str) or columns[0] in X.columns else X[[X.columns[i] for i in columns]]
    names = X.column_names
    positions = [names.index(each) if isinstance(each, str) else each for each in columns]
    part: Array = X[:, positions].rechunk({1: -1})
    if names is not None:
        part._column_names = tuple(names[i] for i in positions)
    return part


def _takes_lazy(transformer: Any) -> bool:
    """Whether a transformer, or the first step of a pipeline, is one of ours."""
    first = transformer.steps[0][1] if hasattr(transformer, "steps") else transformer
    return type(first).__module__.startswith("plait.") or getattr(type(first), "takes_lazy_data", False)


def _transformed(transformer: Any, part: Any) -> Any:
    return transformer.transform(part) if _takes_lazy(transformer) else on_blocks(transformer, "transform", part)


def make_column_transformer(
    *transformers: Any, remainder: Any = "drop", sparse_threshold: float = 0.3, n_jobs: Any = None, preserve_dataframe: bool = True, verbose: bool = False
) -> ColumnTransformer:
    """A `ColumnTransformer` of pairs of transformer and columns, which are named by their classes.

    Examples
    --------
    >>> from plait.ml.compose import make_column_transformer
    >>> from plait.ml.preprocessing import StandardScaler
    >>> make_column_transformer((StandardScaler(), ["x"])).transformers[0][0]
    'standardscaler'
    """
    steps, columns = zip(*transformers)
    named = [(name, step, own) for (name, step), own in zip(_name_estimators(steps), columns)]
    return ColumnTransformer(named, remainder=remainder, sparse_threshold=sparse_threshold, n_jobs=n_jobs, preserve_dataframe=preserve_dataframe, verbose=verbose)
