"""What the engine does of bags of lines without Python: which functions it knows, and the lines that it leaves to them."""

from __future__ import annotations

import io
import json
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from .. import _plait
from .._files import File

_AROUND = 40  # characters of a line that an error shows, on both sides of the place


def is_json_loads(function: Any) -> bool:
    """Whether it is the ``loads`` of json or orjson: it reads lines of JSON."""
    fast = sys.modules.get("orjson")
    return function is json.loads or (fast is not None and function is fast.loads)


def form_of_lines(how: dict, files: Iterable[File]) -> list[str]:
    """The form of a step that reads lines, if the engine reads them, too."""
    encoding = how["encoding"].lower().replace("_", "-")
    is_plain = encoding in ("utf-8", "utf8") and how["errors"] == "strict" and how["delimiter"] is None and not how["include_path"]
    return ["read_lines"] if is_plain and all(file.compression is None and not file.is_remote for file in files) else []


def form_of_map(function: Any) -> list[str]:
    """The form of a function of every item."""
    if is_json_loads(function):
        return ["json"]
    is_split = function is str.split or (isinstance(function, operator.methodcaller) and repr(function) == "operator.methodcaller('split')")
    return ["split"] if is_split else []


def form_of_pluck(key: Any, has_default: bool) -> list[str]:
    """The form of taking an item of every item."""
    return ["pluck", key] if type(key) is str and not has_default and _is_text(key) else []


def _is_text(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True


def text_blocks(place: Any) -> list[tuple]:
    """Path, begin and end of the text of a partition; an end below 0 is that of the file."""
    if isinstance(place, tuple):
        file, start, end = place
        return [(file.path, start, end)]
    return [(file.path, 0, -1) for file in place]


def read_line(parse: Callable, keys: list[str], line: bytes, place: tuple) -> Any:
    """The value that a path of keys leads to in a line, as Python reads it. ``parse`` is the step that reads lines of JSON."""
    path, start, number = place
    (value,) = parse(_OneLine(line.decode(), path, start, number))
    for key in keys:
        value = value[key]
    return value


def json_objects(parse: Callable, place: Any) -> Iterator:
    """The objects of the lines of a partition; the engine makes them some lines at a time."""
    for path, start, end in text_blocks(place):
        try:
            lines: Any = _plait.bags.JsonLines(path, start, end)
        except OSError:
            open(path).close()  # says it as Python does
            raise
        read_one = partial(_object_of_line, parse, path, start)
        read_text = partial(_objects_of_text, parse)
        while (objects := lines.next(read_one, read_text)) is not None:
            yield from objects


def _object_of_line(parse: Callable, path: str, start: int, line: bytes, number: int) -> Any:
    return read_line(parse, [], line, (path, start, number))


def _objects_of_text(parse: Callable, text: bytes) -> list:
    return list(parse(io.StringIO(text.decode(), newline=None)))


class _OneLine:
    """A partition of one line, which knows its place."""

    def __init__(self, line: str, path: str, start: int, number: int):
        self.line, self.path, self.start, self.number = line, path, start, number

    def __iter__(self) -> Iterator:
        return iter((self.line,))

    def where(self, number: int) -> str:
        return f"line {lines_before(self.path, self.start) + self.number + 1} of {self.path}"


def lines_before(path: str, start: int) -> int:
    """How many lines of a file begin before those of a block that starts there."""
    if start == 0:
        return 0
    with open(path, "rb") as raw:
        return raw.read(start).count(b"\n") + 1


class Lines(Iterator):
    """Lines that know where they come from. Going over them goes over ``lines`` itself, which costs nothing."""

    def __init__(self, lines: Iterator, where: Callable[[int], str]):
        self._lines, self.where = lines, where

    def __iter__(self) -> Iterator:
        return self._lines

    def __next__(self) -> Any:
        return next(self._lines)


def parsed(loads: Callable, part: Iterable) -> Iterator:
    """Lines of JSON; the error of a line says which it is."""
    for number, line in enumerate(part):
        try:
            value = loads(line)
        except ValueError as error:
            where = part.where(number) if hasattr(part, "where") else f"item {number} of a partition"
            error.add_note(f"while reading {where} as JSON: {_around(line, getattr(error, 'pos', 0))}")
            raise
        yield value


def _around(line: Any, place: int) -> str:
    text = line.decode(errors="replace") if isinstance(line, bytes) else str(line)
    begin, end = max(0, place - _AROUND), place + _AROUND
    return f"{'...' if begin else ''}{text[begin:end]!r}{'...' if end < len(text) else ''}"
