"""The command line: ``plait run program.py`` runs a Dask program on Plait, ``plait config`` shows the settings."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from types import TracebackType

from . import __version__, _plait, compat


def _frames_of_program(traceback: TracebackType | None, program: str) -> TracebackType | None:
    """A traceback from the program's own first frame on; whole if it has none, as where the program does not parse."""
    frame = traceback
    while frame is not None and frame.tb_frame.f_code.co_filename != program:
        frame = frame.tb_next
    return frame


def _execute(program: str) -> None:
    if program == "-":
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), {"__name__": "__main__"})
    else:
        runpy.run_path(program, run_name="__main__")


def _run(program: str, arguments: list[str]) -> int:
    """Run a program as Python would, with `import dask` resolving to Plait. Returns the exit code."""
    if program != "-" and not os.path.exists(program):
        print(f"plait run: there is no file {program!r}", file=sys.stderr)
        return 2
    compat.install()
    sys.argv = [program, *arguments]
    sys.path.insert(0, "" if program == "-" else os.path.dirname(os.path.abspath(program)))
    try:
        _execute(program)
    except Exception as error:
        frames = _frames_of_program(error.__traceback__, "<stdin>" if program == "-" else program)
        sys.excepthook(type(error), error.with_traceback(frames), frames)
        return 1
    return 0


def _show_config() -> None:
    rows = [(name, value, source) for name, value, source, _ in _plait.config_entries()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for (name, value, source), (_, _, _, meaning) in zip(rows, _plait.config_entries(), strict=True):
        print(f"{name:{widths[0]}}  {value:{widths[1]}}  from {source}" + (f"  ({meaning})" if meaning else "  (Plait reads no such setting)"))


def main(argv: list[str] | None = None) -> int:
    """Entry point of the command ``plait``. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="plait", description="Run Dask programs on the Plait engine.")
    parser.add_argument("--version", action="version", version=f"plait {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a Python program with `import dask` resolving to Plait ('-' reads standard input)")
    run.add_argument("program")
    run.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("config", help="list every setting with its value and where it came from")
    options = parser.parse_args(argv)
    if options.command == "run":
        return _run(options.program, options.arguments)
    _show_config()
    return 0
