"""Runs the systems of one workload, each in its own process, in turns, and collects times, peaks and answers."""

import json
import pathlib
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.workload import Workload, same

ROOT = pathlib.Path(__file__).parents[1]
# A first run so long has warmed nothing that matters to the next: it counts.
LONG_RUN_SECONDS = 20.0


@dataclass
class Outcome:
    system: str
    times: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    answer: Any = None
    error: str | None = None
    # None when there was nothing to compare with.
    answer_is_right: bool | None = None

    @property
    def best(self) -> float:
        return min(self.times)

    def as_json(self) -> dict:
        summary = {"best": min(self.times), "median": statistics.median(self.times)} if self.times else {}
        return asdict(self) | summary


class Child:
    """One process; every failure of it becomes the outcome's error."""

    def __init__(self, workload: Workload, system: str, quick: bool):
        self.outcome = Outcome(system)
        command = [sys.executable, "-m", "benchmarks.child", workload.name, system, *(["--quick"] if quick else [])]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.receive()

    def receive(self) -> dict:
        line = self.process.stdout.readline()
        message = json.loads(line) if line else {"error": f"the process ended with {self.process.wait()}"}
        if "error" in message:
            self.outcome.error = message["error"]
            self.close()
        return message

    def run(self, counts: bool) -> None:
        if self.outcome.error:
            return
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        message = self.receive()
        if self.outcome.error:
            return
        if counts or message["seconds"] >= LONG_RUN_SECONDS:
            self.outcome.times.append(message["seconds"])
        self.outcome.peak_mb = message["peak_mb"]
        self.outcome.answer = message["answer"]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def run_in_turns(children: list[Child], repeats: int) -> None:
    for child in children:
        child.run(counts=False)
    while any(len(child.outcome.times) < repeats and not child.outcome.error for child in children):
        for child in children:
            if len(child.outcome.times) < repeats:
                child.run(counts=True)
    for child in children:
        if not child.outcome.error:
            child.close()


def available_gb() -> float:
    with open("/proc/meminfo") as meminfo:
        return next(int(line.split()[1]) for line in meminfo if line.startswith("MemAvailable")) / 1e6


def judge_answers(outcomes: list[Outcome], workload: Workload) -> None:
    """Every answer against the first peer's; Plait is never its own judge."""
    right = [outcome for outcome in outcomes if outcome.error is None]
    judge = next((outcome for outcome in right if outcome.system != "plait"), None)
    for outcome in right:
        if judge is not None:
            outcome.answer_is_right = same(outcome.answer, judge.answer, workload.relative_tolerance)


def run_workload(workload: Workload, systems: list[str], repeats: int, quick: bool) -> list[Outcome]:
    workload.make_data(quick)
    outcomes: list[Outcome] = []
    batch: list[Child] = []
    for system in systems:
        needed = 0.0 if quick else workload.needs_gb.get(system, 0.0)
        if available_gb() < needed:
            outcomes.append(Outcome(system, error=f"not run: needs {needed:.0f} GB of free memory"))
            continue
        child = Child(workload, system, quick)
        outcomes.append(child.outcome)
        if workload.interleaved:
            batch.append(child)
        else:
            run_in_turns([child], repeats)
    run_in_turns(batch, repeats)
    judge_answers(outcomes, workload)
    return outcomes
