"""Forests of trees that the engine grows on binned rows (``plait/ml/forest.h``): their parameters."""

from __future__ import annotations

from typing import Any

from ._growing import ForestClassifier, ForestRegressor

_PARAMETERS = """
    Parameters
    ----------
    n_estimators : int
        Number of trees.
    criterion : str
        {criteria}
    max_depth, max_leaf_nodes : int, optional
        Bounds of each tree.
    min_samples_split, min_samples_leaf : int or float
        Fewest rows of a node that is cut, and of a leaf; a float is a share of all rows.
    min_weight_fraction_leaf : float
        Least share of the weight in a leaf.
    max_features : "sqrt", "log2", int, float or None
        How many features are drawn for each cut.
    min_impurity_decrease : float
        What a cut must lower the impurity by.
    bootstrap : bool
        Whether each tree draws rows with replacement: each row as often as a Poisson number of its position says.
    oob_score : bool or callable
        Whether to score every row by the trees that have not drawn it.
    n_jobs : int, optional
        Workers at most; None and -1: all.
    random_state : int, RandomState or None
        Seed. The same seed gives the same trees, however rows are cut into blocks and whatever runs the tasks.
    verbose : int
        Taken for scikit-learn's sake.
    warm_start : bool
        Whether another ``fit`` adds trees to those there are.
    {class_weight}ccp_alpha, monotonic_cst
        Only 0 and None.
    max_samples : int or float, optional
        How many rows a tree draws, or their share.

    Attributes
    ----------
    {attributes}feature_importances_ : ndarray
        Of each feature, 1 together.
    forest_ : dict of ndarray
        The trees, node by node.
    oob_score_ : float
        With ``oob_score``.
"""
_OF_CLASSES = {
    "criteria": '"gini", "entropy" or "log_loss".',
    "class_weight": 'class_weight : dict, "balanced", "balanced_subsample" or None\n        Weights of the classes.\n    ',
    "attributes": "classes_ : ndarray\n        The labels, sorted.\n    ",
}
_OF_NUMBERS = {"criteria": '"squared_error".', "class_weight": "", "attributes": ""}


class RandomForestClassifier(ForestClassifier):
    __doc__ = f"""Trees on samples of rows, with the best cut of a few drawn features in every node, which vote on a class.

    Data may be larger than memory: features are cut into 256 bins, and a tree's rows are gathered in bins.
    {_PARAMETERS.format(**_OF_CLASSES)}
    Examples
    --------
    >>> from plait.ml.ensemble import RandomForestClassifier
    >>> X = da.arange(100, chunks=30).reshape(100, 1)
    >>> RandomForestClassifier(10, random_state=0).fit(X, X[:, 0] > 50).predict([[20], [80]])
    array([False,  True])
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.monotonic_cst = monotonic_cst


class ExtraTreesClassifier(RandomForestClassifier):
    __doc__ = f"""Trees on all rows, with a random cut of each of a few drawn features in every node, which vote on a class.
    {_PARAMETERS.format(**_OF_CLASSES)}"""

    _random_cuts = True

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        super().__init__(**given)


class RandomForestRegressor(ForestRegressor):
    __doc__ = f"""Trees on samples of rows, with the best cut of the drawn features in every node, whose means are averaged.
    {_PARAMETERS.format(**_OF_NUMBERS)}
    Examples
    --------
    >>> from plait.ml.ensemble import RandomForestRegressor
    >>> X = da.arange(100, chunks=30).reshape(100, 1)
    >>> RandomForestRegressor(10, random_state=0).fit(X, X[:, 0] > 50).predict([[20], [80]])
    array([0., 1.])
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.monotonic_cst = monotonic_cst


class ExtraTreesRegressor(RandomForestRegressor):
    __doc__ = f"""Trees on all rows, with a random cut of each drawn feature in every node, whose means are averaged.
    {_PARAMETERS.format(**_OF_NUMBERS)}"""

    _random_cuts = True

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: Any = 2,
        min_samples_leaf: Any = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        ccp_alpha: float = 0.0,
        max_samples: Any = None,
        monotonic_cst: Any = None,
    ):
        given = {name: value for name, value in locals().items() if name not in ("self", "__class__")}
        super().__init__(**given)


__all__ = ["ExtraTreesClassifier", "ExtraTreesRegressor", "RandomForestClassifier", "RandomForestRegressor"]
