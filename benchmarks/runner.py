"""Measures Plait beside its peers: each system in its own process, in turns, best and median of at least five runs.

    benchmarks/run                            # everything
    benchmarks/run --only matmul,csv_groupby  # some workloads
    benchmarks/run --systems plait,dask       # some systems
    benchmarks/run --quick                    # small sizes, two repeats: tries the benchmarks themselves
"""

import argparse
import sys

from benchmarks import machine, race, report, workload


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", help="names of workloads, separated by commas: " + ", ".join(workload.names()))
    parser.add_argument("--systems", help="names of systems, separated by commas")
    parser.add_argument("--repeat", type=int, help="timed runs of each system (default 5, or 2 with --quick)")
    parser.add_argument("--quick", action="store_true", help="small sizes; the figures mean nothing")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    options = parser.parse_args()
    unknown = set((options.only or "").split(",")) - set(workload.names()) - {""}
    if unknown:
        parser.error(f"unknown workloads: {', '.join(sorted(unknown))}; there are {', '.join(workload.names())}")
    return options


def main() -> int:
    options = parse_options()
    chosen = options.only.split(",") if options.only else workload.names()
    probed = machine.probe()
    print("this machine: " + ", ".join(f"{name} {value:.3g}" for name, value in probed.items()), flush=True)

    rows = []
    for name in chosen:
        load = workload.load(name)
        print(f"\n{name}: {load.title}", flush=True)
        systems = [s for s in load.systems if options.systems is None or s in options.systems.split(",")]
        repeats = options.repeat or (2 if options.quick else load.repeats or 5)
        outcomes = race.run_workload(load, systems, repeats, options.quick)
        rows.append(report.Row(load, outcomes, load.limit(probed, options.quick)))
        print(report.details(rows[-1]), flush=True)

    print("\n" + report.table(rows))
    misses = [sentence for row in rows for sentence in row.misses()]
    if misses:
        print("\nMissed:\n" + "\n".join("- " + sentence for sentence in misses))
    print(f"\nwritten: {report.write_json(rows, probed, options.quick)}")
    if options.readme and not options.quick:
        report.write_readme(rows)
    return 0 if all(row.plait for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
