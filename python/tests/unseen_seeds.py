"""Random programs with seeds that nobody has tried: a failure names its seed, and PLAIT_SEED=17 pytest ... has it again."""

import os
import secrets


def run_unseen(run_program, count):
    """Run programs of so many seeds in a row, from a random one or that of PLAIT_SEED."""
    first = int(os.environ.get("PLAIT_SEED", secrets.randbelow(10**9)))
    print(f"PLAIT_SEED={first}")
    for seed in range(first, first + count):
        try:
            run_program(seed)
        except BaseException as error:
            raise AssertionError(f"PLAIT_SEED={seed}: {error}") from error
