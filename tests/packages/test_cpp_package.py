"""The installed C++ package is found by find_package(plait CONFIG) and works in a project of its own."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = ROOT / os.environ.get("PLAIT_BUILD_DIR", "build/dev")


@pytest.mark.slow
def test_what_is_installed_is_the_package_alone_and_runs_without_the_checkout(tmp_path):
    subprocess.run(["cmake", "--install", BUILD, "--prefix", tmp_path], check=True, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {"include", "lib"}
    (library,) = (path for path in (tmp_path / "lib").rglob("libplait.so.*") if not path.is_symlink())
    loaded = subprocess.run(["ldd", library], check=True, capture_output=True, text=True).stdout
    assert "not found" not in loaded
    assert str(ROOT) not in loaded
    assert str(library.parent / "plait" / "libarrow.so") in loaded
    assert (library.parent / "plait" / "licenses" / "pyarrow" / "LICENSE.txt").exists()


@pytest.mark.slow
def test_a_project_uses_the_installed_package():
    done = subprocess.run([ROOT / "tests" / "consumer" / "run", BUILD], text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sync float64" in done.stdout
    assert "flaot64" in done.stdout
