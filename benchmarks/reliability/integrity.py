"""Damage on disk, in shared memory and on the wire, and disks that are full: figures 23, 24, 26 and 27."""

import contextlib
import os
import random
import socket
import subprocess
import tempfile
import threading

import numpy as np
from figure import bounded, cluster_of, end, pids, tell

from plait.distributed import Client, LocalCluster, wait


def rows_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 1000, 500_000)


def total_of(rows: np.ndarray) -> int:
    return int(rows.sum())


TOTALS = {seed: total_of(rows_of(seed)) for seed in range(40)}


def open_files(pid: int, what: str) -> list[str]:
    folder = f"/proc/{pid}/fd"
    found = []
    for descriptor in os.listdir(folder):
        with contextlib.suppress(OSError):
            if what in os.readlink(os.path.join(folder, descriptor)):
                found.append(os.path.join(folder, descriptor))
    return found


def flip(path: str, offset: int) -> None:
    with open(path, "r+b", buffering=0) as file:
        byte = os.pread(file.fileno(), 1, offset)
        os.pwrite(file.fileno(), bytes([byte[0] ^ 1 << offset % 8]), offset)


def spilled() -> None:
    dice = random.Random(1)
    right = wrong = failed = flips = 0
    with tempfile.TemporaryDirectory() as folder, cluster_of(1, memory_limit="48MB", local_directory=folder) as client:
        for _ in range(4):
            rows = client.map(rows_of, TOTALS, pure=False)
            wait(rows)
            for path in open_files(pids(client)["0"], folder):
                size = os.stat(path).st_size
                for _ in range(60):
                    flip(path, dice.randrange(size))
                    flips += 1
            for seed, future in zip(TOTALS, client.map(total_of, rows, pure=False), strict=True):
                try:
                    is_right = future.result() == TOTALS[seed]
                    right, wrong = right + is_right, wrong + (not is_right)
                except Exception:
                    failed += 1
            del rows
    tell(
        23,
        f"tasks on spilled values, {flips} bits of which were flipped",
        f"{right} right, {wrong} wrong, {failed} failed",
        "all right",
        flips > 100 and wrong == failed == 0,
    )


def shared() -> None:
    right = 0
    with cluster_of(2) as client:
        for seed in TOTALS:
            rows = client.submit(rows_of, seed, workers=["0"], pure=False)
            wait(rows)
            client.replicate([rows])
            wait(client.submit(abs, 1, workers=["1"], pure=False))
            for path in open_files(pids(client)["1"], "memfd:plait"):
                if os.stat(path).st_size > 1_000_000:
                    flip(path, os.stat(path).st_size // 2)
            right += client.submit(total_of, rows, workers=["1"], pure=False).result() == TOTALS[seed]
    tell(24, "damaged copies in shared memory fetched again", f"{right} of {len(TOTALS)} right", "all", right == len(TOTALS))


class FlippingProxy:
    """Between a client and a scheduler over TCP: flips one bit of what comes, after so many bytes."""

    def __init__(self, port: int, after: int):
        self.port, self.after = port, after
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                threading.Thread(target=self.pass_on, args=(near, far, self.after), daemon=True).start()
                threading.Thread(target=self.pass_on, args=(far, near, None), daemon=True).start()

    @staticmethod
    def pass_on(source: socket.socket, target: socket.socket, after: int | None) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := bytearray(source.recv(65536)):
                if after is not None and passed <= after < passed + len(data):
                    data[after - passed] ^= 1 << after % 8
                passed += len(data)
                target.sendall(data)
        for end_of in (source, target):
            with contextlib.suppress(OSError):
                end_of.shutdown(socket.SHUT_RDWR)


def wire() -> None:
    dice = random.Random(2)
    right = refused = wrong = 0
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        port = int(cluster.scheduler_address.rpartition(":")[2])
        for _ in range(60):
            proxy = FlippingProxy(port, dice.randrange(400_000))
            try:
                with Client(proxy.address, timeout=10) as client:
                    data = np.arange(50_000)
                    if client.submit(total_of, client.scatter(data), pure=False).result(timeout=10) == data.sum():
                        right += 1
                    else:
                        wrong += 1
            except Exception:
                refused += 1
            proxy.listener.close()
        with Client(cluster) as client:
            alive = client.submit(abs, -1).result() == 1
    tell(
        24,
        "a bit flipped on the wire (TCP), 60 connections",
        f"{refused} noticed, {right} not reached, {wrong} wrong; others unharmed: {alive}",
        "0 wrong",
        wrong == 0 and alive,
    )


def full_disk() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", folder], capture_output=True).returncode != 0:
            print("| 26 | a disk that is full | not measured: needs the right to mount a small disk | | |")
            return
        try:
            with cluster_of(1, memory_limit="64MB", local_directory=folder) as client:
                rows = client.map(rows_of, TOTALS, pure=False)
                totals = client.gather(client.map(total_of, rows, pure=False))
                is_right = totals == list(TOTALS.values())
            left = os.listdir(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=False)
    tell(
        26,
        "160 MB of results, 64 MB of memory, 8 MB of disk",
        f"{'right' if is_right else 'wrong'}; {len(left)} files left",
        "an answer or an error, 0 files",
        is_right and not left,
    )


if __name__ == "__main__":
    bounded(240)
    spilled()
    shared()
    wire()
    full_disk()
    tell(27, "results that differ when they are made again are noticed", "not built", "all", False)
    end()
