"""The command line: ``plait run program.py`` runs a Dask program on Plait."""

from __future__ import annotations

import argparse
import runpy
import sys

from . import __version__, _plait, compat


def _run(program: str, arguments: list[str]) -> None:
    compat.install()
    sys.argv = [program, *arguments]
    if program == "-":
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), {"__name__": "__main__"})
        return
    sys.path.insert(0, str(__import__("pathlib").Path(program).resolve().parent))
    runpy.run_path(program, run_name="__main__")


def _explain_config() -> None:
    for name, value in sorted(_plait.config_all().items()):
        print(f"{name}: {value}")


def main(argv: list[str] | None = None) -> None:
    """Entry point of the command ``plait``."""
    parser = argparse.ArgumentParser(prog="plait", description="Run Dask programs on the Plait engine.")
    parser.add_argument("--version", action="version", version=f"plait {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a Python program with `import dask` resolving to Plait ('-' reads standard input)")
    run.add_argument("program")
    run.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("config", help="list the settings that files and environment make")
    options = parser.parse_args(argv)
    if options.command == "run":
        _run(options.program, options.arguments)
    else:
        _explain_config()


if __name__ == "__main__":
    main()
