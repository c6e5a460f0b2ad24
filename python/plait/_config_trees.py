"""Settings as nested dicts: how they are merged, found, renamed, and read from files and variables."""

from __future__ import annotations

import builtins
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._lazy import ast, base64, json, pathlib

MISSING = object()

# Names that Dask has given up, and what took their place.
deprecations: dict[str, str | None] = {
    **{f"fuse-{name}": f"optimization.fuse.{name}" for name in ("ave-width", "max-height", "max-width", "rename-keys", "max-depth-new-edges")},
    "shuffle": "dataframe.shuffle.method",
    "array.rechunk-threshold": "array.rechunk.threshold",
    "dataframe.shuffle.algorithm": "dataframe.shuffle.method",
    "dataframe.shuffle-compression": "dataframe.shuffle.compression",
    "admin.traceback.shorten.what": "admin.traceback.shorten",
    "array.shuffle.chunksize-tolerance": "array.chunk-size-tolerance",
}


def canonical_name(k: str, config: Any) -> str:
    """The name by which a dict has a setting: with hyphens or with underscores, whichever is there; else as it is given."""
    try:
        if k in config:
            return k
        other = k.replace("_", "-") if "_" in k else k.replace("-", "_")
        return other if other in config else k
    except TypeError:
        return k


def update(old: dict, new: Mapping, priority: str = "new", defaults: Mapping | None = None) -> dict:
    """Merge the settings of ``new`` into ``old``, level by level.

    Parameters
    ----------
    old : dict
        Is changed.
    new : mapping
        What is merged into it.
    priority : {"new", "old", "new-defaults"}
        Whose value stays; with "new-defaults" the old one, unless it is the one in ``defaults``.
    defaults : mapping, optional
        The defaults until now.

    Returns
    -------
    dict
        ``old``.

    Examples
    --------
    >>> plait.config.update({"x": 1, "y": {"a": 2}}, {"y": {"b": 3}})
    {'x': 1, 'y': {'a': 2, 'b': 3}}
    """
    for name, value in new.items():
        name = canonical_name(name, old)
        if isinstance(value, Mapping):
            if not isinstance(old.get(name), dict):
                old[name] = {}
            update(old[name], value, priority, defaults.get(name) if defaults else None)
            continue
        is_default = priority == "new-defaults" and bool(defaults) and name in defaults and defaults[name] == old.get(name)  # type: ignore[operator, index]
        if priority == "new" or name not in old or is_default:
            old[name] = value
    return old


def merge(*dicts: Mapping) -> dict:
    """Nested dicts merged into a new one; later ones win.

    Examples
    --------
    >>> plait.config.merge({"x": 1}, {"y": {"b": 3}})
    {'x': 1, 'y': {'b': 3}}
    """
    result: dict = {}
    for each in dicts:
        update(result, each)
    return result


def find(key: str, config: Any) -> Any:
    """The value of a dotted name in nested dicts; MISSING if it is not there."""
    for part in key.split("."):
        try:
            config = config[canonical_name(part, config)]
        except (TypeError, IndexError, KeyError):
            return MISSING
    return config


def assign(key: str, value: Any, config: dict) -> None:
    """Set a dotted name in nested dicts."""
    *parents, last = key.split(".")
    for part in parents:
        config = config.setdefault(canonical_name(part, config), {})
    config[canonical_name(last, config)] = value


def take(key: str, config: dict) -> Any:
    """Remove a dotted name from nested dicts, and give its value; MISSING if it is not there."""
    *parents, last = key.split(".")
    owner = find(".".join(parents), config) if parents else config
    last = canonical_name(last, owner)
    return owner.pop(last) if isinstance(owner, dict) and last in owner else MISSING


def interpret_value(value: str) -> Any:
    """The text of a variable as the Python literal that it is, else as text; true, false, none and null count as literals."""
    try:
        return ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return {"none": None, "null": None, "false": False, "true": True}.get(value.lower(), value)


def collect_env(env: Mapping[str, str] | None = None, prefixes: Sequence[str] = ("PLAIT_",)) -> dict:
    """The settings in variables: ``PLAIT_FOO__BAR_BAZ=123`` is ``{"foo": {"bar_baz": 123}}``.

    Parameters
    ----------
    env : mapping, optional
        Variables and their texts; default are those of the process.
    """
    env = os.environ if env is None else env
    result: dict = {}
    for prefix in prefixes:
        inherited = env.get(f"{prefix}INTERNAL_INHERIT_CONFIG")
        update(result, deserialize(inherited) if inherited else {})
        for name, text in env.items():
            key = name.removeprefix(prefix)
            if key != name and key not in ("CONFIG", "WORKER_FD", "BUILD_DIR", "INTERNAL_INHERIT_CONFIG"):
                assign(key.lower().replace("__", "."), interpret_value(text), result)
    return result


def _files_in(path: str) -> list[str]:
    if not os.path.isdir(path):
        return [path] if os.path.exists(path) else []
    try:
        return sorted(os.path.join(path, name) for name in os.listdir(path) if os.path.splitext(name)[1].lower() in (".json", ".yaml", ".yml"))
    except OSError:
        return []


def read_file(path: str) -> dict | None:
    """The settings of a YAML file; None if it is empty or may not be read.

    Raises
    ------
    ValueError
        If it is not YAML, with the file, the line and the column, or holds no settings.
    """
    import yaml  # slow to load

    try:
        with open(path) as file:
            content = yaml.safe_load(file)
    except OSError:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise ValueError(f"config: {place}: this is not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"config: {path}: this is not valid YAML: {error}") from None
    if content is not None and not isinstance(content, dict):
        raise ValueError(f"config: {path}: it holds no settings but a {type(content).__name__}; expected names and values at its top")
    return content


def collect_yaml(paths: Sequence[str], *, return_paths: bool = False) -> Iterator[Any]:
    """The settings of YAML files, and of all such files in folders, one dict each, with the path of each if wanted."""
    for path in paths:
        for file in _files_in(os.fspath(path)):
            content = read_file(file)
            if content is not None:
                yield (pathlib.Path(file), content) if return_paths else content


def expand_environment_variables(config: Any) -> Any:
    """Nested dicts and lists in whose texts ``$NAME`` stands for the value of that variable."""
    if isinstance(config, Mapping):
        return {name: expand_environment_variables(value) for name, value in config.items()}
    if isinstance(config, str):
        return os.path.expandvars(config)
    if isinstance(config, (list, tuple, builtins.set)):
        return type(config)(map(expand_environment_variables, config))
    return config


def check_deprecations(key: str, deprecations: Mapping[str, str | None] = deprecations) -> str:
    """The name that a setting has now, with a warning if that is another one.

    Raises
    ------
    ValueError
        If the setting is no more.
    """
    old = key.replace("_", "-")
    if old not in deprecations:
        return key
    new = deprecations[old]
    if not new:
        raise ValueError(f"Dask configuration key {key!r} has been removed")
    warnings.warn(f"Dask configuration key {key!r} has been deprecated; please use {new!r} instead", FutureWarning, stacklevel=3)
    return new


def rename(deprecations: Mapping[str, str | None], config: dict) -> dict[str, str | None]:
    """Give settings in nested dicts the names that they have now; returns the old names that were there, and the new ones."""
    found: dict[str, str | None] = {}
    for old, new in deprecations.items():
        value = take(old, config)
        if value is MISSING:
            continue
        found[old] = new
        if new:
            assign(new, value, config)
    return found


def serialize(data: Any) -> str:
    """Settings as a text for a variable of the environment."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode()


def deserialize(data: str) -> Any:
    """What :func:`serialize` made a text of."""
    return json.loads(base64.urlsafe_b64decode(data.encode()))


def ensure_file(source: str, destination: str, comment: bool = True) -> None:
    """Copy a file of settings into a folder, with every line a comment, unless such a file is there; errors of the file system
    are passed over."""
    if os.path.isfile(destination):
        return
    target = os.path.join(destination, os.path.basename(source))
    try:
        if os.path.exists(target):
            return
        os.makedirs(destination, exist_ok=True)
        with open(source) as file:
            lines = list(file)
        if comment:
            lines = [f"# {line}" if line.strip() and not line.startswith("#") else line for line in lines]
        staged = f"{target}.{os.getpid()}"
        with open(staged, "w") as file:
            file.writelines(lines)
        os.replace(staged, target)
    except OSError:
        pass
