"""Scalers, encoders and other transformations of features, with the names of ``dask_ml.preprocessing``."""

from __future__ import annotations

from ._encoders import BlockTransformer, Categorizer, DummyEncoder, OneHotEncoder, OrdinalEncoder
from ._label import LabelEncoder
from ._learned import Binarizer, FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, Normalizer, PolynomialFeatures
from ._learned import QuantileTransformer, RobustScaler
from ._scalers import StandardScaler

__all__ = [
    "Binarizer",
    "BlockTransformer",
    "Categorizer",
    "DummyEncoder",
    "FunctionTransformer",
    "KBinsDiscretizer",
    "LabelEncoder",
    "MaxAbsScaler",
    "MinMaxScaler",
    "Normalizer",
    "OneHotEncoder",
    "OrdinalEncoder",
    "PolynomialFeatures",
    "QuantileTransformer",
    "RobustScaler",
    "StandardScaler",
]
