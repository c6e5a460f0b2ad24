"""Categories as numbers, and as columns of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn import preprocessing as theirs
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ...array import Array
from ...base import compute
from ...dataframe import DataFrame, get_dummies
from .._inputs import in_memory, is_lazy
from .._labels import Labels
from .._on_blocks import OnBlocks


def categories_of(X: Any) -> list[np.ndarray]:
    """The distinct values of each column of lazy data, in order, missing ones last: one run for all. Categories of a frame are in their own order."""
    if isinstance(X, DataFrame):
        columns = [X[name] for name in X.columns]
        known = [each._meta.cat.categories if isinstance(each.dtype, pd.CategoricalDtype) and each.cat.known else None for each in columns]
        found = compute(*(column.drop_duplicates() for column, of in zip(columns, known) if of is None))
    else:
        known = [None] * X.shape[1]
        found = compute(*(Labels(X[:, j], "X", is_checked=False).lazy_classes() for j in range(X.shape[1])))
    values = iter(found)
    return [_in_order(next(values)) if of is None else np.asarray(of) for of in known]


def _in_order(values: Any) -> np.ndarray:
    is_text = isinstance(values, pd.Series) and not pd.api.types.is_numeric_dtype(values.dtype)
    values = values.to_numpy(dtype=object) if is_text else np.asarray(values)
    if values.dtype != object:
        return np.unique(values)
    missing = pd.isna(values)
    return np.concatenate([np.unique(values[~missing]), pd.unique(values[missing])])


class OneHotEncoder(OnBlocks, theirs.OneHotEncoder):
    """A column of zeros and ones for each category of each column. Parameters and attributes are scikit-learn's.

    Lazy data gives lazy dense columns, whatever ``sparse_output`` says.

    Examples
    --------
    >>> from plait.ml.preprocessing import OneHotEncoder
    >>> OneHotEncoder().fit_transform(da.array([[0], [2], [0]])).compute()
    array([[1., 0.],
           [0., 1.],
           [1., 0.]])
    """

    def _fit_lazy(self, X: Any) -> None:
        if self.min_frequency is not None or self.max_categories is not None:
            raise NotImplementedError("OneHotEncoder: min_frequency and max_categories take data in memory; give categories= for lazy data")
        super().fit(_standing_for(categories_of(X), X))

    def _known_row(self) -> np.ndarray:
        """A row that is sure to have known categories."""
        return np.array([[each[0] for each in self.categories_]], dtype=object)


def _standing_for(categories: list[np.ndarray], X: Any) -> Any:
    """Rows in memory in which every category occurs."""
    rows = max(map(len, categories), default=0)
    if rows == 0:
        raise ValueError("Found array with 0 sample(s) while a minimum of 1 is required: there is no row to learn categories from")
    columns = [np.resize(each, rows) for each in categories]
    names = list(X.columns) if isinstance(X, DataFrame) else getattr(X, "column_names", None)
    if names is None:
        return np.stack(columns, axis=1).astype(X.dtype) if X.dtype.kind in "biuf" else np.stack(columns, axis=1)
    types = [X.dtypes[name] if isinstance(X, DataFrame) else X.dtype for name in names]
    return pd.DataFrame({name: pd.Series(column).astype(kind) for name, column, kind in zip(names, columns, types)})


class Categorizer(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """Columns of texts as categories, the same in every partition.

    Parameters
    ----------
    categories : mapping of column to CategoricalDtype, optional
        Default is what the columns hold.
    columns : sequence, optional
        Default is all columns of texts and objects.

    Attributes
    ----------
    columns_ : pandas.Index
    categories_ : dict of column to CategoricalDtype

    Examples
    --------
    >>> from plait.ml.preprocessing import Categorizer
    >>> Categorizer().fit_transform(df).k.cat.categories.tolist()
    ['a', 'b']
    """

    def __init__(self, categories: Any = None, columns: Any = None):
        self.categories = categories
        self.columns = columns

    def fit(self, X: Any, y: Any = None) -> Categorizer:
        """Learn the categories."""
        X = _frame(X, "Categorizer")
        if self.categories is not None:
            self.columns_ = pd.Index(self.categories)
            self.categories_ = {name: kind if isinstance(kind, pd.CategoricalDtype) else pd.CategoricalDtype(kind) for name, kind in self.categories.items()}
            return self
        of = X._meta if is_lazy(X) else X
        names = [name for name in X.columns if _is_text(of[name].dtype)] if self.columns is None else list(self.columns)
        self.columns_ = pd.Index(names)
        if is_lazy(X):
            found = categories_of(X[names]) if names else []
        else:
            found = [X[name].cat.categories if isinstance(X[name].dtype, pd.CategoricalDtype) else np.unique(X[name].dropna().to_numpy(dtype=object)) for name in names]
        self.categories_ = {name: pd.CategoricalDtype(list(each[~pd.isna(each)]), getattr(of[name].dtype, "ordered", False)) for name, each in zip(names, found)}
        return self

    def transform(self, X: Any, y: Any = None) -> Any:
        """The frame with these columns as categories."""
        check_is_fitted(self, "categories_")
        return _frame(X, "Categorizer").astype(self.categories_)


def _is_text(kind: Any) -> bool:
    return isinstance(kind, pd.CategoricalDtype) or pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind)


def _frame(X: Any, what: str) -> Any:
    X = in_memory(X)
    if not isinstance(X, (DataFrame, pd.DataFrame)):
        raise TypeError(f"{what} takes frames, because columns have types of their own there; found {type(X).__name__}")
    return X


class _OfCategories(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """What encodes columns of categories of a frame, whose categories are known."""

    columns: Any

    def _fit_columns(self, X: Any) -> Any:
        X = _frame(X, type(self).__name__)
        of = X._meta if is_lazy(X) else X
        self.columns_ = X.columns
        names = [name for name in X.columns if isinstance(of[name].dtype, pd.CategoricalDtype)] if self.columns is None else list(self.columns)
        for name in names:
            if not isinstance(of[name].dtype, pd.CategoricalDtype):
                raise ValueError(f"All columns must be Categorical dtype: {name!r} is {of[name].dtype}; use Categorizer first")
            if is_lazy(X) and not X[name].cat.known:
                raise ValueError(f"The categories of {name!r} are not known; use Categorizer first")
        self.categorical_columns_ = pd.Index(names)
        self.non_categorical_columns_ = X.columns.drop(names)
        self.dtypes_ = {name: of[name].dtype for name in names}
        self.n_features_in_ = len(X.columns)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        return X

    def _checked(self, X: Any) -> Any:
        check_is_fitted(self, "categorical_columns_")
        X = _frame(X, type(self).__name__)
        if not X.columns.equals(self.columns_):
            raise ValueError(f"Columns of 'X' do not match the training columns. Got {list(X.columns)!r}, expected {list(self.columns_)!r}")
        of = X._meta if is_lazy(X) else X
        for name, kind in self.dtypes_.items():
            if of[name].dtype != kind:
                raise ValueError(f"column {name!r} has other categories than in fit: {of[name].dtype}, expected {kind}")
        return X


class OrdinalEncoder(_OfCategories):
    """Columns of categories as the numbers of their categories; -1 is a missing one.

    Parameters
    ----------
    columns : sequence, optional
        Default is all columns of categories.
    """

    def __init__(self, columns: Any = None):
        self.columns = columns

    def fit(self, X: Any, y: Any = None) -> OrdinalEncoder:
        """Learn which columns have which categories."""
        self._fit_columns(X)
        return self

    def transform(self, X: Any, y: Any = None) -> Any:
        """The frame with numbers in the place of categories."""
        X = self._checked(X)
        return X.assign(**{str(name): X[name].cat.codes for name in self.categorical_columns_})

    def inverse_transform(self, X: Any) -> Any:
        """The frame, or an array of its columns, with categories in the place of numbers."""
        check_is_fitted(self, "categorical_columns_")
        if isinstance(X, Array):
            X = X.compute()
        if isinstance(X, np.ndarray):
            X = pd.DataFrame(X, columns=self.columns_)
        if is_lazy(X):
            return X.map_partitions(_with_categories, self.dtypes_, meta=_with_categories(X._meta, self.dtypes_))
        return _with_categories(X, self.dtypes_)


def _with_categories(frame: pd.DataFrame, types: dict) -> pd.DataFrame:
    return frame.assign(**{name: pd.Categorical.from_codes(frame[name].astype(int), dtype=kind) for name, kind in types.items()})


class DummyEncoder(_OfCategories):
    """Columns of categories as a column of truth values for each category, as `pandas.get_dummies` has them.

    Parameters
    ----------
    columns : sequence, optional
        Default is all columns of categories.
    drop_first : bool
        Whether to leave the first category of each out.

    Attributes
    ----------
    transformed_columns_ : pandas.Index
    """

    def __init__(self, columns: Any = None, drop_first: bool = False):
        self.columns = columns
        self.drop_first = drop_first

    def fit(self, X: Any, y: Any = None) -> DummyEncoder:
        """Learn which columns have which categories."""
        X = self._fit_columns(X)
        sample = (X._meta if is_lazy(X) else X).iloc[:0]
        self.transformed_columns_ = self._dummies(sample).columns
        return self

    def _dummies(self, X: Any) -> Any:
        make = get_dummies if is_lazy(X) else pd.get_dummies
        return make(X, columns=list(self.categorical_columns_), drop_first=self.drop_first)

    def transform(self, X: Any, y: Any = None) -> Any:
        """The frame with the new columns behind the others."""
        return self._dummies(self._checked(X))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The names of the columns of the result."""
        check_is_fitted(self, "transformed_columns_")
        return np.asarray(self.transformed_columns_, dtype=object)

    def inverse_transform(self, X: Any) -> Any:
        """The frame, or an array of its columns, as it was."""
        check_is_fitted(self, "transformed_columns_")
        if isinstance(X, Array):
            X = X.compute()
        if isinstance(X, np.ndarray):
            X = pd.DataFrame(X, columns=self.transformed_columns_)
        if is_lazy(X):
            return X.map_partitions(self._as_it_was, meta=self._as_it_was(X._meta))
        return self._as_it_was(X)

    def _as_it_was(self, frame: pd.DataFrame) -> pd.DataFrame:
        made = frame[list(self.non_categorical_columns_)].copy()
        for name, kind in self.dtypes_.items():
            labels = kind.categories[1:] if self.drop_first else kind.categories
            marks = frame[[f"{name}_{label}" for label in labels]].to_numpy(dtype=bool)
            codes = np.where(marks.any(axis=1), marks.argmax(axis=1) + int(self.drop_first) if len(labels) else 0, 0 if self.drop_first else -1)
            made[name] = pd.Categorical.from_codes(codes.astype(int), dtype=kind)
        return made[list(self.columns_)]


class BlockTransformer(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """A function that is called on each block of an array, or on each partition of a frame.

    Parameters
    ----------
    func : callable
        It gives as many rows as it gets.
    validate, accept_sparse, all_finite
        Taken for dask-ml's sake.
    **kw_args : object
        Passed to the function.

    Examples
    --------
    >>> from plait.ml.preprocessing import BlockTransformer
    >>> BlockTransformer(np.square).transform(da.arange(3, chunks=2).reshape(3, 1)).compute().ravel()
    array([0, 1, 4])
    """

    def __init__(self, func: Any, *, validate: bool = False, accept_sparse: bool = False, all_finite: bool = True, **kw_args: Any):
        self.func = func
        self.validate = validate
        self.accept_sparse = accept_sparse
        self.all_finite = all_finite
        self.kw_args = kw_args

    def get_params(self, deep: bool = True) -> dict:
        """The parameters, those of the function among them."""
        own = {name: getattr(self, name) for name in ("func", "validate", "accept_sparse", "all_finite")}
        return {**own, **self.kw_args}

    def fit(self, X: Any, y: Any = None) -> BlockTransformer:
        """Nothing is learnt."""
        return self

    def transform(self, X: Any, y: Any = None) -> Any:
        """What the function gives."""
        if isinstance(X, Array):
            return X.map_blocks(self.func, **self.kw_args)
        return X.map_partitions(self.func, **self.kw_args) if is_lazy(X) else self.func(in_memory(X), **self.kw_args)

    def __sklearn_is_fitted__(self) -> bool:
        return True
