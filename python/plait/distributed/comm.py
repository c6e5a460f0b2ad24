"""Addresses of schedulers and workers as texts: ``tcp://127.0.0.1:8786``. What connects them is the engine's, and is not opened to programs."""

from __future__ import annotations

import socket
import sys
from typing import Any

from .._missing_names import missing
from .exceptions import CommClosedError as CommClosedError

_DEFAULT_SCHEME = "tcp"


def parse_address(addr: str, strict: bool = False) -> tuple[str, str]:
    """An address as its scheme and its place.

    Parameters
    ----------
    addr : str
        Such as ``"tcp://127.0.0.1:8786"``.
    strict : bool
        Whether the scheme must be there; else it is ``tcp`` where it is not.

    Examples
    --------
    >>> parse_address("127.0.0.1:8786")
    ('tcp', '127.0.0.1:8786')
    """
    if not isinstance(addr, str):
        raise TypeError(f"parse_address: an address is a text; found {addr!r}")
    scheme, separator, place = addr.rpartition("://")
    if strict and not separator:
        raise ValueError(f"parse_address: {addr!r} has no scheme, expected one such as 'tcp://localhost:8786'")
    return scheme if separator else _DEFAULT_SCHEME, place


def unparse_address(scheme: str, loc: str) -> str:
    """The address of a scheme and a place.

    Examples
    --------
    >>> unparse_address("tcp", "127.0.0.1")
    'tcp://127.0.0.1'
    """
    return f"{scheme}://{loc}"


def normalize_address(addr: str) -> str:
    """An address with its scheme.

    Examples
    --------
    >>> normalize_address("[::1]")
    'tcp://[::1]'
    """
    return unparse_address(*parse_address(addr))


def parse_host_port(address: str | tuple[str, int], default_port: str | int | None = None) -> tuple[str, int]:
    """The host and the port of a place.

    Parameters
    ----------
    address : str
        Such as ``"127.0.0.1:8786"`` or ``"[::1]:8786"``.
    default_port : int, optional
        The port where none is said.

    Raises
    ------
    ValueError
        If there is no port and no default, or the place makes no sense.

    Examples
    --------
    >>> parse_host_port("[::1]:8786")
    ('::1', 8786)
    """
    if isinstance(address, tuple):
        return address
    place = address.rpartition("://")[2]
    host, separator, port = place.rpartition(":")
    if place.startswith("["):
        host, bracket, rest = place[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(f"{address!r} is no address: IPv6 is written in brackets, such as '[::1]:8786'")
        separator, port = rest[:1], rest[1:]
    elif not separator:
        host, port = place, ""
    elif ":" in host:
        raise ValueError(f"{address!r} is no address: IPv6 is written in brackets, such as '[::1]:8786'")
    if not separator:
        if default_port is None:
            raise ValueError(f"{address!r} has no port, expected one such as '127.0.0.1:8786'")
        return host, int(default_port)
    return host, int(port)


def unparse_host_port(host: str, port: int | None = None) -> str:
    """The place of a host and a port.

    Examples
    --------
    >>> unparse_host_port("::1", 8786)
    '[::1]:8786'
    """
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return host if port is None else f"{host}:{port}"


def get_address_host_port(addr: str, strict: bool = False) -> tuple[str, int]:
    """The host and the port of an address.

    Examples
    --------
    >>> get_address_host_port("tcp://1.2.3.4:80")
    ('1.2.3.4', 80)
    """
    scheme, place = parse_address(addr, strict)
    if scheme not in ("tcp", "tls"):
        raise ValueError(f"get_address_host_port: {addr!r} has no host and port")
    return parse_host_port(place)


def get_address_host(addr: str) -> str:
    """The host of an address.

    Examples
    --------
    >>> get_address_host("tcp://1.2.3.4:80")
    '1.2.3.4'
    """
    scheme, place = parse_address(addr)
    return parse_host_port(place)[0] if scheme in ("tcp", "tls") else "127.0.0.1"


def resolve_address(addr: str) -> str:
    """An address with a number in the place of a host's name.

    Examples
    --------
    >>> resolve_address("tcp://localhost:8786")
    'tcp://127.0.0.1:8786'
    """
    scheme, place = parse_address(addr)
    if scheme not in ("tcp", "tls"):
        return unparse_address(scheme, place)
    host, port = parse_host_port(place)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(f"resolve_address: {addr!r}: {error}") from None
    first = next((each for each in found if each[0] == socket.AF_INET), found[0])
    return unparse_address(scheme, unparse_host_port(str(first[4][0]), port))


def __getattr__(name: str) -> Any:
    raise missing(__name__, name, sys.modules[__name__])
