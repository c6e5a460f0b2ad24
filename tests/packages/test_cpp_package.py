"""The installed C++ package is found by find_package(plait CONFIG) and works in a project of its own."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / os.environ.get("PLAIT_BUILD_DIR", "build/dev")


@pytest.mark.slow
def test_a_project_uses_the_installed_package():
    done = subprocess.run([ROOT / "tests" / "consumer" / "run", BUILD], text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sync float64" in done.stdout
    assert "flaot64" in done.stdout
