"""Workers are killed and stopped, and a disk is full, while a program shuffles, rechunks, reduces and spills: exact answers, and nothing left."""

import os
import subprocess

import pytest

from chaotic_program import command


def in_shared_memory():
    """Names in shared memory, without what joblib and multiprocessing of a test beside this one put there."""
    return {name for name in os.listdir("/dev/shm") if not name.startswith(("joblib", "sem."))}


def run(seconds, seed, folder):
    shared = in_shared_memory()
    disk = folder / "disk"
    disk.mkdir()
    ran = subprocess.run(
        command(seconds, seed, str(disk)),
        capture_output=True,
        text=True,
        timeout=120 + seconds,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert ran.returncode == 0, f"seed {seed}: {ran.stdout}{ran.stderr[-3000:]}"
    words = ran.stdout.split()
    said = {"rounds": int(words[1]), "faults": int(words[3]), "full": int(words[5]), "pids": [int(word) for word in words[7:]]}
    for pid in said["pids"]:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert in_shared_memory() <= shared, "shared memory is left"
    assert [path for path in folder.rglob("*") if path.is_file()] == [], "files are left"
    return said


def test_a_few_seconds_of_chaos(tmp_path):
    said = run(6, 20261128, tmp_path)
    assert said["rounds"] >= 1 and said["faults"] >= 1


@pytest.mark.slow
def test_a_minute_of_chaos(tmp_path):
    said = run(60, int.from_bytes(os.urandom(4)), tmp_path)
    assert said["rounds"] >= 5 and said["faults"] >= 50
