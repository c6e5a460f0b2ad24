"""tools/setup does nothing, and quickly, when all is there; what it would install is written once."""

import pathlib
import re
import subprocess
import time

ROOT = pathlib.Path(__file__).parents[2]


def test_a_second_setup_does_nothing():
    subprocess.run([ROOT / "tools" / "setup"], check=True, capture_output=True)
    start = time.perf_counter()
    again = subprocess.run([ROOT / "tools" / "setup"], check=True, capture_output=True, text=True)
    assert again.stdout + again.stderr == ""
    assert time.perf_counter() - start < 1


def test_every_python_package_is_pinned_once():
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    names = [re.fullmatch(r"([A-Za-z0-9_.-]+)==[0-9][^ ]*", line)[1].lower() for line in lines]
    assert len(names) == len(set(names))


def test_debian_packages_are_sorted_and_written_once():
    lines = [line for line in (ROOT / "tools" / "debian-packages").read_text().splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines))
