"""Client: how a program talks to a cluster."""

from __future__ import annotations

import builtins
import json
import sys
import threading
import uuid
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from .. import _plait, _schedulers, config
from .._missing_names import missing

from . import _dashboard, _reprs
from ._asking import Asking, as_dask_says
from ._calling import Calling
from ._computing import Computing
from ._context import (
    add_default,
    answered,
    as_current,
    current_of_block,
    default_client as default_client,
    found_client,
    in_thread,
    remove_default,
    seconds_of,
    synchronized,
)
from ._demands import demands_of
from ._hearing import Hearing
from ._publishing import Publishing
from ._recreating import Recreating
from ._scheduler import SchedulerState, info_of
from ._watching import Watching
from .cfexecutor import ClientExecutor
from .deploy import Cluster, LocalCluster
from .exceptions import ClosedClientError as ClosedClientError
from .exceptions import FutureCancelledError as FutureCancelledError
from .exceptions import FuturesCancelledError as FuturesCancelledError
from .future import Future as Future
from .future import client_at
from .future import fire_and_forget as fire_and_forget
from .future import futures_of as futures_of
from .security import checked
from .task_metadata import get_task_metadata as get_task_metadata
from .waiting import as_completed as as_completed
from .waiting import wait as wait
from .worker import get_client as get_client


class Client(Hearing, Calling, Computing, Asking, Watching, Publishing, Recreating):
    """A program's connection to a cluster. It starts one on this machine, unless it is told of one.

    From then on the collections, delayed calls, bags and raw graphs of the program are computed there.

    Parameters
    ----------
    address : str or Cluster, optional
        A scheduler such as ``"tcp://127.0.0.1:8786"``, or a cluster; default is to start a `LocalCluster` with the further
        arguments.
    timeout : float or str, optional
        Seconds to wait for the scheduler.
    set_as_default : bool
        Whether the program's collections are computed there.
    scheduler_file : str, optional
        A file that says where a scheduler is; see `write_scheduler_file`.
    asynchronous : bool
        Whether the program awaits: methods then return what it has to await.
    name : str, optional
        What logs call this client.
    security, loop, heartbeat_interval, serializers, deserializers, extensions, direct_to_workers, connection_limit : optional
        Taken as in Dask.
    **kwargs : object
        Of `LocalCluster`.

    Raises
    ------
    OSError
        If there is no scheduler at that address, or it refuses this user.

    Examples
    --------
    >>> client = Client(n_workers=4, threads_per_worker=2, memory_limit="2GB")  # doctest: +SKIP
    >>> client.submit(pow, 2, 10).result()  # doctest: +SKIP
    1024
    """

    def __init__(
        self,
        address: Any = None,
        loop: Any = None,
        timeout: Any = None,
        set_as_default: bool = True,
        scheduler_file: str | None = None,
        security: Any = None,
        asynchronous: bool = False,
        name: str | None = None,
        heartbeat_interval: Any = None,
        serializers: Any = None,
        deserializers: Any = None,
        extensions: Any = None,
        direct_to_workers: Any = None,
        connection_limit: int = 512,
        **kwargs: Any,
    ):
        super().__init__()
        checked(security)
        self.asynchronous = asynchronous
        self.name = name or "client"
        self.id = f"Client-{uuid.uuid4()}"
        self.cluster: Any = None
        self.status = "connecting"
        self._native: Any = None
        self._address = ""
        self._token_file: str | None = None
        self._dashboard: str | None = None
        self._dashboard_port: int | None = None
        self._owns_cluster = False
        self._is_default = set_as_default
        self._previous_scheduler: AbstractContextManager | None = None
        self._scheduler_plugins: dict[str, Any] = {}
        self._handlers: dict[str, threading.Event] = {}
        self._given = (address, scheduler_file, timeout, kwargs)
        if not asynchronous:
            self._connect()

    # --- Beginning ---

    def _connect(self) -> None:
        if self.status != "connecting":
            return
        address, scheduler_file, timeout, kwargs = self._given
        if scheduler_file is not None:
            with open(scheduler_file) as file:
                found = json.load(file)
            address, self._token_file = found["address"], found.get("token_file")
        if address is None:
            address = config.get("scheduler-address", None)
        if address is None:
            address = LocalCluster(**kwargs)
            self._owns_cluster = True
        elif kwargs:
            raise TypeError(f"Client has no argument {next(iter(kwargs))!r} where it is given a scheduler; it is one of LocalCluster")
        if isinstance(address, Cluster):
            self.cluster = address
            address = self.cluster.scheduler_address
        if not isinstance(address, str):
            raise TypeError(f"Client: address is {address!r}, expected a text such as 'tcp://127.0.0.1:8786', or a cluster")
        self._use(_plait.cluster.Client(address, self._token_file, seconds_of(timeout if timeout is not None else "30s"), self.name), address)
        self._find_dashboard()
        if self._is_default:
            add_default(self)
            self._previous_scheduler = config.set(scheduler=_schedulers.CLIENT)

    def _use(self, native: Any, address: str) -> None:
        self._native = native
        self._address = address
        self._executor = native.executor()
        self.status = "running"
        open_clients.add(self)

    def _find_dashboard(self) -> None:
        """Where the dashboard is: the cluster says it, or has noted it for others."""
        if self.cluster is not None:
            self._dashboard = self.cluster.dashboard_link or None
            if self._dashboard:
                _dashboard.note(self._native, self._dashboard)
        else:
            self._dashboard = _dashboard.noted(self._native)
        if self._dashboard:
            self._dashboard_port = int(self._dashboard.partition("://")[2].partition("/")[0].rpartition(":")[2] or 0) or None

    def start(self, **kwargs: Any) -> Any:
        """Connect; an asynchronous client is awaited instead."""
        return answered(self.asynchronous, self._connect)

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._connected().__await__()

    async def _connected(self) -> Client:
        await in_thread(self._connect)
        return self

    # --- Which client is meant ---

    @classmethod
    def current(cls, allow_global: bool = True) -> Client:
        """The client that is meant here: that of an `as_current` block or of the task's worker, or the program's.

        Parameters
        ----------
        allow_global : bool
            Whether the program's will do.

        Raises
        ------
        ValueError
            If there is none.
        """
        found = found_client() if allow_global else current_of_block()
        if found is None:
            raise ValueError("there is no client here; make one first, such as plait.distributed.Client()")
        return found

    def as_current(self) -> AbstractContextManager[Client]:
        """A ``with`` block in which this client is meant."""
        return as_current(self)

    @property
    def __plait_executor__(self) -> Any:
        """What runs graphs for ``scheduler=client``."""
        self._check_open()
        said = demands_of()
        return self._executor if said is None else self._native.executor(said)

    # --- What it is ---

    @property
    def address(self) -> str:
        """The scheduler's address."""
        return self._address

    @property
    def scheduler(self) -> SchedulerState | None:
        """The scheduler as this program sees it (``address``, ``workers``, ...); None while there is no connection."""
        return SchedulerState(lambda: self._native) if self.status == "running" else None

    @property
    def loop(self) -> None:
        """None: the client has no event loop of its own."""

    @property
    def dashboard_link(self) -> str | None:
        """What a browser opens to see the cluster at work; None if there is no dashboard."""
        return self._dashboard

    def __getattr__(self, name: str) -> Any:
        raise missing("Client", name, type(self))

    def get_executor(self, **kwargs: Any) -> ClientExecutor:
        """An executor of `concurrent.futures` that runs calls on the cluster.

        Parameters
        ----------
        **kwargs : object
            ``pure``, ``workers``, ``resources``, ``allow_other_workers``, ``retries``, ``priority``: as for `submit`.
        """
        return ClientExecutor(self, **kwargs)

    def _type_of(self, text: str) -> type | str | None:
        if self.status != "running":
            return None
        name = self._native.ask("tasks", {"keys": [text]}).get(text, {}).get("type") or None
        for home in (builtins, sys.modules.get("numpy"), sys.modules.get("pandas")):
            if isinstance(found := getattr(home, name or "", None), type):
                return found
        return name

    def sync(self, func: Callable[..., Any], *args: Any, asynchronous: bool | None = None, callback_timeout: Any = None, **kwargs: Any) -> Any:
        """Run an asynchronous function, in which what this client gives is awaited, and return what it returns.

        Parameters
        ----------
        func : callable
            An ``async def`` function.
        *args, **kwargs : object
            What it is called with.
        asynchronous : bool, optional
            Whether to return something to ``await`` instead; what the client is, if left out.
        callback_timeout : float or str, optional
            After how many seconds to give up, with a TimeoutError.
        """
        if self.asynchronous if asynchronous is None else asynchronous:
            return func(*args, **kwargs)
        timeout = None if callback_timeout is None else seconds_of(callback_timeout)
        return synchronized(func, *args, timeout=timeout, **kwargs)

    # --- Ending ---

    def close(self, timeout: Any = None) -> Any:
        """End the connection, and the cluster if this client has started it. Its futures are cancelled."""
        return answered(self.asynchronous, self._close)

    def _close(self) -> None:
        if self.status == "closed":
            return
        was_running = self.status == "running"
        for plugin in self._scheduler_plugins.values() if self._owns_cluster else ():
            plugin.before_close()
        self.status = "closed"
        for topic in list(self._handlers):
            self._stop_handler(topic)
        open_clients.discard(self)
        if self._is_default and was_running:
            is_last = remove_default(self)
            if is_last and self._previous_scheduler is not None and config.get("scheduler", None) == _schedulers.CLIENT:
                self._previous_scheduler.__exit__(None, None, None)
        self._tell(list(self._watched))
        if self._native is not None:
            self._native.close()
        if self._owns_cluster:
            self.cluster._close()
            for plugin in self._scheduler_plugins.values():
                plugin.close()

    def shutdown(self) -> Any:
        """End the cluster, whoever has started it, and the connection."""

        def end() -> None:
            if self.cluster is None and self.status == "running":
                self._native.ask("retire", {"workers": [], "close": True})
            cluster = self.cluster
            self._close()
            if cluster is not None:
                cluster._close()

        return answered(self.asynchronous, end)

    def __enter__(self) -> Client:
        if self.asynchronous:
            raise TypeError("use 'async with' for an asynchronous client")
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Client:
        return await self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    def __reduce__(self) -> tuple:
        return client_at, (self._address,)

    # --- What it looks like ---

    def _known_info(self) -> dict[str, Any] | None:
        return as_dask_says(info_of(self._native)) if self.status == "running" and self._native.is_connected else None

    def __repr__(self) -> str:
        info = self._known_info()
        return _reprs.client_text(type(self).__name__, None if info is None else self._address, info)

    def _repr_html_(self) -> str:
        return _reprs.client_html(self, self._known_info(), self.dashboard_link, self.cluster)


open_clients: weakref.WeakSet[Client] = weakref.WeakSet()


def ensure_default_client(client: Client) -> None:
    """Have the program's collections computed on the cluster of this client from now on.

    Parameters
    ----------
    client : Client
        Which one.
    """
    if found_client() is not client:
        remove_default(client)
        add_default(client)


@contextmanager
def temp_default_client(c: Client) -> Iterator[None]:
    """Have a client meant inside the block; see `Client.as_current`."""
    with as_current(c):
        yield


def local_client(*args: Any, **kwargs: Any) -> Any:
    """Gone, as in Dask: see `worker_client`."""
    raise NotImplementedError("local_client is gone; use worker_client")

