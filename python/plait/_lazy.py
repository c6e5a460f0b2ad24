"""NumPy, pandas, pyarrow and what else is heavy, loaded when they are first used: ``import plait`` stays quick."""

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
# Of the standard library, what most programs never need.
ast: Any = LazyModule("ast")
base64: Any = LazyModule("base64")
copy: Any = LazyModule("copy")
futures: Any = LazyModule("concurrent.futures")
inspect: Any = LazyModule("inspect")
json: Any = LazyModule("json")
pathlib: Any = LazyModule("pathlib")
shutil: Any = LazyModule("shutil")
string: Any = LazyModule("string")
tempfile: Any = LazyModule("tempfile")
uuid: Any = LazyModule("uuid")
# Of our own, what brings much along.
arrays: Any = LazyModule("plait.array")
utils: Any = LazyModule("plait.utils")
