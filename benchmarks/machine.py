"""What this machine can do at best: the constants that the physical limits of the workloads are made of."""

import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PROGRAM = HERE.parent / "build" / "bench-probe"


def probe() -> dict[str, float]:
    source = HERE / "probe.cpp"
    if not PROGRAM.exists() or PROGRAM.stat().st_mtime < source.stat().st_mtime:
        PROGRAM.parent.mkdir(exist_ok=True)
        subprocess.run(["g++", "-std=c++20", "-O3", "-march=native", "-pthread", source, "-o", PROGRAM], check=True)
    measured = json.loads(subprocess.run([PROGRAM], check=True, stdout=subprocess.PIPE).stdout)
    return measured | {"python_start_s": python_start_seconds()}


def python_start_seconds() -> float:
    def once() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        return time.perf_counter() - start

    return min(once() for _ in range(10))
