"""Blocks of rows on their way into XGBoost."""

from __future__ import annotations

from typing import Any

import numpy as np
import xgboost

from ...array import Array
from .._inputs import column_names, in_blocks, is_lazy, kept, lazy_rows, like_rows
from ..model_selection._folds import counted


def _rows(x: Any) -> Array:
    return lazy_rows(counted(x)) if is_lazy(x) else in_blocks(np.asarray(x))


class _Blocks(xgboost.DataIter):
    """Hands XGBoost a block after the other. Rows that are in memory are not copied."""

    def __init__(self, parts: dict[str, Array], names: list[str] | None):
        super().__init__()
        self._blocks = {name: part.to_delayed().ravel() for name, part in parts.items()}
        self._names, self._next = names, 0

    def next(self, input_data: Any) -> bool:
        if self._next == len(self._blocks["data"]):
            return False
        block = {name: blocks[self._next].compute() for name, blocks in self._blocks.items()}
        self._next += 1
        if len(block["data"]) == 0:
            return self.next(input_data)
        input_data(**block, **({} if self._names is None else {"feature_names": self._names}))
        return True

    def reset(self) -> None:
        self._next = 0


class DaskDMatrix:
    """Rows, labels and weights for :func:`train` and :func:`predict`.

    Parameters
    ----------
    client : any
        Taken for Dask's sake.
    data : array-like of shape (rows, features), lazy or not
        A NaN is a missing value.
    label, weight, base_margin : array-like of shape (rows,), optional
        One a row.
    **kwargs
        Of ``xgboost.QuantileDMatrix``: ``missing``, ``max_bin``, ``feature_names``, ``nthread``, ...
    """

    def __init__(self, client: Any, data: Any, label: Any = None, *, weight: Any = None, base_margin: Any = None, **kwargs: Any):
        self.data = _rows(data)
        parts = {"label": label, "weight": weight, "base_margin": base_margin}
        self.parts = {name: like_rows(_rows(part), self.data, name) for name, part in parts.items() if part is not None}
        names = column_names(data)
        self.feature_names = kwargs.pop("feature_names", None) or (None if names is None else [str(name) for name in names.columns])
        self.kwargs = kwargs

    def num_col(self) -> int:
        """The number of features."""
        return int(self.data.shape[1])

    def _binned(self, ref: Any = None) -> xgboost.QuantileDMatrix:
        held = kept(self.data, *self.parts.values())
        blocks = _Blocks(dict(zip(["data", *self.parts], held)), self.feature_names)
        return xgboost.QuantileDMatrix(blocks, ref=ref, **self.kwargs)


DaskQuantileDMatrix = DaskDMatrix


def train(client: Any, params: dict, data: Any, labels: Any = None, dmatrix_kwargs: dict | None = None, *, evals: Any = None, **kwargs: Any) -> Any:
    """Train a booster.

    Parameters
    ----------
    client : any
        Taken for Dask's sake.
    params : dict
        XGBoost's.
    data : DaskDMatrix or array-like, lazy or not
        Rows.
    labels : array-like, optional
        Their labels, where ``data`` is no `DaskDMatrix`.
    dmatrix_kwargs : dict, optional
        Arguments of `DaskDMatrix`.
    evals : list of (DaskDMatrix, str), optional
        Rows that are scored after each round.
    **kwargs
        Of ``xgboost.train``, such as ``num_boost_round``.

    Returns
    -------
    xgboost.Booster, or dict
        Of a `DaskDMatrix`, as ``xgboost.dask`` has it, a dict of the ``booster`` and the ``history`` of scores.
    """
    is_matrix = isinstance(data, DaskDMatrix)
    matrix = data if is_matrix else DaskDMatrix(client, data, labels, **(dmatrix_kwargs or {}))
    binned = matrix._binned()
    history: dict = {}
    scored = [(binned if each is matrix else each._binned(binned), name) for each, name in evals or ()]
    booster = xgboost.train(params, binned, evals=scored, evals_result=history, **{"verbose_eval": False, **kwargs})
    return {"booster": booster, "history": history} if is_matrix else booster


class _Predicted:
    """What a booster says of a block of rows; it travels as XGBoost writes it."""

    def __init__(self, booster: xgboost.Booster, kwargs: dict):
        self.booster, self.kwargs = booster, kwargs

    def __call__(self, block: np.ndarray) -> np.ndarray:
        names = self.booster.feature_names
        return self.booster.predict(xgboost.DMatrix(block, feature_names=names), **self.kwargs) if len(block) else self.nothing()

    def nothing(self) -> np.ndarray:
        return self.sample()[:0]

    def sample(self) -> np.ndarray:
        rows = np.zeros((1, self.booster.num_features()))
        return self.booster.predict(xgboost.DMatrix(rows, feature_names=self.booster.feature_names), **self.kwargs)


def predict(client: Any, model: Any, data: Any, **kwargs: Any) -> Any:
    """What a booster says of rows.

    Parameters
    ----------
    client : any
        Taken for Dask's sake.
    model : xgboost.Booster, or what :func:`train` has given
        The booster.
    data : DaskDMatrix or array-like, lazy or not
        Rows.
    **kwargs
        Of ``xgboost.Booster.predict``, such as ``output_margin``.

    Returns
    -------
    Array or ndarray
        Lazy where the rows are.
    """
    booster = model["booster"] if isinstance(model, dict) else model
    if not isinstance(booster, xgboost.Booster):
        raise TypeError(f"predict: expected an xgboost.Booster, or what train() gives, got {type(booster).__name__}")
    rows = data.data if isinstance(data, DaskDMatrix) else _rows(data)
    if rows.shape[1] != booster.num_features():
        raise ValueError(f"predict: the rows have {rows.shape[1]} features, the booster was trained on {booster.num_features()}")
    call = _Predicted(booster, kwargs)
    sample = call.sample()
    shape: dict = {"drop_axis": 1} if sample.ndim == 1 else {"chunks": (rows.chunks[0], *((each,) for each in sample.shape[1:]))}
    made = rows.map_blocks(call, dtype=sample.dtype, **shape)
    return made if isinstance(data, DaskDMatrix) or is_lazy(data) else made.compute()


def inplace_predict(client: Any, model: Any, data: Any, **kwargs: Any) -> Any:
    """The same as :func:`predict`."""
    return predict(client, model, data, **kwargs)
