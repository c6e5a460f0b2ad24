"""Labels as numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ...array import Array
from ...dataframe import Series
from .._inputs import is_lazy
from .._labels import Labels, checked_codes, classes_of, named
from .._transforming import computed


class LabelEncoder(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """The position of each label among the sorted classes.

    Parameters
    ----------
    use_categorical : bool
        Whether the classes of a series of categories are its categories, in their order, whether they occur or not.

    Attributes
    ----------
    classes_ : ndarray
    dtype_ : pandas.CategoricalDtype or None
        The type of a series of categories.

    Examples
    --------
    >>> from plait.ml.preprocessing import LabelEncoder
    >>> LabelEncoder().fit_transform(df.k).compute().tolist()
    [0, 1, 0, 1]
    """

    def __init__(self, use_categorical: bool = True):
        self.use_categorical = use_categorical

    def fit(self, y: Any) -> LabelEncoder:
        """Learn which labels there are."""
        categories = self._categories(y)
        self.dtype_ = None if categories is None else pd.CategoricalDtype(categories)
        self.classes_ = classes_of(Labels(y, warn=True)) if categories is None else np.asarray(categories)
        return self

    def fit_transform(self, y: Any) -> Any:
        """Learn the labels and give their numbers."""
        return self.fit(y)._coded(y, is_known=True)

    def transform(self, y: Any) -> Any:
        """The numbers of labels.

        Raises
        ------
        ValueError
            If one was not there in ``fit``; of lazy data when it is computed.
        """
        check_is_fitted(self, "classes_")
        return self._coded(y, is_known=False)

    def inverse_transform(self, y: Any) -> Any:
        """The labels of numbers."""
        check_is_fitted(self, "classes_")
        if isinstance(y, Array):
            return named(y, self.classes_)
        if isinstance(y, Series):
            return y.map_partitions(_taken_of_series, self.classes_, meta=pd.Series(self.classes_[:0], name=y.name))
        return _taken(np.asarray(y), self.classes_)

    def _categories(self, y: Any) -> Any:
        if not self.use_categorical or not isinstance(getattr(y, "dtype", None), pd.CategoricalDtype):
            return None
        return (y.cat.as_known() if isinstance(y, Series) else y).cat.categories

    def _coded(self, y: Any, is_known: bool) -> Any:
        if isinstance(y, Series):
            # A series stays one: its numbers are a column of the frame, read with the others.
            coded = y.astype(pd.CategoricalDtype(list(self.classes_))).cat.codes
            return coded if is_known else checked_codes(coded, y)
        codes = Labels(y, warn=True).codes(self.classes_, is_known)
        return codes if is_lazy(y) else computed(codes)


def _taken(codes: np.ndarray, classes: np.ndarray) -> np.ndarray:
    wrong = np.setdiff1d(codes, np.arange(len(classes)))
    if len(wrong):
        raise ValueError(f"y contains previously unseen labels: {wrong[:10].tolist()}")
    return classes[codes]


def _taken_of_series(codes: pd.Series, classes: np.ndarray) -> pd.Series:
    return pd.Series(_taken(codes.to_numpy(), classes), index=codes.index, name=codes.name)
