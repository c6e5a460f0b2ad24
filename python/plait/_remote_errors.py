"""Exceptions that leave the process: with the traceback that they had there, and with those that they came from.

Pickling keeps neither. A frame travels as its file, function and place in the line; where the exception arrives, frames of
those names stand at the end of its traceback, and a debugger finds the user's lines.
"""

from __future__ import annotations

import ast
import itertools
import traceback
import types
from typing import NamedTuple

from ._pickle import dumps, loads

# Of a recursion without end the first frames and the last ones are enough; so are as many causes.
_MAX_FRAMES = 100
_MAX_CAUSES = 20


class _Frame(NamedTuple):
    file: str
    function: str
    module: str
    line: int
    end_line: int
    column: int
    end_column: int


class _Link(NamedTuple):
    """An exception; the next one in the list is its cause, or what was being handled when it was raised."""

    error: BaseException
    frames: list[_Frame]
    has_cause: bool
    hides_context: bool


def pack_exception(error: BaseException) -> list[_Link]:
    """The exception and those that it came from, in a form that can be pickled."""
    links: list[_Link] = []
    following: BaseException | None = error
    while following is not None and len(links) < _MAX_CAUSES:
        one = following
        following = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        frames = _frames_of(one.__traceback__)
        links.append(_Link(_portable(one), frames, one.__cause__ is not None, one.__suppress_context__))
    return links


def unpack_exception(links: list[_Link]) -> BaseException:
    """The exception that :func:`pack_exception` took."""
    came_from: BaseException | None = None
    for error, frames, has_cause, hides_context in reversed(links):
        error.__traceback__ = _traceback_of(frames)
        if has_cause:
            error.__cause__ = came_from
        else:
            error.__context__ = came_from
        error.__suppress_context__ = hides_context
        came_from = error
    assert came_from is not None
    return came_from


def _portable(error: BaseException) -> BaseException:
    if _survives(error):
        return error.with_traceback(None)
    last_line = "".join(traceback.format_exception_only(type(error), error)).strip()
    return RuntimeError(f"{last_line} (the exception itself cannot be pickled)")


def _survives(error: BaseException) -> bool:
    kept = error.__traceback__, error.__cause__, error.__context__, error.__suppress_context__
    try:
        # Libraries that pickle tracebacks and causes would follow every frame.
        error.__traceback__ = error.__cause__ = error.__context__ = None
        loads(dumps(error))
    except Exception:  # noqa: BLE001
        return False
    finally:
        error.__traceback__, error.__cause__, error.__context__, error.__suppress_context__ = kept
    return True


def _frames_of(first: types.TracebackType | None) -> list[_Frame]:
    links = []
    while first is not None:
        links.append(first)
        first = first.tb_next
    if len(links) > _MAX_FRAMES:
        links[_MAX_FRAMES // 2 : -_MAX_FRAMES // 2] = []
    return [_frame_of(each) for each in links]


def _frame_of(link: types.TracebackType) -> _Frame:
    code = link.tb_frame.f_code
    positions = getattr(code, "co_positions", None)
    place = next(itertools.islice(positions(), link.tb_lasti // 2, None), None) if positions else None
    line, end_line, column, end_column = place or (None, None, None, None)
    line = line or link.tb_lineno or 1
    return _Frame(code.co_filename, code.co_name, link.tb_frame.f_globals.get("__name__", ""), line, end_line or line, column or 0, end_column or column or 0)


def _traceback_of(frames: list[_Frame]) -> types.TracebackType | None:
    last = None
    for frame in reversed(frames):
        last = _link_of(frame, last)
    return last


class _Here(Exception):
    pass


def _link_of(frame: _Frame, following: types.TracebackType | None) -> types.TracebackType:
    """A traceback of one frame: a program of one statement, which stands where the frame stood, raises and is caught."""
    place = {"lineno": frame.line, "end_lineno": frame.end_line, "col_offset": frame.column, "end_col_offset": frame.end_column}
    statement = ast.Raise(exc=ast.Name("_Here", ast.Load(), **place), cause=None, **place)
    code = compile(ast.Module([statement], []), frame.file, "exec").replace(co_name=frame.function)
    try:
        exec(code, {"_Here": _Here, "__name__": frame.module})  # noqa: S102
    except _Here as here:
        assert here.__traceback__ is not None and here.__traceback__.tb_next is not None
        link = here.__traceback__.tb_next
        return types.TracebackType(following, link.tb_frame, link.tb_lasti, frame.line)
    raise AssertionError
