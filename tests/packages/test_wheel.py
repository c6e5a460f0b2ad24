"""The wheel builds, installs into an empty environment and works there."""

import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]

PROGRAM = """
import plait.array as da
x = da.ones((40, 30), chunks=(10, 30))
assert (x + x.T.reshape(40, 30)).sum().compute() == 2400.0
import plait
print(plait.__file__)
"""


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def check_tag(wheel):
    """The C library that the wheel's tag names has every symbol that the wheel asks for."""
    (tagged,) = re.findall(r"-manylinux_2_(\d+)_x86_64\.whl$", wheel.name)
    asked = [0]
    with zipfile.ZipFile(wheel) as files, tempfile.TemporaryDirectory() as folder:
        for name in files.namelist():
            if ".so" in name:
                symbols = run("objdump", "-T", files.extract(name, folder))
                asked += [int(minor) for minor in re.findall(r"GLIBC_2\.(\d+)", symbols)]
    assert 17 <= max(asked) <= int(tagged)


def check_hardening(wheel):
    """What attackers of programs in C++ build on is closed: stack, tables of calls, sizes that the C library can check."""
    with zipfile.ZipFile(wheel) as files, tempfile.TemporaryDirectory() as folder:
        (module,) = [name for name in files.namelist() if name.startswith("plait/_plait.")]
        told = run("readelf", "--wide", "--dynamic", "--program-headers", "--dyn-syms", files.extract(module, folder))
    assert re.search(r"\(FLAGS_1\).*\bNOW\b", told)
    assert "GNU_RELRO" in told
    (stack,) = re.findall(r"GNU_STACK.*", told)
    assert "RWE" not in stack
    assert "__stack_chk_fail" in told
    assert re.search(r"__mem(cpy|move|set)_chk", told)


def check_licenses(wheel):
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
    bundled = {pathlib.PurePath(name).name.partition(".so")[0] for name in names if name.startswith("plait/lib/lib")}
    assert bundled == {"libfmt", "libhwy", "libyaml-cpp", "libxxhash", "liblz4"}
    licensed = {pathlib.PurePath(name).parts[3] for name in names if name.startswith("plait/lib/licenses/")}
    assert licensed == {"libfmt9", "libhwy1", "libyaml-cpp0.7", "libxxhash0", "liblz4-1", "numpy", "nanobind"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(tmp_path):
    # The flags of the dev preset, so that ccache answers for what `make test` has just built.
    run(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--wheel-dir", tmp_path,
        "--config-settings", "cmake.build-type=RelWithDebInfo", "--config-settings", "cmake.define.PLAIT_WERROR=ON")
    (wheel,) = tmp_path.glob("plait-*.whl")

    check_tag(wheel)
    check_hardening(wheel)
    check_licenses(wheel)

    run(sys.executable, "-m", "venv", tmp_path / "empty")
    python = tmp_path / "empty" / "bin" / "python"
    # The lock file only pins: pip installs what the wheel asks for, and nothing else.
    run(python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "requirements.lock", wheel)

    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    where = run(python, "-c", PROGRAM, cwd=tmp_path, env=clean)
    assert str(tmp_path / "empty") in where
    assert "usage" in run(tmp_path / "empty" / "bin" / "plait", "--help", cwd=tmp_path, env=clean).lower()
