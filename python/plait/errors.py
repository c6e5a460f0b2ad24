"""Errors of tasks: what has failed runs again where a debugger sees it."""

from __future__ import annotations

import contextlib
import re
import types
from collections.abc import Callable, Iterator
from typing import Any

from . import config


class shorten_traceback:
    """Leaves frames out of the traceback of what is raised in the block: those whose file matches one of the expressions of the
    setting ``admin.traceback.shorten``, but neither the first frame nor the last."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: types.TracebackType | None) -> None:
        if error is not None and traceback is not None:
            error.__traceback__ = self.shorten(traceback)

    @staticmethod
    def shorten(exc_tb: types.TracebackType) -> types.TracebackType:
        """The traceback without those frames."""
        paths = config.get("admin.traceback.shorten", None)
        if not paths:
            return exc_tb
        is_left_out = re.compile(".*(" + "|".join(paths) + ")").match
        last = exc_tb
        frame = exc_tb.tb_next
        while frame is not None:
            following = frame.tb_next
            if following is None or not is_left_out(frame.tb_frame.f_code.co_filename):
                last.tb_next = frame
                last = frame
            frame = following
        return exc_tb


@contextlib.contextmanager
def remembered_by_errors(run: Callable[..., Any], *arguments: Any) -> Iterator[None]:
    """An error of a task that leaves the block knows how the task runs again: ``run(*arguments, key)``."""
    try:
        yield
    except BaseException as error:
        if hasattr(error, "__plait_key__"):
            error.__plait_run__ = (run, *arguments)  # type: ignore[attr-defined]
        raise


def recreate_task(error: BaseException) -> Any:
    """Run the task again that has raised ``error``, with all that it needs, on this thread: the place for a debugger.

    Parameters
    ----------
    error : exception
        What ``compute``, ``persist`` or ``get`` has raised.

    Returns
    -------
    object
        What the task yields, if it does not fail this time.

    Raises
    ------
    Exception
        What the task raises.
    TypeError
        If no task has raised the error.
    KeyError
        If the plan has no such task any more: what the engine had learnt of files while it ran has changed it.

    Examples
    --------
    >>> try:
    ...     da.ones(3).map_blocks(lambda block: block.nonsense, dtype=float).compute()
    ... except AttributeError as error:
    ...     failed = error
    >>> plait.recreate_task(failed)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    AttributeError: 'numpy.ndarray' object has no attribute 'nonsense'
    """
    run, *arguments = getattr(error, "__plait_run__", (None,))
    if run is None:
        raise TypeError(f"recreate_task: no task of Plait has raised this {type(error).__name__}")
    return run(*arguments, error.__plait_key__)  # type: ignore[attr-defined]
