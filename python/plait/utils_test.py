"""What tests of schedulers use."""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Iterator
from typing import Any

import pytest

__all__ = ["GetFunctionTestMixin", "add", "dec", "import_or_none", "inc", "slowadd"]


def inc(x: Any) -> Any:
    """One more."""
    return x + 1


def dec(x: Any) -> Any:
    """One less."""
    return x - 1


def add(x: Any, y: Any) -> Any:
    """The sum."""
    return x + y


def slowadd(a: Any, b: Any, delay: float = 0.1) -> Any:
    """The sum, after a while."""
    time.sleep(delay)
    return a + b


def import_or_none(path: str) -> Any:
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(path)
    except ImportError:
        return None


@contextlib.contextmanager
def hashing_inputs() -> Iterator[None]:
    """Nothing is different inside: values are immutable for Plait's tasks, so that none can change its inputs."""
    yield


class GetFunctionTestMixin:
    """Tests of a ``get`` function: a subclass names it as ``get = staticmethod(my_get)``."""

    get: Any

    def test_get(self) -> None:
        d = {":x": 1, ":y": (inc, ":x"), ":z": (add, ":x", ":y")}
        assert [self.get(d, key) for key in (":x", ":y", ":z")] == [1, 2, 3]

    def test_badkey(self) -> None:
        with pytest.raises(KeyError):
            self.get({":x": 1}, "badkey")

    def test_nested_badkey(self) -> None:
        with pytest.raises(KeyError):
            self.get({"x": 1, "y": (inc, "x")}, [["badkey"], "y"])

    def test_data_not_in_dict_is_ok(self) -> None:
        assert self.get({"x": 1, "y": (add, "x", 10)}, "y") == 11

    def test_get_with_list(self) -> None:
        d = {"x": 1, "y": 2, "z": (sum, ["x", "y"])}
        assert self.get(d, ["x", "y"]) == (1, 2)
        assert self.get(d, "z") == 3

    def test_get_with_list_top_level(self) -> None:
        d = {"a": [1, 2, 3], "b": "a", "c": [1, (inc, 1)], "d": [(sum, "a")], "e": ["a", "b"], "f": [[[(sum, "a"), 2], (sum, "b")], [1, 2]]}
        expected = {"a": [1, 2, 3], "b": [1, 2, 3], "c": [1, 2], "d": [6], "e": [[1, 2, 3]] * 2, "f": [[[6, 2], 6], [1, 2]]}
        assert {key: self.get(d, key) for key in d} == expected

    def test_get_with_nested_list(self) -> None:
        d = {"x": 1, "y": 2, "z": (sum, ["x", "y"])}
        assert self.get(d, [["x"], "y"]) == ((1,), 2)

    def test_get_works_with_unhashables_in_values(self) -> None:
        assert self.get({"x": 1, "y": (len, [{"a"}, "x"])}, "y") == 2

    def test_nested_tasks(self) -> None:
        d = {"x": 1, "y": (inc, "x"), "z": (add, (inc, "x"), "y")}
        assert self.get(d, "z") == 4

    def test_get_stack_limit(self) -> None:
        d: dict = {f"x{i + 1}": (inc, f"x{i}") for i in range(10_000)}
        d["x0"] = 0
        assert self.get(d, "x10000") == 10_000

    def test_with_HighLevelGraph(self) -> None:
        graphs = import_or_none("plait.highlevelgraph")
        if graphs is None:
            pytest.skip("plait.highlevelgraph is not there")
        layers = {"a": {"x": 1, "y": (inc, "x")}, "b": {"z": (add, (inc, "x"), "y")}}
        graph = graphs.HighLevelGraph(layers, {"a": set(), "b": {"a"}})
        assert self.get(graph, "z") == 4
