"""Modules of the Python package import downwards, at their top, and the check notices when they do not."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import imports

ROOT = pathlib.Path(__file__).parents[2]


def test_modules_import_downwards():
    assert imports.violations(ROOT) == []


def package(tmp_path, **files: str) -> pathlib.Path:
    folder = tmp_path / "python" / "plait"
    folder.mkdir(parents=True)
    for name, text in {"__init__": "", **files}.items():
        (folder / f"{name}.py").write_text(text)
    return tmp_path


def test_a_circle_is_noticed(tmp_path):
    root = package(tmp_path, a="from .b import f\n", b="from . import c\n", c="from .a import g\n")
    assert imports.violations(root) == ["modules import in a circle: plait.a -> plait.b -> plait.c -> plait.a"]


def test_an_import_inside_a_function_is_noticed(tmp_path):
    root = package(tmp_path, a="def f():\n    from .b import g\n    return g\n", b="")
    assert imports.violations(root) == ["python/plait/a.py:2: imports plait.b inside a function"]


def test_imports_for_types_and_of_others_may_wait(tmp_path):
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .b import B\ndef f():\n    import pandas\n    return pandas\n"
    assert imports.violations(package(tmp_path, a=text, b="from .a import f\n")) == []
