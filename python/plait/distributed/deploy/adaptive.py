"""As many workers as there is work for."""

from __future__ import annotations

import math
import threading
from typing import Any

from .._context import seconds_of
from ... import config


_DEFAULTS: dict[str, Any] = {"interval": "1s", "minimum": 0, "maximum": math.inf, "wait-count": 3, "target-duration": "5s"}


# How long a task takes of which nothing is known, as Dask has it.
_UNKNOWN_S = 0.5


def _option(name: str, given: Any) -> Any:
    return given if given is not None else config.get(f"distributed.adaptive.{name}", _DEFAULTS[name])


def target_of(info: dict[str, Any], target_duration: float) -> int:
    """How many workers the work that is there asks for.

    Parameters
    ----------
    info : dict
        What the scheduler tells: ``workers`` with ``occupancy`` (seconds of work before them), ``nthreads``, ``managed`` and
        ``memory_limit``; ``tasks``, counts by their states.
    target_duration : float
        In how many seconds the work should be done.

    Examples
    --------
    >>> one = {"occupancy": 40.0, "nthreads": 1, "managed": 0, "memory_limit": 0}
    >>> target_of({"workers": {"a": one}, "tasks": {"ready": 100, "executing": 1}}, 5)
    18
    """
    workers = list(info["workers"].values())
    tasks = info.get("tasks", {})
    num_waiting = sum(tasks.get(state, 0) for state in ("queued", "ready", "processing", "executing", "no-worker"))
    # What no worker has before it yet is in nobody's occupancy.
    num_unassigned = sum(tasks.get(state, 0) for state in ("queued", "ready", "no-worker"))
    seconds = sum(each.get("occupancy", 0.0) for each in workers) + _UNKNOWN_S * num_unassigned
    threads = max((each["nthreads"] for each in workers), default=1)
    by_work = math.ceil(seconds / target_duration / threads) if seconds else 0
    if num_waiting:
        by_work = max(1, min(by_work, math.ceil(num_waiting / threads)))
    limit = sum(each.get("memory_limit") or 0 for each in workers)
    is_full = limit and sum(each.get("managed", 0) for each in workers) > 0.6 * limit
    return max(by_work, 2 * len(workers) if is_full else 0)


class Adaptive:
    """Looks now and then how much work there is, starts workers at once, and retires them when several looks agree. Results on
    workers that go are moved to others first.

    Parameters
    ----------
    cluster : Cluster
        Whose workers.
    interval : float or str, optional
        How often to look; default is 1 s.
    minimum, maximum : int, optional
        The fewest and the most workers; default is none and any number.
    wait_count : int, optional
        How many looks must agree before a worker goes; default is 3.
    target_duration : float or str, optional
        In what time the work that is there should be done; default is 5 s.

    Attributes
    ----------
    log : list
        What was done: ``(what, number of workers)``.
    """

    def __init__(
        self,
        cluster: Any,
        interval: Any = None,
        minimum: int | None = None,
        maximum: float | None = None,
        wait_count: int | None = None,
        target_duration: Any = None,
        **kwargs: Any,
    ):
        self.cluster = cluster
        self.options = {"interval": interval, "minimum": minimum, "maximum": maximum, "wait_count": wait_count, "target_duration": target_duration, **kwargs}
        self.interval = seconds_of(_option("interval", interval))
        self.minimum = _option("minimum", minimum)
        self.maximum = _option("maximum", maximum)
        if self.minimum > self.maximum:
            raise ValueError(f"adapt: minimum is {self.minimum}, more than maximum, {self.maximum}")
        self.wait_count = _option("wait-count", wait_count)
        self.target_duration = seconds_of(_option("target-duration", target_duration))
        self.log: list[tuple[str, int]] = []
        self._agreeing: dict[Any, int] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look_until_over, daemon=True, name="plait-adaptive")
        self._thread.start()

    # --- What derived classes may decide otherwise ---

    def target(self) -> int:
        """How many workers there should be, whatever the bounds."""
        return target_of({**self.cluster._info(), "tasks": self.cluster._counts()}, self.target_duration)

    def workers_to_close(self, target: int) -> list:
        """The names of workers that may go: idle ones, those that hold least first."""
        workers = self.cluster._info()["workers"].values()
        idle = sorted((each for each in workers if not each.get("executing") and not each.get("ready")), key=lambda each: each.get("managed", 0))
        return [each["name"] for each in idle[: max(0, len(workers) - target)]]

    def recommendations(self, target: int) -> dict[str, Any]:
        """What to do for ``target`` workers: ``{"status": "up", "n": 4}``, ``"down"`` with ``workers``, or ``"same"``."""
        # Those count that are on their way.
        planned = len(self.cluster.plan)
        if target >= planned:
            self._agreeing.clear()
            return {"status": "up", "n": target} if target > planned else {"status": "same"}
        self._agreeing = {name: self._agreeing.get(name, 0) + 1 for name in self.workers_to_close(target)}
        going = [name for name, count in self._agreeing.items() if count >= self.wait_count]
        return {"status": "down", "workers": going} if going else {"status": "same"}

    # --- Doing it ---

    def scale_up(self, n: int) -> None:
        """Start workers, up to ``n``."""
        self.cluster.scale_up(n)
        self.log.append(("up", n))

    def scale_down(self, workers: list) -> None:
        """Retire workers."""
        for name in workers:
            self._agreeing.pop(name, None)
        self.cluster.scale_down(workers)
        self.log.append(("down", len(workers)))

    def adapt(self) -> None:
        """Look once, and do what is to be done."""
        wanted = int(min(max(self.target(), self.minimum), self.maximum))
        found = self.recommendations(wanted)
        if found["status"] == "up":
            self.scale_up(found["n"])
        elif found["status"] == "down":
            self.scale_down(found["workers"])

    def _look_until_over(self) -> None:
        while not self._is_over.is_set():
            if self.cluster.status == "closed":
                return
            try:
                self.adapt()
            except Exception:
                if self.cluster.status != "closed":
                    raise
                return
            self._is_over.wait(self.interval)

    def stop(self, reason: str = "unknown") -> None:
        """Look no more. The workers stay."""
        self._is_over.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def __repr__(self) -> str:
        return f"<Adaptive: minimum={self.minimum} maximum={self.maximum}>"
