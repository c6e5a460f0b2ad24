"""Stamps: what has passed need not run again while everything it depends on is the same.

A stamp is an empty file, named after what passed and a hash of all that it depends on. Stamps live in the user's cache
($XDG_CACHE_HOME/plait/stamps, by default below ~/.cache) and not in the checkout: a fresh clone on the same machine rests
where nothing changed, a new machine runs everything.
"""

import hashlib
import os
import pathlib
import time
from collections.abc import Iterable

ROOT = pathlib.Path(__file__).resolve().parents[1]
KEPT_S = 60 * 24 * 3600.0

_hashes: dict[pathlib.Path, bytes] = {}


def _hash_of(path: pathlib.Path) -> bytes:
    """Of the name below the checkout and the content."""
    if path not in _hashes:
        name = str(path.relative_to(ROOT)).encode()
        _hashes[path] = hashlib.sha256(name + b"\0" + path.read_bytes()).digest()
    return _hashes[path]


def digest(files: Iterable[pathlib.Path], texts: Iterable[str]) -> str:
    """A hash of files of the checkout, wherever it lies, and of texts such as compilers' versions and flags."""
    whole = hashlib.sha256()
    for file in sorted(set(files)):
        whole.update(_hash_of(file))
    for text in texts:
        whole.update(hashlib.sha256(text.encode()).digest())
    return whole.hexdigest()[:32]


class Stamps:
    """The stamps of one gate."""

    def __init__(self, gate: str):
        cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        self._folder = pathlib.Path(cache) / "plait" / "stamps" / gate
        self._folder.mkdir(parents=True, exist_ok=True)

    def _path(self, name: str, digest: str) -> pathlib.Path:
        return self._folder / f"{name.replace('/', '-')}-{digest}"

    def has(self, name: str, digest: str) -> bool:
        path = self._path(name, digest)
        if not path.exists():
            return False
        path.touch()  # still in use
        return True

    def put(self, name: str, digest: str) -> None:
        self._path(name, digest).touch()

    def forget_old(self) -> None:
        """Stamps that nobody asked for during two months."""
        for path in self._folder.iterdir():
            if path.stat().st_mtime < time.time() - KEPT_S:
                path.unlink(missing_ok=True)
