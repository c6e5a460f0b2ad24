"""NumPy, pandas and pyarrow, loaded when they are first used: ``import plait`` stays quick."""

from __future__ import annotations

import importlib
from typing import Any


class LazyModule:
    """Stands for a module until one of its names is asked for."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # asked by those who look at every object, such as inspect
            raise AttributeError(attribute)
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


numpy: Any = LazyModule("numpy")
pandas: Any = LazyModule("pandas")
pyarrow: Any = LazyModule("pyarrow")
