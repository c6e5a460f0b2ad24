"""The command ``plait``: runs Dask programs on Plait, shows and changes settings, checks the installation."""

from __future__ import annotations

import argparse
import json
import os
import runpy
import sys
import webbrowser
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from . import __version__, _cluster_commands, _completion, _doctor, _plait, compat, config
from . import _config_trees as trees
from .utils import asciitable
from .utils._process import versions

_DOCS = "https://docs.dask.org"


def _frames_of_program(traceback: TracebackType | None, program: str) -> TracebackType | None:
    """A traceback from the program's own first frame on; whole if it has none, as where the program does not parse."""
    frame = traceback
    while frame is not None and frame.tb_frame.f_code.co_filename != program:
        frame = frame.tb_next
    return frame


def _run_as_main(code: str, name: str) -> None:
    """Run source text as the module ``__main__``, where its functions are found again by their names."""
    main = type(sys)("__main__")
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main
    exec(compile(code, name, "exec"), main.__dict__)


def _run(options: argparse.Namespace) -> int:
    """Run a program as Python would, with `import dask` resolving to Plait. Returns the exit code."""
    if options.code is not None:
        words, name = ["-c", *options.arguments], "<string>"
        execute: Callable[[], Any] = lambda: _run_as_main(options.code, name)  # noqa: E731
    elif options.module is not None:
        words, name = [options.module, *options.arguments], ""
        execute = lambda: runpy.run_module(options.module, run_name="__main__", alter_sys=True)  # noqa: E731
    elif not options.arguments:
        print("plait run: expected a program: a file, '-' for standard input, -c CODE or -m MODULE", file=sys.stderr)
        return 2
    else:
        words, name = options.arguments, options.arguments[0]
        if name != "-" and not os.path.exists(name):
            print(f"plait run: there is no file {name!r}", file=sys.stderr)
            return 2
        execute = lambda: runpy.run_path(words[0], run_name="__main__")  # noqa: E731
        if name == "-":
            name = "<stdin>"
            execute = lambda: _run_as_main(sys.stdin.read(), name)  # noqa: E731
    compat.install()
    sys.argv = words
    is_file = options.code is None and options.module is None and words[0] != "-"
    sys.path.insert(0, os.path.dirname(os.path.abspath(words[0])) if is_file else "")
    try:
        execute()
    except Exception as error:
        frames = _frames_of_program(error.__traceback__, name) or error.__traceback__
        sys.excepthook(type(error), error.with_traceback(frames), frames)
        return 1
    return 0


def _say(options: argparse.Namespace, data: Any, lines: Iterable[str]) -> int:
    """Print the data as JSON if that is asked for, else the lines."""
    print(json.dumps(data, indent=2, default=str) if options.json else "\n".join(lines))
    return 0


def _refuse(text: str) -> int:
    print(f"plait: {text}", file=sys.stderr)
    return 1


def _config_list(options: argparse.Namespace) -> int:
    rows = _plait.config_entries()
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    widths[1] = min(widths[1], 40)
    lines = (f"{name:{widths[0]}}  {value:{widths[1]}}  from {source}  ({meaning or 'Plait reads no such setting'})" for name, value, source, meaning in rows)
    return _say(options, [dict(zip(("name", "value", "source", "meaning"), row, strict=True)) for row in rows], lines)


def _config_get(options: argparse.Namespace) -> int:
    try:
        value = config.get(options.key)
    except KeyError:
        known = [name for name, _, _, _ in _plait.config_entries()]
        return _refuse(f"nothing sets '{options.key}'{_plait.did_you_mean(options.key, known)}")
    return _say(options, value, [_as_yaml(value)])


def _as_yaml(value: Any) -> str:
    import yaml  # slow to load

    return yaml.safe_dump(value, default_flow_style=False).removesuffix("...\n").rstrip("\n")


def _config_find(options: argparse.Namespace) -> int:
    found = [(str(path), trees.find(options.key, settings)) for path, settings in config.collect_yaml(config.paths, return_paths=True)]
    found = [(path, value) for path, value in found if value is not trees.MISSING]
    if not found and not options.json:
        return _refuse(f"no file sets '{options.key}'; looked in {', '.join(config.paths)}")
    return _say(options, dict(found), (f"{path}: {_as_yaml(value)}" for path, value in found))


def _config_set(options: argparse.Namespace) -> int:
    files = [str(path) for path in config.paths_containing_key(options.key)]
    last = config.paths[-1]
    default = last if last.endswith((".yaml", ".yml", ".json")) else os.path.join(last, "plait.yaml")
    path = options.file or (files[-1] if files else default)
    settings = (trees.read_file(path) if os.path.exists(path) else None) or {}
    trees.assign(options.key, config.interpret_value(options.value), settings)
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    staged = f"{path}.{os.getpid()}"
    with open(staged, "w") as file:
        file.write(_as_yaml(settings) + "\n")
    os.replace(staged, path)
    return _say(options, {"file": path}, [f"'{options.key}' is {options.value} in {path}"])


def _info_versions(options: argparse.Namespace) -> int:
    found = versions()
    return _say(options, found, [asciitable(["package", "version"], [(name, version or "not installed") for name, version in found.items()])])


def _docs(options: argparse.Namespace) -> int:
    if not options.json and sys.stdout.isatty():
        webbrowser.open(_DOCS)
    return _say(options, {"docs": _DOCS}, [f"Plait has the interface of Dask: {_DOCS}", "How it differs: docs/differences.md of its repository"])


def _check_installation(options: argparse.Namespace) -> int:
    findings = _doctor.findings()
    data = [{"what": each.what, "state": each.state, "found": each.found, "advice": each.advice} for each in findings]
    lines = [f"[{each.state:4}] {each.what}: {each.found}" + (f"\n       {each.advice}" if each.advice else "") for each in findings]
    _say(options, data, lines)
    return 1 if any(each.state == "bad" for each in findings) else 0


def _complete(options: argparse.Namespace) -> int:
    print(_completion.script(options.shell, parser()))
    return 0


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    top = argparse.ArgumentParser(prog="plait", description="Run Dask programs on the Plait engine.")
    top.add_argument("--version", action="version", version=f"plait {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="command")

    run = commands.add_parser("run", help="run a Python program with `import dask` resolving to Plait")
    kind = run.add_mutually_exclusive_group()
    kind.add_argument("-c", dest="code", metavar="CODE", help="a program as text")
    kind.add_argument("-m", dest="module", metavar="MODULE", help="a module as a program")
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="program", help="a file, or '-' for standard input; and its arguments")
    run.set_defaults(do=_run)

    _cluster_commands.add_to(commands)

    settings = commands.add_parser("config", help="show and change settings")
    settings.set_defaults(do=_config_list)
    parts = settings.add_subparsers(dest="part", metavar="what")
    _add(parts, "list", _config_list, "every setting with its value, where it came from and what it means")
    _add(parts, "get", _config_get, "the value of a setting").add_argument("key")
    _add(parts, "find", _config_find, "the files that set a setting").add_argument("key")
    change = _add(parts, "set", _config_set, "write a setting into a file")
    change.add_argument("key")
    change.add_argument("value")
    change.add_argument("--file", help="the file; default is one that has the setting, else plait.yaml in the user's folder of settings")

    info = commands.add_parser("info", help="show what is installed").add_subparsers(dest="part", required=True, metavar="what")
    _add(info, "versions", _info_versions, "versions of Plait and of the packages that it works with")
    _add(commands, "docs", _docs, "open the documentation")
    _add(commands, "doctor", _check_installation, "check the installation and the machine, and say what to do")
    completion = commands.add_parser("completion", help="print a script that completes this command in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
    completion.set_defaults(do=_complete)
    for each in (settings, *commands.choices.values()):
        if not any(action.dest == "json" for action in each._actions):
            each.add_argument("--json", action="store_true", help=argparse.SUPPRESS if each is run else "print JSON")
    return top


def _add(commands: Any, name: str, do: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(do=do)
    return command


def main(argv: list[str] | None = None) -> int:
    """Entry point of the command ``plait``. Returns the exit code."""
    options = parser().parse_args(argv)
    try:
        return options.do(options)
    except BrokenPipeError:  # whoever read the output has gone
        sys.stdout = open(os.devnull, "w")
        return 0
    except (ValueError, OSError) as error:
        if options.command == "run":
            raise
        return _refuse(str(error))
