"""The parameters of trees as the engine takes them: numbers that scikit-learn lets one give as shares, names or None."""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np


def tree_options(options: Any, forest: Any, num_rows: int) -> Any:
    """Write into the engine's ``options`` what a forest's parameters say for so many rows. Raises ValueError for what has no meaning."""
    if forest.ccp_alpha != 0:
        raise ValueError(f"ccp_alpha={forest.ccp_alpha}: trees are not pruned; take 0, and bound them by max_depth or min_samples_leaf")
    if forest.monotonic_cst is not None:
        raise ValueError("monotonic_cst: constraints of features are not there; take None")
    options.criterion = str(forest.criterion)
    options.max_features = _max_features(forest.max_features, forest.n_features_in_)
    options.max_depth = _number("max_depth", forest.max_depth, 1)
    options.max_leaf_nodes = _number("max_leaf_nodes", forest.max_leaf_nodes, 2)
    options.min_samples_split = _rows("min_samples_split", forest.min_samples_split, 2, num_rows)
    options.min_samples_leaf = _rows("min_samples_leaf", forest.min_samples_leaf, 1, num_rows)
    options.min_weight_fraction_leaf = _share("min_weight_fraction_leaf", forest.min_weight_fraction_leaf, 0.5)
    options.min_impurity_decrease = _share("min_impurity_decrease", forest.min_impurity_decrease, math.inf)
    _number("n_estimators", forest.n_estimators, 1)
    options.bootstrap = bool(forest.bootstrap)
    options.sample_fraction = _sample_fraction(forest, num_rows)
    return options


def _sample_fraction(forest: Any, num_rows: int) -> float:
    """The share of rows that a tree draws."""
    most = forest.max_samples
    if not forest.bootstrap and (most is not None or forest.oob_score):
        raise ValueError("`max_samples` cannot be set if `bootstrap=False`" if most is not None else "Out of bag estimation only available if bootstrap=True")
    if most is None:
        return 1.0
    if _is_whole(most):
        if not 1 <= most <= num_rows:
            raise ValueError(f"`max_samples` must be <= n_samples={num_rows} but got value {most}")
        return int(most) / num_rows
    if not 0 < most <= 1:
        raise ValueError(f"max_samples={most!r}: a share of the rows is in (0, 1]")
    return float(most)


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral)


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real)


def _number(name: str, value: Any, least: int) -> int:
    """A whole number, or -1 for None."""
    if value is None and name != "n_estimators":
        return -1
    if not _is_whole(value) or value < least:
        raise ValueError(f"{name}={value!r}: expected a whole number from {least}" + ("" if name == "n_estimators" else ", or None"))
    return int(value)


def _rows(name: str, value: Any, least: int, num_rows: int) -> int:
    """A number of rows, which may be given as a share of them."""
    if _is_whole(value) and value >= least:
        return int(value)
    if _is_real(value) and not _is_whole(value) and 0 < value <= 1:
        return max(least, math.ceil(value * num_rows))
    raise ValueError(f"{name}={value!r}: expected a whole number from {least}, or a share of the rows in (0, 1]")


def _share(name: str, value: Any, most: float) -> float:
    if not _is_real(value) or not 0 <= value <= most:
        raise ValueError(f"{name}={value!r}: expected a number from 0" + (f" to {most}" if most < math.inf else ""))
    return float(value)


def _max_features(value: Any, num_features: int) -> int:
    if value is None:
        return num_features
    if value == "sqrt":
        return max(1, int(np.sqrt(num_features)))
    if value == "log2":
        return max(1, int(np.log2(num_features)))
    if _is_whole(value) and value >= 1:
        return min(int(value), num_features)
    if _is_real(value) and not _is_whole(value) and 0 < value <= 1:
        return max(1, int(value * num_features))
    raise ValueError(f"max_features={value!r}: expected 'sqrt', 'log2', None, a whole number from 1, or a share in (0, 1]")
