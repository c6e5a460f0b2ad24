"""A shuffle, a rechunk and tree reductions while workers are killed and stopped at random: figure 3."""

import pathlib
import subprocess
import sys
import time

from figure import bounded, end, tell

PROGRAM = pathlib.Path(__file__).parents[2] / "python" / "tests" / "chaotic_program.py"
SECONDS = 60


def main() -> None:
    seed = int(time.time())
    ran = subprocess.run([sys.executable, str(PROGRAM), str(SECONDS), str(seed)], capture_output=True, text=True, timeout=SECONDS + 60)
    if ran.returncode != 0:
        tell(3, "faults survived with the exact answer", f"seed {seed}: {ran.stderr.strip()[-200:]}", "all", False)
        return
    words = ran.stdout.split()
    said = f"{words[3]} in {SECONDS} s, {words[1]} rounds, 0 wrong, 0 hung (seed {seed})"
    tell(3, "kills and stops survived with the exact answer", said, "all; 1,000 in 10 minutes", int(words[3]) * 600 / SECONDS >= 1000)


if __name__ == "__main__":
    bounded(SECONDS + 90)
    main()
    end()
