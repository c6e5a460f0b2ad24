"""Settings, read from YAML files, the environment and the program; see docs for the names.

Files: ``$PLAIT_CONFIG`` (a file or folder), else ``/etc/plait`` and ``~/.config/plait``. Environment:
``PLAIT_SECTION__KEY_NAME=value``. Hyphens and underscores in names are the same. Under ``plait.compat`` Dask's files and
``DASK_...`` variables are read, too, below those.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _config_trees as trees
from . import _plait
from ._config_trees import MISSING as _MISSING
from ._config_trees import (
    canonical_name,
    check_deprecations,
    collect_yaml,
    deprecations,
    deserialize,
    expand_environment_variables,
    interpret_value,
    merge,
    serialize,
    update,
)
from ._lazy import json

__all__ = [
    "canonical_name",
    "check_deprecations",
    "collect",
    "collect_env",
    "collect_yaml",
    "config_lock",
    "defaults",
    "deprecations",
    "deserialize",
    "ensure_file",
    "expand_environment_variables",
    "get",
    "interpret_value",
    "merge",
    "paths",
    "paths_containing_key",
    "pop",
    "refresh",
    "rename",
    "serialize",
    "set",
    "update",
    "update_defaults",
]

# Values that are no text: an executor object or a function as ``scheduler``. Only Python sees them; the engine keeps its own.
_objects: dict[str, Any] = {}

# Plait's own defaults, once they have been asked for.
_defaults: dict[str, Any] = {}

# Defaults of programs and libraries, see update_defaults.
defaults: list[Mapping] = []

# For programs that hold it while they change several settings.
config_lock = threading.Lock()

_prefixes = ["PLAIT_"]


def _from_text(text: str) -> Any:
    """A setting's text as the Python value that YAML gives it."""
    lowered = text.strip().lower()
    if lowered in ("true", "yes", "on"):
        return True
    if lowered in ("false", "no", "off"):
        return False
    if lowered in ("null", "none", "~", ""):
        return None
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            pass
    if lowered == ".inf":
        return float("inf")
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            import yaml  # slow to load

        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return text
    return text


def _to_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if not isinstance(value, (list, tuple, dict)):
        return str(value)
    return json.dumps(value)


def _is_object(value: Any) -> bool:
    """Whether the value has no text: a scheduler function, or an executor."""
    return callable(value) or hasattr(value, "submit")


def _flat(settings: Mapping, prefix: str = "") -> dict[str, Any]:
    flat = {}
    for key, value in settings.items():
        name = f"{prefix}{key}".replace("__", ".")
        if isinstance(value, Mapping) and value:
            flat.update(_flat(value, f"{name}."))
        else:
            flat[name] = value
    return flat


def _canonical(name: str) -> str:
    return name.replace("_", "-")


def get(key: str, default: Any = _MISSING, config: Mapping | None = None, override_with: Any = None) -> Any:
    """The value of a setting, or the default that Plait takes where nothing sets it.

    Parameters
    ----------
    key : str
        Its dotted name, such as ``"array.chunk-size"``; a name of a section gives a dict.
    default : object, optional
        What to return where nothing sets it and Plait has no default.
    config : mapping, optional
        Nested dicts to look into, instead of the settings of the program.
    override_with : object, optional
        Returned instead if it is not None.

    Raises
    ------
    KeyError
        If nothing sets it and there is no default.

    Examples
    --------
    >>> plait.config.get("split-every")
    4
    """
    if override_with is not None:
        return override_with
    if config is not None:
        found = trees.find(key, config)
        if found is _MISSING and default is _MISSING:
            raise KeyError(key)
        return default if found is _MISSING else found
    if _canonical(key) in _objects:
        return _objects[_canonical(key)]
    text = _plait.config_get(key)
    if text is not None:
        return _from_text(text)
    wanted = _canonical(key)
    if wanted in _defaults:
        return _defaults[wanted]
    texts = {name: text for name, text, _, _ in _plait.config_entries()}
    value = _from_text(texts[wanted]) if wanted in texts else None
    if value is not None:
        _defaults[wanted] = value
        return value
    section = _section({name: _from_text(text) for name, text in texts.items() if name.startswith(wanted + ".")}, wanted + ".")
    if section:
        return section
    given = next((value for each in reversed(defaults) if (value := trees.find(key, each)) is not _MISSING), _MISSING)
    if given is not _MISSING:
        return given
    if default is not _MISSING:
        return default
    if wanted in texts:
        return None
    raise KeyError(key)


def _section(entries: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The settings whose names begin with ``prefix``, as nested dicts."""
    section: dict[str, Any] = {}
    for name, value in entries.items():
        if name.startswith(prefix):
            *parents, last = name[len(prefix) :].split(".")
            place = section
            for parent in parents:
                if not isinstance(place.get(parent), dict):
                    place[parent] = {}
                place = place[parent]
            place[last] = value
    return section


class set:
    """Change settings, for good or, as a context manager, for the ``with`` block. They hold for all threads.

    Parameters
    ----------
    arg : dict, optional
        Dotted names, or nested dicts, to values.
    config : dict, optional
        Nested dicts to change, instead of the settings of the program.
    lock : lock, optional
        Held meanwhile.
    **kwargs : object
        More settings; a double underscore stands for a dot.

    Examples
    --------
    >>> with plait.config.set(scheduler="sync", memory_budget="2 GiB"):
    ...     da.ones(3).sum().compute()
    np.float64(3.0)
    """

    def __init__(self, arg: Mapping | None = None, config: dict | None = None, lock: Any = config_lock, **kwargs: Any):
        given = {**(arg or {}), **kwargs}
        # A section of nested dicts is exchanged whole.
        named = _flat(given) if config is None else {name.replace("__", "."): value for name, value in given.items()}
        settings = {check_deprecations(name): value for name, value in named.items()}
        self.config = config
        with lock:
            if config is not None:
                self._old = {name: trees.find(name, config) for name in settings}
                for name, value in settings.items():
                    trees.assign(name, value, config)
                return
            self._old = {name: _plait.config_get(name) for name in settings}
            self._old_objects = {name: _objects.get(_canonical(name)) for name in settings}
            for name, value in settings.items():
                _assign(name, value)

    def __enter__(self) -> Any:
        return self if self.config is None else self.config

    def __exit__(self, *exc: object) -> None:
        if self.config is not None:
            for name, value in self._old.items():
                if value is _MISSING:
                    trees.take(name, self.config)
                else:
                    trees.assign(name, value, self.config)
            return
        for name, text in self._old.items():
            if text is None:
                _plait.config_unset(name)
            else:
                _plait.config_set(name, text)
        for name, value in self._old_objects.items():
            _objects.pop(_canonical(name), None)
            if value is not None:
                _objects[_canonical(name)] = value


def _assign(name: str, value: Any) -> None:
    _objects.pop(_canonical(name), None)
    if _is_object(value):
        _objects[_canonical(name)] = value
    else:
        _plait.config_set(name, _to_text(value))


def pop(key: str, default: Any = _MISSING, config: dict | None = None) -> Any:
    """The value of a setting, which is no longer set then.

    Raises
    ------
    KeyError
        If nothing sets it and there is no default.
    """
    if config is not None:
        found = trees.take(key, config)
    else:
        value = _objects.pop(_canonical(key), _MISSING)
        text = _plait.config_get(key)
        found = value if value is not _MISSING else _MISSING if text is None else _from_text(text)
        _plait.config_unset(key)
    if found is _MISSING and default is _MISSING:
        raise KeyError(key)
    return default if found is _MISSING else found


def update_defaults(new: Mapping, config: dict | None = None, defaults: list[Mapping] = defaults) -> None:
    """Add defaults of a program or library: values of settings where nothing else sets them.

    Parameters
    ----------
    new : mapping
        Nested dicts.
    config : dict, optional
        Nested dicts that get those defaults, too.
    defaults : list, optional
        Where they are kept.
    """
    current = merge(*defaults)
    defaults.append(new)
    if config is not None:
        update(config, new, priority="new-defaults", defaults=current)


def _search_paths() -> list[str]:
    """Where files of settings are looked for; later ones win."""
    found: list[str] = []
    for prefix in reversed(_prefixes):
        folder = prefix.lower().rstrip("_")
        given = os.environ.get(f"{prefix}CONFIG")
        found += [given] if given else [f"/etc/{folder}", os.path.join(os.path.expanduser("~"), ".config", folder)]
    return found


def collect_env(env: Mapping[str, str] | None = None) -> dict:
    """The settings in variables: ``PLAIT_FOO__BAR=123`` is ``{"foo": {"bar": 123}}``; under ``plait.compat`` those of ``DASK_...``, too.

    Parameters
    ----------
    env : mapping, optional
        Variables and their texts; default are those of the process.

    Examples
    --------
    >>> plait.config.collect_env({"PLAIT_ARRAY__CHUNK_SIZE": "64 MiB"})
    {'array': {'chunk_size': '64 MiB'}}
    """
    return trees.collect_env(env, tuple(reversed(_prefixes)))


def collect(paths: Sequence[str] | None = None, env: Mapping[str, str] | None = None) -> dict:
    """The settings of files and variables, as nested dicts.

    Parameters
    ----------
    paths : list of str, optional
        Files and folders; default are those that Plait reads.
    env : mapping, optional
        Variables and their texts; default are those of the process.
    """
    return merge(*collect_yaml(_search_paths() if paths is None else paths), collect_env(env))


def refresh(config: dict | None = None, defaults: list[Mapping] = defaults, paths: Sequence[str] | None = None, env: Mapping[str, str] | None = None) -> None:
    """Read files and environment again, dropping what the program has set; or fill nested dicts with that anew.

    Parameters
    ----------
    config : dict, optional
        What is filled, instead of the settings of the program.
    defaults : list, optional
        Defaults below everything else.
    paths, env : optional
        See :func:`collect`.
    """
    if config is not None:
        config.clear()
        update(config, merge(*defaults))
        update(config, collect(paths, env))
        return
    _objects.clear()
    _plait.config_refresh()
    if paths is not None or env is not None:
        for name, value in _flat(collect(paths, env)).items():
            _assign(name, value)


def rename(deprecations: Mapping[str, str | None] = deprecations, config: dict | None = None) -> dict[str, str | None]:
    """Give settings the names that they have now; returns the old names that were set, and the new ones."""
    if config is not None:
        return trees.rename(deprecations, config)
    found: dict[str, str | None] = {}
    for old, new in deprecations.items():
        if _plait.config_get(old) is not None:
            value = pop(old)
            found[old] = new
            if new:
                _assign(new, value)
    return found


def ensure_file(source: str, destination: str | None = None, comment: bool = True) -> None:
    """Copy a file of settings to where Plait looks for them, with every line a comment, unless such a file is there.

    Parameters
    ----------
    source : str
        The file.
    destination : str, optional
        A folder; default is the last one of those that are searched.
    comment : bool
        Whether lines become comments.
    """
    trees.ensure_file(source, _search_paths()[-1] if destination is None else destination, comment)


def paths_containing_key(key: str, paths: Sequence[str] | None = None) -> Iterator[Path]:
    """The files that set a setting."""
    for path, settings in collect_yaml(_search_paths() if paths is None else paths, return_paths=True):
        if trees.find(key, settings) is not _MISSING:
            yield path


def _read_dask(wanted: bool) -> None:
    """Whether Dask's files and variables are read, too."""
    _prefixes[:] = ["PLAIT_", "DASK_"] if wanted else ["PLAIT_"]
    _defaults.clear()
    _plait.config_read_dask(wanted)


if TYPE_CHECKING:
    from pathlib import Path

    config: dict
    global_config: dict
    paths: list[str]
    PATH: str
else:

    def __getattr__(name: str) -> Any:
        if name in ("config", "global_config"):  # as they are now: set() changes them
            return _section({each: _from_text(value) for each, value, _, _ in _plait.config_entries()}, "")
        if name == "paths":
            return _search_paths()
        if name == "PATH":
            return _search_paths()[-1]
        raise AttributeError(f"module 'plait.config' has no attribute {name!r}")
