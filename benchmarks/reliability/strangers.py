"""Garbage, claims and half-open connections of peers without the token: figures 19, 29, 30 and 33."""

import contextlib
import os
import random
import socket
import time

from figure import bounded, cluster_of, end, tell, until

from plait.distributed import Client

# The header of a frame of 8 GiB (version 1 of the protocol), with its right checksum.
CLAIM = bytes.fromhex("504c49540100000000000000020000000000000000000000000000000000000098d92229787f67bf")


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def garbage(client: Client, port: int) -> None:
    dice = random.Random(3)
    for _ in range(3000):
        with contextlib.suppress(OSError), connected(port) as peer:
            peer.sendall(dice.randbytes(dice.randrange(1, 400)))
    alive = client.submit(abs, -1, pure=False).result(timeout=10) == 1
    tell(33, "3,000 connections that send garbage", "alive" if alive else "dead", "alive", alive)


def claim(port: int) -> None:
    before = resident()
    sent = 0
    with connected(port) as peer, contextlib.suppress(OSError):
        peer.sendall(CLAIM)
        piece = bytes(1 << 20)
        for _ in range(1500):
            peer.sendall(piece)
            sent += len(piece)
    grown = max(0, resident() - before)
    tell(
        30,
        "memory that a stranger's claim of 8 GiB pins",
        f"{grown / 1024:.0f} KiB; cut off after {sent / 1024:.0f} KiB",
        "at most 64 KiB beside the buffers of the kernel",
        grown <= 4 << 20 and sent < 64 << 20,
    )


def half_open(client: Client, port: int) -> None:
    peers = [connected(port) for _ in range(500)]
    start = time.perf_counter()
    client.submit(abs, -2, pure=False).result(timeout=10)
    submit = time.perf_counter() - start

    def is_closed(peer: socket.socket) -> bool:
        peer.setblocking(False)
        try:
            return peer.recv(1) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    seconds = time.perf_counter() - start + until(lambda: all(is_closed(peer) for peer in peers), 20, 0.05)
    for peer in peers:
        peer.close()
    tell(30, "500 half-open connections closed", f"all after {seconds:.1f} s; a call meanwhile {submit * 1e3:.1f} ms", "all, at most 5 s after they came", seconds <= 6)


def many_clients(address: str) -> None:
    clients = [Client(address, timeout=20, set_as_default=False) for _ in range(200)]
    start = time.perf_counter()
    for i in range(20):
        clients[-1].submit(abs, -i, pure=False).result(timeout=10)
    seconds = (time.perf_counter() - start) / 20
    for client in clients:
        client.close()
    tell(19, "a call while 200 clients are connected", f"{seconds * 1e3:.2f} ms", "at most 10 ms", seconds <= 0.01)


def listeners(port: int) -> None:
    inodes = set()
    for fd in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            link = os.readlink(f"/proc/self/fd/{fd}")
            if link.startswith("socket:["):
                inodes.add(link[8:-1])
    open_to_all = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as file:
            for line in list(file)[1:]:
                fields = line.split()
                if fields[3] == "0A" and fields[9] in inodes and not fields[1].startswith("0100007F"):
                    open_to_all += 1
    tell(29, "listeners of a cluster beyond the loopback address", str(open_to_all), "0", open_to_all == 0)


if __name__ == "__main__":
    bounded(120)
    with cluster_of(1) as client:
        port = int(client.cluster.scheduler_address.rpartition(":")[2])
        listeners(port)
        garbage(client, port)
        claim(port)
        half_open(client, port)
        many_clients(client.cluster.scheduler_address)
    end()
