"""Forests and votes of models, with the names of ``dask_ml.ensemble`` and the forests of scikit-learn."""

from __future__ import annotations

from ._blockwise import BlockwiseVotingClassifier, BlockwiseVotingRegressor
from ._forests import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

__all__ = [
    "BlockwiseVotingClassifier",
    "BlockwiseVotingRegressor",
    "ExtraTreesClassifier",
    "ExtraTreesRegressor",
    "RandomForestClassifier",
    "RandomForestRegressor",
]
