"""One system of one workload in a process of its own: `python -m benchmarks.child <workload> <system> [--quick]`.

Speaks lines of JSON: after the preparation it writes {"ready": true}; for each line read it runs once and writes
{"seconds": ..., "answer": ..., "peak_mb": ...}. It ends when its input ends. What the system prints goes to stderr.
"""

import json
import os
import resource
import sys
import time
import traceback

from benchmarks import workload


def peak_mb() -> float:
    """Of this process since its start, or of the largest program that it ran."""
    with open("/proc/self/status") as status:
        own_kb = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return max(own_kb, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def run_once(run) -> dict:
    start = time.perf_counter()
    answer = run()
    seconds = time.perf_counter() - start
    if isinstance(answer, workload.Timed):
        seconds, answer = answer.seconds, answer.answer
    return {"seconds": seconds, "answer": answer, "peak_mb": peak_mb()}


def main() -> None:
    name, system = sys.argv[1:3]
    # The protocol keeps the real standard output to itself.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(message: dict) -> None:
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    try:
        run = workload.load(name).systems[system]("--quick" in sys.argv)
        reply({"ready": True})
        for _ in sys.stdin:
            reply(run_once(run))
    except Exception as error:
        traceback.print_exc()
        reply({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
