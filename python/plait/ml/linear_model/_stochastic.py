"""Models that learn from a few rows at a time: scikit-learn's, for lazy data, too."""

from __future__ import annotations

from typing import Any

import sklearn.linear_model

from .._block_fits import fit_blocks
from .._inputs import is_lazy
from .._on_blocks import on_blocks

# Epochs over lazy data: each makes all blocks again, unless they are persisted.
_EPOCHS = 10


class _Stochastic:
    max_iter: int

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Any:
        """Learn from all rows. Lazy ones are gone through ten times at most, one block in memory at a time; persist what is dear to make."""
        if not is_lazy(X):
            return super().fit(X, y, **kwargs)  # type: ignore[misc]
        if y is None:
            raise ValueError(f"This {type(self).__name__} estimator requires y to be passed, but the target y is None.")
        for name in ("coef_", "intercept_", "classes_", "t_"):
            self.__dict__.pop(name, None)
        for _ in range(min(self.max_iter, _EPOCHS)):
            self.partial_fit(X, y, **kwargs)
        return self

    def partial_fit(self, X: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        """Learn from some rows more; lazy ones block by block."""
        if not is_lazy(X):
            return super().partial_fit(X, y, *args, **kwargs)  # type: ignore[misc]
        return fit_blocks(self, X, y, **(dict(zip(("classes",), args)) | kwargs))

    def predict(self, X: Any) -> Any:
        """What is expected of each row."""
        return super().predict(X) if not is_lazy(X) else on_blocks(self, "predict", X)  # type: ignore[misc]


class SGDClassifier(_Stochastic, sklearn.linear_model.SGDClassifier):
    """Linear classifiers by stochastic gradient descent. Parameters and attributes are scikit-learn's; lazy data is learnt from block by block."""

    def decision_function(self, X: Any) -> Any:
        """How far each row is on the side of a class."""
        return super().decision_function(X) if not is_lazy(X) else on_blocks(self, "decision_function", X)


class SGDRegressor(_Stochastic, sklearn.linear_model.SGDRegressor):
    """Linear regression by stochastic gradient descent. Parameters and attributes are scikit-learn's; lazy data is learnt from block by block."""
