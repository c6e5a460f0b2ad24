"""The page that shows a cluster at work: how a cluster starts it."""

from __future__ import annotations

import secrets
import warnings
from typing import Any

from .. import _plait
from ._asking import dashboard_link_of


class Dashboard:
    """A server of the dashboard's page, on threads of its own.

    Attributes
    ----------
    port : int
        Where it listens, on the loopback address.
    link : str
        What a browser opens: the address with the token.
    """

    def __init__(self, native: Any, token: str):
        self._native = native
        self.port: int = native.port
        self.token = token
        self.link = dashboard_link_of("127.0.0.1", self.port, token)

    def close(self) -> None:
        """End it."""
        self._native.close()


def port_of(address: Any) -> int:
    """The port of an address such as ``":8787"``, ``"localhost:8787"`` or a number.

    Raises
    ------
    ValueError
        If it has none, or is not this machine's loopback address.
    """
    host, _, port = str(address).rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"dashboard_address is {address!r}, expected a port such as ':8787'")
    if host.removeprefix("http://") not in ("", "localhost", "127.0.0.1"):
        raise ValueError(f"dashboard_address is {address!r}, but the dashboard listens on 127.0.0.1 only; reach it from elsewhere through an SSH tunnel")
    return int(port)


def serve(cluster: Any, address: Any) -> Dashboard:
    """Start the dashboard of a cluster; on another port, with a warning, if the one that is asked for is taken."""
    served = serve_at(cluster.scheduler_address, address)
    if port_of(address) not in (0, served.port):
        warnings.warn(f"port {port_of(address)} is in use; the dashboard is on port {served.port}", stacklevel=6)
    return served


def serve_at(scheduler_address: str, address: Any) -> Dashboard:
    """Start a dashboard of the scheduler at an address; on another port if the one that is asked for is taken."""
    token = secrets.token_urlsafe(16)
    return Dashboard(_plait.cluster.Dashboard(scheduler_address, None, port_of(address), token), token)


# Under which name a scheduler keeps the link for clients.
_NOTE = "plait dashboard"


def note(native: Any, link: str) -> None:
    """Note on the scheduler where the dashboard is."""
    native.ask("metadata_set", {"name": _NOTE, "value": link})


def noted(native: Any) -> str | None:
    """Where the dashboard is, as it was noted; None if it was not."""
    return native.ask("metadata_get", {}).get(_NOTE)
