"""A shuffle, a rechunk, tree reductions and spilled results while workers are killed and stopped and the disk is full, at random: figure 3.

    chaos.py [SECONDS]      # 60; the figure is meant for 600
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from figure import bounded, end, tell

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "python" / "tests"))

from chaotic_program import command


def main(seconds: int) -> None:
    seed = int(time.time())
    with tempfile.TemporaryDirectory() as folder:
        disk = os.path.join(folder, "disk")
        os.mkdir(disk)
        environment = {**os.environ, "TMPDIR": folder}
        ran = subprocess.run(command(seconds, seed, disk), capture_output=True, text=True, timeout=seconds + 60, env=environment)
        left = [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]
    if ran.returncode != 0:
        tell(3, "faults survived with the exact answer", f"seed {seed}: {ran.stderr.strip()[-400:]}", "all", False)
        return
    words = ran.stdout.split()
    said = f"{words[3]} in {seconds} s ({words[5]} full disks), {words[1]} rounds, 0 wrong, 0 hung, {len(left)} files left (seed {seed})"
    enough = int(words[3]) * 600 / seconds >= 1000
    tell(3, "kills, stops and full disks survived with the exact answer", said, "all; 1,000 in 10 minutes; 0 files", enough and not left)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    bounded(asked + 90)
    main(asked)
    end()
