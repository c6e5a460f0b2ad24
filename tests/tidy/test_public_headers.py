"""Every public header compiles by itself, so a program may include any of them first."""

import pathlib
import subprocess

import pytest

INCLUDE = pathlib.Path(__file__).parents[2] / "include"
HEADERS = sorted(str(path.relative_to(INCLUDE)) for path in INCLUDE.rglob("*.h"))


def compile_alone(header: str, include: pathlib.Path = INCLUDE) -> str:
    command = ["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{include}", "-x", "c++", "-"]
    # Twice: a header without `#pragma once` would be seen.
    source = f"#include <{header}>\n#include <{header}>\n"
    return subprocess.run(command, input=source, text=True, capture_output=True).stderr


@pytest.mark.parametrize("header", HEADERS)
def test_header_compiles_by_itself(header):
    assert compile_alone(header) == ""


def test_a_header_that_leans_on_another_is_found(tmp_path):
    (tmp_path / "lean.h").write_text("#pragma once\ninline std::string leaning() { return {}; }\n")
    assert "std" in compile_alone("lean.h", tmp_path)
