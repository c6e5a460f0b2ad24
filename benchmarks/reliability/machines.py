"""The state machines in virtual time: figures 12, 13 and 14. Needs a build: `ninja -C build/dev test_sim`."""

import os
import pathlib
import re
import subprocess
import time

from figure import bounded, end, tell

ROOT = pathlib.Path(__file__).parents[2]
SEEDS = 300


def main() -> None:
    programs = [path for build in ("release", "dev") if (path := ROOT / "build" / build / "tests" / "sim" / "test_sim").exists()]
    if not programs:
        print("| 13 | simulated runs | not measured: build test_sim first | | |")
        return
    start = time.perf_counter()
    ran = subprocess.run(
        [programs[0], "--gtest_filter=*RandomRuns"],
        env={**os.environ, "PLAIT_SIM_FIRST_SEED": "fresh", "PLAIT_SIM_SEEDS": str(SEEDS)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    seconds = time.perf_counter() - start
    what = re.search(r"seeds \d+ to \d+: (.*)", ran.stdout)
    is_well = ran.returncode == 0
    told = f"{'no failure' if is_well else 'a failure'} in {seconds:.0f} s: {what.group(1) if what else ran.stdout[-200:]}"
    tell(13, f"{SEEDS} fresh seeds: kills, hangs, links cut, frames lost, doubled and late, copies damaged", told, "no failure", is_well)
    again = subprocess.run([programs[0], "--gtest_filter=*DecidesTheSameInTheSameRun"], capture_output=True, text=True, timeout=60)
    is_same = again.returncode == 0 and "[  PASSED  ] 1 test" in again.stdout
    tell(14, "the same seed gives the same run (10 seeds)", "yes" if is_same else "no", "yes", is_same)


if __name__ == "__main__":
    bounded(170)
    main()
    end()
