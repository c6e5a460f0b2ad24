"""Modules include only what docs/design.md allows, and the check notices when they do not."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import layers

ROOT = pathlib.Path(__file__).parents[2]


def test_every_include_looks_down():
    assert layers.violations(ROOT) == []


def test_the_table_of_the_design_page_is_read():
    allowed = layers.allowed_imports((ROOT / "docs" / "design.md").read_text())
    assert allowed["base"] == {"base"}
    assert allowed["graph"] == {"graph", "base"}
    assert allowed["collections"] == {"collections", "base", "kernels", "graph", "runtime", "expr"}


@pytest.fixture
def tree(tmp_path):
    """Writes a small source tree that is right, plus the given files, and returns its violations."""

    def check(files: dict[str, str]) -> list[str]:
        right = {
            "docs/design.md": (ROOT / "docs" / "design.md").read_text(),
            "include/plait/key.h": "#include <string>\n",
            "src/base/value.h": '#include "plait/key.h"\n#include <fmt/format.h>\n',
            "src/graph/graph.h": '#include "base/value.h"\n',
            "src/runtime/store.cpp": '#include "graph/graph.h"\n#include "base/value.h"\n',
        }
        for name, text in (right | files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return layers.violations(tmp_path)

    return check


def test_a_tree_that_looks_down_is_right(tree):
    assert tree({}) == []


def test_an_include_that_looks_up_is_named_with_its_line(tree):
    assert tree({"src/base/key.cpp": '#include <string>\n#include "graph/graph.h"\n'}) == [
        "src/base/key.cpp:2: base may import nothing, but includes graph/graph.h"
    ]


def test_an_include_that_looks_up_in_angle_brackets_is_found(tree):
    (violation,) = tree({"src/graph/order.h": "#include <runtime/store.h>\n", "src/runtime/store.h": ""})
    assert violation == "src/graph/order.h:1: graph may import base, but includes runtime/store.h"


def test_an_include_by_a_relative_path_is_found(tree):
    (violation,) = tree({"src/base/key.cpp": '#include "../graph/graph.h"\n'})
    assert "base may import nothing" in violation


def test_a_module_that_the_table_does_not_name_is_found(tree):
    (violation,) = tree({"src/magic/wand.h": ""})
    assert "'magic' is not in the table" in violation


@pytest.mark.parametrize("name", ["fmt/format.h", "arrow/api.h", "base/value.h", "Python.h", "yaml-cpp/yaml.h"])
def test_a_public_header_with_a_third_party_include_is_found(tree, name):
    (violation,) = tree({"include/plait/array.h": f"#include <vector>\n#include <{name}>\n"})
    assert violation.startswith("include/plait/array.h:2: a public header may include")


def test_a_public_header_that_includes_a_missing_public_header_is_found(tree):
    (violation,) = tree({"include/plait/array.h": '#include "plait/chunks.h"\n'})
    assert violation == "include/plait/array.h:1: includes plait/chunks.h, which is not a public header"
