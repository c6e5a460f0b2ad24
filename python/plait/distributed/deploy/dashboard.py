"""The page that shows a cluster at work: how a cluster starts it."""

from __future__ import annotations

import secrets
import warnings
from typing import Any

from ... import _plait
from .._asking import dashboard_link_of


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
    wanted = port_of(address)
    token = secrets.token_urlsafe(16)
    native = _plait.cluster.Dashboard(cluster.scheduler_address, None, wanted, token)
    if wanted not in (0, native.port):
        warnings.warn(f"port {wanted} is in use; the dashboard is on port {native.port}", stacklevel=6)
    return Dashboard(native, token)
