"""What a client does to workers: calls functions on all of them, sends files, starts and ends them, moves what they hold."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from .. import _worker_logs
from ..utils import has_keyword
from ._asking import names_of
from ._connected import Connected
from ._context import answered, seconds_of
from ._scheduler import SchedulerState, info_of
from .diagnostics import plugin as plugins
from .future import futures_of
from .worker import get_worker


# A worker that is told to end waits so long for its tasks, and a little for what it says.
_TIME_TO_END_S = 5.0


def _with_worker(function: Callable, args: tuple, kwargs: dict) -> Any:
    """The call of a function on a worker: ``dask_worker`` is the worker, and coroutines are waited for."""
    if has_keyword(function, "dask_worker") and "dask_worker" not in kwargs:
        kwargs = {**kwargs, "dask_worker": get_worker()}
    found = function(*args, **kwargs)
    if inspect.iscoroutine(found):
        import asyncio  # slow to load

        return asyncio.run(found)
    return found


class Running(Connected):
    """The part of `Client` that works on workers."""

    cluster: Any

    # --- Functions on workers ---

    def run(
        self,
        function: Callable,
        *args: Any,
        workers: Any = None,
        wait: bool = True,
        nanny: bool = False,
        on_error: str = "raise",
        **kwargs: Any,
    ) -> Any:
        """Call a function on every worker now, beside the tasks.

        Parameters
        ----------
        function : callable
            What is called; if it has an argument ``dask_worker``, it gets the worker. A coroutine function is awaited there.
        *args, **kwargs : object
            Its arguments.
        workers : list of str, optional
            The addresses or names of those that are meant.
        wait : bool
            Whether to wait for the results.
        nanny : bool
            Whether to call it in the processes that watch the workers, which run no Python: refused.
        on_error : {"raise", "return", "ignore"}
            What to do with errors.

        Returns
        -------
        dict
            The results by the workers' addresses.

        Examples
        --------
        >>> client.run(os.getpid)  # doctest: +SKIP
        {'tcp://127.0.0.1:41233': 1234, 'tcp://127.0.0.1:35671': 1235}
        """
        if not callable(function):
            raise TypeError(f"run: the first argument is what is called; found {function!r}")
        if on_error not in ("raise", "return", "ignore"):
            raise ValueError(f"run: on_error is {on_error!r}, expected 'raise', 'return' or 'ignore'")
        if nanny:
            raise NotImplementedError("run: the processes that watch workers run no Python; call the function on the workers, without nanny=True")
        return answered(self.asynchronous, self._run, function, args, kwargs, names_of(workers), wait, on_error)

    def _run(self, function: Callable, args: tuple, kwargs: dict, workers: list[str] | None, wait: bool = True, on_error: str = "raise") -> Any:
        self._check_open()
        by_name = {str(each["name"]): address for address, each in info_of(self._native)["workers"].items()}
        wanted = None if workers is None else [name for name, address in by_name.items() if name in workers or address in workers]
        if not wait:
            threading.Thread(target=self._native.run, args=(_with_worker, (function, args, kwargs), {}, wanted), daemon=True, name="plait-run").start()
            return None
        answers = self._native.run(_with_worker, (function, args, kwargs), {}, wanted)
        failed = [each for is_well, each in answers.values() if not is_well]
        if failed and on_error == "raise":
            raise failed[0]
        is_told = on_error == "return"
        return {by_name[name]: each for name, (is_well, each) in answers.items() if (is_well or is_told) and name in by_name}

    def _run_on(self, worker: str, function: Callable, *args: Any) -> Any:
        """What a function returns on one worker."""
        found = list(self._run(function, args, {}, [worker]).values())
        if not found:
            raise ValueError(f"there is no worker {worker!r}; it has ended")
        return found[0]

    def run_on_scheduler(self, function: Callable, *args: Any, **kwargs: Any) -> Any:
        """Call a function in the process of this client, with what it can know of the scheduler, which itself runs no Python.

        Parameters
        ----------
        function : callable
            What is called; if it has an argument ``dask_scheduler``, it gets an object with ``address``, ``id`` and ``workers``.
        *args, **kwargs : object
            Its arguments.
        """

        def run() -> Any:
            self._check_open()
            given = {"dask_scheduler": SchedulerState(lambda: self._native)} if has_keyword(function, "dask_scheduler") else {}
            return function(*args, **given, **kwargs)

        return answered(self.asynchronous, run)

    def run_coroutine(self, function: Callable, *args: Any, **kwargs: Any) -> Any:
        """Call a coroutine function on every worker; see `run`."""
        return self.run(function, *args, **kwargs)

    # --- Logs ---

    def get_worker_logs(self, n: int | None = None, workers: Any = None, nanny: bool = False) -> Any:
        """What the workers have logged: for each address ``(level, message)``, the newest first.

        Parameters
        ----------
        n : int, optional
            How many lines; default is all that are kept.
        workers : list of str, optional
            Whose; default is all.
        nanny : bool
            Whether those of the processes that watch the workers, which log nothing: refused.
        """
        if nanny:
            raise NotImplementedError("get_worker_logs: the processes that watch workers keep no logs")
        return answered(self.asynchronous, self._worker_logs, n, names_of(workers))

    def _worker_logs(self, n: int | None, workers: list[str] | None) -> dict[str, tuple]:
        return {address: tuple(lines) for address, lines in self._run(_worker_logs.lines, (n,), {}, workers).items()}

    # --- Plugins and files ---

    def register_plugin(self, plugin: Any, name: str | None = None) -> Any:
        """Set up a plugin in every worker, also in those that come later or are started again: there before the first task.

        Parameters
        ----------
        plugin : WorkerPlugin, NannyPlugin or SchedulerPlugin
            See `plait.distributed.diagnostics.plugin`. One for the scheduler lives in this process.
        name : str, optional
            Under which it is known; one of the same name is taken off first.

        Returns
        -------
        dict
            For each worker ``{"status": "OK"}``.
        """
        name = plugins.name_of(plugin, name)
        if isinstance(plugin, plugins.SchedulerPlugin):
            return answered(self.asynchronous, self._register_here, plugin, name)
        if not hasattr(plugin, "setup"):
            raise TypeError(f"register_plugin: {plugin!r} is no plugin: it has no method setup")
        return answered(self.asynchronous, self._register, plugin, name)

    def _register_here(self, plugin: Any, name: str) -> None:
        self._check_open()
        self._scheduler_plugins[name] = plugin
        plugin.start(SchedulerState(lambda: self._native))

    def _register(self, plugin: Any, name: str) -> dict:
        self._check_open()
        if isinstance(plugin, plugins.UploadDirectory):
            plugin.start(SchedulerState(lambda: self._native))
        # First for those that come, so that none is missed.
        self._native.greet(_greeting(name), _install, (plugin, name))
        try:
            found = self._run(_install, (plugin, name), {}, None)
        except BaseException:
            self._native.greet(_greeting(name), None)
            raise
        if isinstance(plugin, plugins.NannyPlugin) and plugin.restart:
            self._restart()
        return dict.fromkeys(found, {"status": "OK"})

    _scheduler_plugins: dict[str, Any]

    def unregister_worker_plugin(self, name: str, nanny: bool | None = None) -> Any:
        """Take a plugin off every worker.

        Raises
        ------
        ValueError
            If no worker has it.
        """

        def remove() -> dict:
            self._check_open()
            self._native.greet(_greeting(name), None)
            found = self._run(_remove, (name,), {}, None)
            if not any(found.values()):
                raise ValueError(f"unregister_worker_plugin: no worker has a plugin {name!r}")
            return dict.fromkeys(found, {"status": "OK"})

        return answered(self.asynchronous, remove)

    def unregister_scheduler_plugin(self, name: str) -> Any:
        """Take a plugin for the scheduler off.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        if name not in self._scheduler_plugins:
            raise ValueError(f"unregister_scheduler_plugin: there is no plugin {name!r}")
        plugin = self._scheduler_plugins.pop(name)
        return answered(self.asynchronous, plugin.close)

    def register_worker_callbacks(self, setup: Callable | None = None) -> Any:
        """Call a function in every worker, also in those that come later; see `register_plugin`."""
        if setup is None:
            raise TypeError("register_worker_callbacks: give the function that workers call as setup=")
        return self.register_plugin(plugins.Callback(setup))

    def upload_file(self, filename: str, load: bool = True) -> Any:
        """Send a file to all workers; Python code in it (``.py``, ``.zip``, ``.egg``) can be imported in tasks.

        Parameters
        ----------
        filename : str
            The file here.
        load : bool
            Whether a module of that name that is loaded already is loaded again.
        """
        if not os.path.exists(filename):
            raise FileNotFoundError(f"upload_file: there is no file {filename!r}")
        return self.register_plugin(plugins.UploadFile(filename, load))

    # --- Workers ---

    def wait_for_workers(self, n_workers: int, timeout: Any = None) -> Any:
        """Wait until there are that many workers.

        Parameters
        ----------
        n_workers : int
            How many, at least 1.
        timeout : float or str, optional
            Seconds to wait at most.

        Raises
        ------
        TimeoutError
            If they are not there in time.
        """
        if not isinstance(n_workers, int) or isinstance(n_workers, bool) or n_workers < 1:
            raise ValueError(f"wait_for_workers: n_workers is {n_workers!r}, expected a whole number of at least 1")
        deadline = None if timeout is None else monotonic() + seconds_of(timeout)

        def wait() -> None:
            while True:
                self._check_open()
                found = len(info_of(self._native)["workers"])
                if found >= n_workers:
                    return
                if deadline is not None and monotonic() > deadline:
                    raise TimeoutError(f"only {found} of {n_workers} workers are there after {timeout}")
                sleep(0.02)

        return answered(self.asynchronous, wait)

    def retire_workers(self, workers: Any = None, close_workers: bool = True, **kwargs: Any) -> Any:
        """End workers; what they hold moves to others first.

        Parameters
        ----------
        workers : list of str, optional
            Their addresses or names; default is those that are idle.
        close_workers : bool
            Whether their processes end.
        """

        def retire() -> Any:
            self._check_open()
            retired = self._native.ask("retire", {"workers": names_of(workers) or [], "close": close_workers})
            deadline = monotonic() + _TIME_TO_END_S
            while close_workers and monotonic() < deadline and any(name in self._worker_names() for name in retired):
                sleep(0.005)
            return retired

        return answered(self.asynchronous, retire)

    def _worker_names(self) -> set[str]:
        """Of the workers that are there, and of the processes that the cluster still watches."""
        here = {str(each["name"]) for each in info_of(self._native)["workers"].values()}
        return here | set(self.cluster._native.worker_pids() if getattr(self.cluster, "_native", None) is not None else ())

    def restart(self, timeout: Any = None, wait_for_workers: bool = True) -> Any:
        """End the processes of all workers, start new ones and forget all results: the futures of all clients are cancelled.

        Workers that are threads of this process go on.

        Parameters
        ----------
        timeout : float or str, optional
            Seconds to wait for the workers.
        wait_for_workers : bool
            Whether to wait for them.
        """

        return answered(self.asynchronous, self._restart, timeout, wait_for_workers)

    def _restart(self, timeout: Any = None, wait_for_workers: bool = True) -> Any:
        self._check_open()
        before = set(info_of(self._native)["workers"])
        self._native.ask("restart")
        if wait_for_workers:
            self._wait_for_others(before, 30.0 if timeout is None else seconds_of(timeout))
        return self

    def _wait_for_others(self, before: set[str], seconds: float) -> None:
        """Until as many workers are there, and none of those that were processes of their own."""
        deadline = monotonic() + seconds
        ending = {address for address in before if not address.startswith("inproc:")}
        while True:
            workers = info_of(self._native)["workers"]
            if len(workers) >= len(before) and ending.isdisjoint(workers):
                return
            if monotonic() > deadline:
                raise TimeoutError(f"the workers have not started again after {seconds:g} s")
            sleep(0.02)

    # --- Where results lie ---

    def replicate(self, futures: Any, n: int | None = None, workers: Any = None, branching_factor: int = 2, **kwargs: Any) -> Any:
        """Copy results to several workers.

        Parameters
        ----------
        futures : Future, or a container of futures
            What is copied.
        n : int, optional
            On how many workers each lies then; default is all.
        workers : list of str, optional
            On which.
        """
        found = futures_of(futures)

        def copy() -> None:
            self._check_open()
            if found:
                self._native.wait([each.key for each in found], None, "ALL_COMPLETED")
            self._native.ask("replicate", {"keys": [each.key for each in found], "n": n or 0, "workers": names_of(workers) or []})

        return answered(self.asynchronous, copy)

    def rebalance(self, futures: Any = None, workers: Any = None, **kwargs: Any) -> Any:
        """Move results so that workers hold about as much of them."""
        found = [] if futures is None else futures_of(futures)

        def move() -> None:
            self._check_open()
            if found:
                self._native.wait([each.key for each in found], None, "ALL_COMPLETED")
            self._native.ask("rebalance", {"keys": [each.key for each in found], "workers": names_of(workers) or []})

        return answered(self.asynchronous, move)


def _greeting(name: str) -> str:
    return f"plugin {name}"


def _install(plugin: Any, name: str) -> None:
    plugins.install(get_worker(), plugin, name)


def _remove(name: str) -> bool:
    return plugins.remove(get_worker(), name)
