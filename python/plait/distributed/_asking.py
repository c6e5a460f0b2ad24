"""What a client can ask of a cluster: who is there, what lies where, what has happened."""

from __future__ import annotations

import importlib
import json
import os
import socket
from collections.abc import Callable, Iterable
from time import time
from typing import Any

from .. import config
from ..utils import key_split
from ..utils._process import versions
from . import _reprs
from ._connected import Connected
from ._context import answered
from ._scheduler import info_of, object_of_text, text_of_object
from .future import Future, text_of

_MISSING = object()


def names_of(workers: Any) -> list[str] | None:
    """Workers as a user names them: one, several, or None for all."""
    if workers is None:
        return None
    return [str(each) for each in ([workers] if isinstance(workers, (str, int)) else workers)]


def _path(keys: Any) -> list[str]:
    return [str(each) for each in (keys if isinstance(keys, (list, tuple)) else [keys])]


class Info(dict):
    """What `Client.scheduler_info` returns: a dict that notebooks show as a table."""

    def _repr_html_(self) -> str:
        return _reprs.cluster_html("Scheduler", self["id"], "running", None, self)


def as_dask_says(info: dict, dashboard_port: int | None = None) -> dict[str, Any]:
    """What the scheduler tells of itself and its workers, as Dask lays it out; with ``total_occupancy`` and workers' ``memory``."""
    workers = {address: _worker_as_dask_says(worker, address) for address, worker in info["workers"].items()}
    return {
        "type": "Scheduler",
        "id": info["id"],
        "address": info["address"],
        "services": {} if dashboard_port is None else {"dashboard": dashboard_port},
        "started": info.get("started", 0.0),
        "n_workers": len(workers),
        "total_threads": sum(each["nthreads"] for each in workers.values()),
        "total_memory": sum(each["memory_limit"] or 0 for each in workers.values()),
        "total_occupancy": float(sum(each.get("occupancy", 0.0) for each in info["workers"].values())),
        "workers": workers,
    }


def _worker_as_dask_says(worker: dict, address: str) -> dict[str, Any]:
    name = worker["name"]
    name = int(name) if isinstance(name, str) and name.isdecimal() else name
    return {
        "type": "Worker",
        "id": name,
        "host": "127.0.0.1",
        "resources": dict(worker.get("resources") or {}),
        "local_directory": worker.get("local_directory", ""),
        "name": name,
        "nthreads": worker["nthreads"],
        "memory_limit": worker["memory_limit"] or None,
        "last_seen": worker.get("last_seen", 0.0),
        "services": {},
        "memory": worker.get("memory", 0),
        "metrics": {
            "task_counts": {state: worker[state] for state in ("executing", "ready") if worker.get(state)},
            "bandwidth": {"total": int(1e8), "workers": {}, "types": {}},
            "digests_total_since_heartbeat": {},
            "managed_bytes": worker.get("managed", 0),
            "spilled_bytes": {"memory": worker.get("spilled", 0), "disk": worker.get("spilled", 0)},
            "transfer": dict.fromkeys(("incoming_bytes", "incoming_count", "incoming_count_total", "outgoing_bytes", "outgoing_count", "outgoing_count_total"), 0),
            "event_loop_interval": 0.0,
            "cpu": worker.get("cpu", 0.0),
            "memory": worker.get("memory", 0),
            "time": worker.get("last_seen", 0.0),
            "host_net_io": {"read_bps": 0.0, "write_bps": 0.0},
            "host_disk_io": {"read_bps": 0.0, "write_bps": 0.0},
            "num_fds": worker.get("num_fds", 0),
        },
        "status": worker.get("status", "running"),
        "nanny": worker.get("nanny"),
    }


class Asking(Connected):
    """The part of `Client` that asks."""

    _dashboard_port: int | None

    def _ask(self, what: str, arguments: dict | None = None, then: Callable[[Any], Any] = lambda answer: answer) -> Any:
        """What the scheduler answers; something to await in an asynchronous client."""
        self._check_open()
        return answered(self.asynchronous, lambda: then(self._native.ask(what, arguments or {})))

    def _about(self, then: Callable[[dict], Any]) -> Any:
        """What is made of what the scheduler tells of itself and its workers."""
        self._check_open()
        return answered(self.asynchronous, lambda: then(info_of(self._native)))

    def _keys_of(self, futures: Any) -> dict[str, list[str]]:
        return {} if futures is None else {"keys": [each.key for each in self.futures_of(futures)]}

    def scheduler_info(self, n_workers: int = -1, **kwargs: Any) -> Any:
        """The scheduler and its workers.

        Parameters
        ----------
        n_workers : int
            How many workers to tell of; -1 is all.

        Returns
        -------
        dict
            As Dask lays it out: ``workers`` has for each address its ``nthreads``, ``memory_limit``, ``metrics`` and so on. Beside
            that ``total_occupancy``, the seconds of work that workers have before them, and each worker's ``memory``.

        Examples
        --------
        >>> len(client.scheduler_info()["workers"])  # doctest: +SKIP
        4
        """

        def laid_out(info: dict) -> Info:
            told = Info(as_dask_says(info, self._dashboard_port))
            if n_workers >= 0:
                told["workers"] = dict(list(told["workers"].items())[:n_workers])
            return told

        return self._about(laid_out)

    def nthreads(self, workers: Any = None, **kwargs: Any) -> Any:
        """The number of threads of each worker, by its address."""
        wanted = names_of(workers)

        def counted(info: dict) -> dict[str, int]:
            found = {address: each["nthreads"] for address, each in info["workers"].items()}
            return found if wanted is None else {address: found.get(address, 0) for address in wanted}

        return self._about(counted)

    ncores = nthreads

    def who_has(self, futures: Any = None, **kwargs: Any) -> Any:
        """The addresses of the workers that hold each result, by its key."""
        return self._ask("who_has", self._keys_of(futures), lambda found: {key: tuple(each) for key, each in found.items()})

    def has_what(self, workers: Any = None, **kwargs: Any) -> Any:
        """The keys of the results that each worker holds, by its address."""
        return self._by_worker("has_what", workers)

    def processing(self, workers: Any = None) -> Any:
        """The keys of the tasks that each worker has before it, by its address."""
        return self._by_worker("processing", workers)

    def _by_worker(self, what: str, workers: Any) -> Any:
        wanted = names_of(workers)
        return self._ask(what, {}, lambda found: {each: tuple(keys) for each, keys in found.items() if wanted is None or each in wanted})

    def nbytes(self, keys: Any = None, summary: bool = True, **kwargs: Any) -> Any:
        """The bytes of results.

        Parameters
        ----------
        keys : list of str, optional
            Which; default is all.
        summary : bool
            Whether to add up those of one function.
        """

        def added(found: dict[str, int]) -> dict[str, int]:
            if not summary:
                return found
            sums: dict[str, int] = {}
            for key, num_bytes in found.items():
                sums[key_split(key)] = sums.get(key_split(key), 0) + num_bytes
            return sums

        return self._ask("nbytes", {} if keys is None else {"keys": [text_of(each) for each in keys]}, added)

    def story(self, *keys_or_stimuli: Any, on_error: str = "raise") -> Any:
        """What has happened to tasks, in the order in which it has."""
        keys = [each.key if isinstance(each, Future) else text_of(each) for each in keys_or_stimuli]
        return self._ask("story", {"keys": keys}, lambda found: [(key, line) for key, lines in found.items() for line in lines])

    def get_versions(self, check: bool = False, packages: Any = None) -> Any:
        """The versions of Python and of packages in the scheduler, the workers and here. One environment is all of them.

        Parameters
        ----------
        check : bool
            Taken as in Dask.
        packages : list of str, optional
            Further packages.
        """
        known = versions()
        others = {name: getattr(importlib.import_module(name), "__version__", None) for name in packages or ()}
        found = {"host": {"python": known["Python"], "OS": known["Platform"]}, "packages": {**known, **others}}

        def told(info: dict) -> dict[str, Any]:
            return {"scheduler": found, "workers": dict.fromkeys(info["workers"], found), "client": found}

        return self._about(told)

    # --- Notes that all clients share ---

    def get_metadata(self, keys: Any, default: Any = _MISSING) -> Any:
        """What has been noted on the scheduler under a name, or a list of names, one inside the other.

        Raises
        ------
        KeyError
            If there is nothing and no default.
        """
        path = _path(keys)

        def loaded(notes: dict[str, str]) -> Any:
            found: Any = object_of_text(notes[path[0]]) if path[0] in notes else _MISSING
            for name in path[1:]:
                found = found.get(name, _MISSING) if isinstance(found, dict) else _MISSING
            if found is not _MISSING:
                return found
            if default is _MISSING:
                raise KeyError(path[-1])
            return default

        return self._ask("metadata_get", {}, loaded)

    def set_metadata(self, key: Any, value: Any) -> Any:
        """Note something on the scheduler for all clients, under a name or a list of names, one inside the other."""
        path = _path(key)

        def note() -> None:
            top = value
            if len(path) > 1:
                notes = self._native.ask("metadata_get", {})
                top = object_of_text(notes[path[0]]) if path[0] in notes else {}
                inner = top
                for name in path[1:-1]:
                    inner = inner.setdefault(name, {})
                inner[path[-1]] = value
            self._native.ask("metadata_set", {"name": path[0], "value": text_of_object(top)})

        self._check_open()
        return answered(self.asynchronous, note)

    # --- Events and logs ---

    def log_event(self, topic: Any, msg: Any) -> Any:
        """Note an event for all who ask for its topic.

        Parameters
        ----------
        topic : str or list of str
            Under which names.
        msg : object
            What happened.
        """
        topics = [topic] if isinstance(topic, str) else list(topic)
        text = text_of_object(msg)

        def note() -> None:
            for each in topics:
                self._native.ask("log_event", {"topic": each, "event": text})

        self._check_open()
        return answered(self.asynchronous, note)

    def get_events(self, topic: str | None = None) -> Any:
        """The events of a topic, as ``(time, message)``; of all topics, by their names."""

        def loaded(events: Any) -> tuple:
            return tuple((when, object_of_text(text)) for when, text in events or ())

        def told(found: Any) -> Any:
            return loaded(found) if topic is not None else {name: loaded(events) for name, events in found.items()}

        return self._ask("events", {} if topic is None else {"topic": topic}, told)

    # --- Where things are written ---

    def write_scheduler_file(self, scheduler_file: str) -> None:
        """Write a file with which other programs of this user reach the cluster: ``Client(scheduler_file=...)``."""
        told = {**as_dask_says(info_of(self._native), self._dashboard_port), "token_file": self._token_file, "pid": os.getpid()}  # type: ignore[attr-defined]
        with open(os.open(scheduler_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(told, file, indent=2, default=str)

    def dump_cluster_state(
        self,
        filename: str = "dask-cluster-dump",
        write_from_scheduler: bool | None = None,
        exclude: Iterable[str] = (),
        format: str = "json",
        **storage_options: Any,
    ) -> Any:
        """Write what the scheduler knows of workers, tasks and results to a file, for who looks for the cause of a hang.

        Parameters
        ----------
        filename : str
            Where; the suffix is added if it has none.
        exclude : list of str
            Parts to leave out.
        format : {"json", "yaml"}
            How it is written.
        """
        if format not in ("json", "yaml"):
            raise ValueError(f"dump_cluster_state: format is {format!r}, expected 'json' or 'yaml'")

        def dump() -> None:
            parts: dict[str, Any] = {name: self._native.ask(name, {}) for name in ("info", "tasks", "who_has", "processing", "story", "what_blocks")}
            parts["written"] = {"time": time(), "host": socket.gethostname()}
            kept = {name: part for name, part in parts.items() if name not in exclude}
            path = filename if os.path.splitext(filename)[1] else f"{filename}.{format}"
            with open(path, "w") as file:
                if format == "json":
                    json.dump(kept, file, indent=1, default=str)
                else:
                    import yaml  # slow to load

                    yaml.safe_dump(json.loads(json.dumps(kept, default=str)), file)

        self._check_open()
        return answered(self.asynchronous, dump)


def dashboard_link_of(host: str, port: int, token: str) -> str:
    """The dashboard's address as the setting ``distributed.dashboard.link`` writes it, with what opens it."""
    template = config.get("distributed.dashboard.link", "{scheme}://{host}:{port}/status")
    environment = {name: value for name, value in os.environ.items() if name not in ("scheme", "host", "port")}
    link = template.format(scheme="http", host=host, port=port, **environment)
    return f"{link}{'&' if '?' in link else '?'}token={token}" if token else link
