"""The table of results, for the terminal and for README.md, and their JSON."""

import datetime
import json
import pathlib
import platform
import re
import subprocess

from benchmarks.race import Outcome
from benchmarks.workload import Workload

ROOT = pathlib.Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
PEERS_IN_LOCK = ("dask", "numpy", "numexpr", "pandas", "polars", "duckdb", "pyarrow")


def seconds(value: float) -> str:
    if value < 0.0995:
        return f"{value * 1000:.3g} ms"
    return f"{value:.3g} s"


def times_as_fast(plait: Outcome, other: Outcome | None) -> float | None:
    return other.best / plait.best if other else None


class Row:
    """One workload with what the table says of it."""

    def __init__(self, workload: Workload, outcomes: list[Outcome], limit: float | None):
        self.workload, self.outcomes, self.limit = workload, outcomes, limit
        done = {outcome.system: outcome for outcome in outcomes if outcome.times}
        self.plait = done.pop("plait", None)
        self.dask = done.get("dask")
        peers = [outcome for outcome in done.values() if outcome.system not in workload.floors]
        self.best_peer = min(peers, key=lambda outcome: outcome.best, default=None)
        self.to_best = times_as_fast(self.plait, self.best_peer) if self.plait else None
        self.to_dask = times_as_fast(self.plait, self.dask) if self.plait else None
        self.to_limit = self.plait.best / limit if self.plait and limit else None

    def misses(self) -> list[str]:
        """Each target that was not reached, and each wrong answer, as a sentence."""
        if self.plait is None:
            return [f"{self.workload.name}: Plait did not run: {error_of('plait', self.outcomes)}"]
        found = [
            f"{self.workload.name}: the answer of {outcome.system} differs: {outcome.answer}"
            for outcome in self.outcomes
            if outcome.answer_is_right is False
        ]
        for name, reached, target in (
            ("the best peer", self.to_best, self.workload.target_best),
            ("Dask", self.to_dask, self.workload.target_dask),
        ):
            if target is not None and reached is not None and reached < target:
                found.append(f"{self.workload.name}: {reached:.2g}x {name}, and {target:g}x is the target")
        peak = self.workload.target_peak_mb
        if peak is not None and self.plait.peak_mb > peak:
            found.append(f"{self.workload.name}: {self.plait.peak_mb:.0f} MB at the peak, and {peak:.0f} MB is the target")
        return found

    def cells(self) -> list[str]:
        def ratio(value):
            return "-" if value is None else f"{value:.3g}x"

        peer = f"{self.best_peer.system} {seconds(self.best_peer.best)}" if self.best_peer else "-"
        return [
            self.workload.title,
            seconds(self.plait.best) if self.plait else "-",
            peer,
            seconds(self.dask.best) if self.dask else "-",
            ratio(self.to_best),
            ratio(self.to_dask),
            ratio(self.to_limit),
            f"{self.plait.peak_mb:.0f} MB" if self.plait else "-",
        ]


HEADINGS = ["workload", "Plait", "best peer", "Dask", "x best peer", "x Dask", "of the limit", "peak memory"]


def error_of(system: str, outcomes: list[Outcome]) -> str:
    return next((str(outcome.error) for outcome in outcomes if outcome.system == system), "not asked for")


def table(rows: list[Row]) -> str:
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    text = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    return "\n".join([text[0], "| " + " | ".join("-" * width for width in widths) + " |", *text[1:]])


def details(row: Row) -> str:
    """The lines under a workload's title while the benchmarks run."""
    lines = []
    for outcome in row.outcomes:
        if outcome.error:
            lines.append(f"  {outcome.system:10} {outcome.error}")
            continue
        figures = outcome.as_json()
        answer = {True: "", False: "  WRONG ANSWER", None: "  (nothing to compare with)"}[outcome.answer_is_right]
        lines.append(
            f"  {outcome.system:10} best {seconds(figures['best']):>8}   median {seconds(figures['median']):>8}"
            f"   peak {outcome.peak_mb:7.0f} MB{answer}"
        )
    if row.limit:
        lines.append(f"  {'limit':10} best {seconds(row.limit):>8}   of this machine")
    return "\n".join(lines)


def processor() -> str:
    cpuinfo = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", cpuinfo)
    return f"{model[1].strip() if model else platform.processor()}, {cpuinfo.count('processor')} threads"


def versions() -> dict[str, str]:
    pins = dict(re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)$", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    return {name: pins[name] for name in PEERS_IN_LOCK if name in pins}


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True).stdout.strip() or "unknown"


def write_json(rows: list[Row], machine: dict[str, float], quick: bool) -> pathlib.Path:
    RESULTS.mkdir(exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    content = {
        "time": now.isoformat(timespec="seconds"),
        "commit": commit(),
        "quick": quick,
        "processor": processor(),
        "versions": versions(),
        "machine": machine,
        "workloads": [
            {
                "name": row.workload.name,
                "title": row.workload.title,
                "limit": row.limit,
                "times_best_peer": row.to_best,
                "times_dask": row.to_dask,
                "of_limit": row.to_limit,
                "misses": row.misses(),
                "systems": [outcome.as_json() for outcome in row.outcomes],
            }
            for row in rows
        ],
    }
    path = RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


def write_readme(rows: list[Row]) -> None:
    peers = ", ".join(f"{name} {version}" for name, version in versions().items())
    figures = (
        f"{BEGIN}\n{table(rows)}\n\n"
        f"Measured by `make bench` on {processor()}, {datetime.date.today():%d %B %Y}, beside {peers}. "
        f"Best of at least five runs, each system in its own process; the limit is what memory, arithmetic or the page "
        f"cache of the same machine allow.\n{END}"
    )
    readme = ROOT / "README.md"
    text = readme.read_text()
    readme.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: figures, text, flags=re.DOTALL))
