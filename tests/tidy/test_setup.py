"""tools/setup does nothing when all is there; what it would install is written once."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]


def test_a_second_setup_does_nothing():
    subprocess.run([ROOT / "tools" / "setup"], check=True, capture_output=True)
    (stamp,) = (ROOT / ".venv").glob("plait-setup-*")
    written = stamp.stat().st_mtime_ns
    again = subprocess.run([ROOT / "tools" / "setup"], check=True, capture_output=True, text=True)
    assert again.stdout + again.stderr == ""
    assert stamp.stat().st_mtime_ns == written


def test_the_package_and_its_command_work_from_any_folder(tmp_path):
    subprocess.run([ROOT / "tools" / "setup"], check=True, capture_output=True)
    elsewhere = {"cwd": tmp_path, "env": {"PATH": "/usr/bin:/bin"}, "check": True, "capture_output": True, "text": True}
    where = subprocess.run([ROOT / ".venv" / "bin" / "python", "-c", "import plait; print(plait.__file__)"], **elsewhere)
    assert where.stdout.strip() == str(ROOT / "python" / "plait" / "__init__.py")
    (tmp_path / "plait").symlink_to(ROOT / ".venv" / "bin" / "plait")
    (tmp_path / "program.py").write_text("import dask.array as da\nprint(da.arange(10, chunks=3).sum().compute())\n")
    assert subprocess.run([tmp_path / "plait", "run", "program.py"], **elsewhere).stdout == "45\n"


def test_every_python_package_is_pinned_once():
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    names = [re.fullmatch(r"([A-Za-z0-9_.-]+)==[0-9][^ ]*", line)[1].lower() for line in lines]
    assert len(names) == len(set(names))


def test_debian_packages_are_sorted_and_written_once():
    lines = [line for line in (ROOT / "tools" / "debian-packages").read_text().splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines))
