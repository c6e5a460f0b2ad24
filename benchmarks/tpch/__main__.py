"""The queries one by one: each system and query in its own process, the best of some runs, the peak memory, and whether the
answer is DuckDB's.

    python -m benchmarks.tpch --scale 1 --systems plait,duckdb,polars --queries 1,9
"""

import argparse
import json
import subprocess
import sys
import time

from benchmarks.child import peak_mb
from benchmarks.tpch import data
from benchmarks.tpch.systems import SYSTEMS
from benchmarks.workload import same

TOLERANCE = 1e-9


def one(system: str, scale: float, number: int, repeats: int) -> dict:
    """In this process."""
    run = SYSTEMS[system](scale)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = run(number)
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "first": times[0], "peak_mb": peak_mb(), "answer": answer}


def in_child(system: str, scale: float, number: int, repeats: int) -> dict:
    command = [sys.executable, "-m", "benchmarks.tpch", "--one", system, str(scale), str(number), str(repeats)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    return {"error": (done.stderr.strip() or f"ended with {done.returncode}").splitlines()[-1]}


def text_of(result: dict, judge: dict | None) -> str:
    if "error" in result:
        return result["error"][:70]
    wrong = judge is not None and "answer" in judge and not same(result["answer"], judge["answer"], TOLERANCE)
    return f"{result['seconds'] * 1000:7.0f} ms {result['peak_mb']:6.0f} MB{' WRONG' if wrong else ''}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tpch", description=__doc__)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--systems", default="plait,duckdb,polars")
    parser.add_argument("--queries", default=",".join(map(str, range(1, 23))))
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    data.make(options.scale)
    systems = options.systems.split(",")
    sums = dict.fromkeys(systems, 0.0)
    print("query  " + "  ".join(f"{system:>21}" for system in systems), flush=True)
    for number in map(int, options.queries.split(",")):
        results = {system: in_child(system, options.scale, number, options.repeats) for system in systems}
        for system, result in results.items():
            sums[system] += result.get("seconds", float("nan"))
        judge = results.get("duckdb")
        print(f"q{number:<5} " + "  ".join(f"{text_of(r, judge):>21}" for r in results.values()), flush=True)
    print("sum    " + "  ".join(f"{sums[system]:>19.2f} s" for system in systems))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        system, scale, number, repeats = sys.argv[2:]
        print(json.dumps(one(system, float(scale), int(number), int(repeats))))
    else:
        main()
