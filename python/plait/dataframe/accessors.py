"""What ``.str``, ``.dt`` and ``.cat`` have in common: methods of one kind of series, the engine's or pandas'."""

from __future__ import annotations

from typing import Any

from ._collection import wrap
from ._pandas_calls import Method, answered, on_partitions


class Accessor:
    """Methods of one kind of series; pandas checks on an empty series that they apply."""

    _name = ""

    def __init__(self, series: Any):
        # pandas says what is wrong with a series of another type.
        getattr(series._meta, self._name)
        self._series = series

    def _pandas(self, method: str, *args: Any, **kwargs: Any) -> Any:
        label = f"{self._name}.{method}"
        return on_partitions(Method(label), self._series, *args, label=label, **kwargs)

    def _property(self, name: str, reason: str = "") -> Any:
        label = f"{self._name}.{name}"
        return on_partitions(Attribute(label), self._series, label=label, reason=reason)

    def _native(self, op: str, *args: Any, **kwargs: Any) -> Any:
        """The engine's method or, where it has no native form, pandas' of the same name."""
        answer = wrap(getattr(getattr(self._series._engine, f"{self._name}_methods"), op)(*args, **kwargs))
        return answered(answer, self._pandas, op, *args, **kwargs)


class Attribute:
    """An attribute by its dotted name."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, obj: Any) -> Any:
        for part in self.name.split("."):
            obj = getattr(obj, part)
        return obj


def by_pandas(name: str) -> Any:
    """A method of an accessor that is pandas' of the same name."""

    def method(self: Accessor, *args: Any, **kwargs: Any) -> Any:
        return self._pandas(name, *args, **kwargs)

    method.__name__ = name
    return method
