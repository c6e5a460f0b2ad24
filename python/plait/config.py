"""Settings, read from YAML files, the environment and the program; see docs for the names.

Files: ``$PLAIT_CONFIG`` (a file or folder), else ``/etc/plait`` and ``~/.config/plait``. Environment:
``PLAIT_SECTION__KEY_NAME=value``. Hyphens and underscores in names are the same.
"""

from __future__ import annotations

from typing import Any

from . import _plait

_MISSING = object()

# Values that are no text: an executor object or a function as ``scheduler``. Only Python sees them; the engine keeps its own.
_objects: dict[str, Any] = {}

# Plait's own defaults, once they have been asked for.
_defaults: dict[str, Any] = {}


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
    if text[:1] in "[{":
        import yaml

        return yaml.safe_load(text)
    return text


def _to_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if not isinstance(value, (list, dict)):
        return str(value)
    import json

    return json.dumps(value)


def _is_object(value: Any) -> bool:
    """Whether the value has no text: a scheduler function, or an executor."""
    return callable(value) or hasattr(value, "submit")


def _flat(settings: dict, prefix: str = "") -> dict[str, Any]:
    flat = {}
    for key, value in settings.items():
        name = f"{prefix}{key}".replace("__", ".")
        if isinstance(value, dict):
            flat.update(_flat(value, f"{name}."))
        else:
            flat[name] = value
    return flat


def _canonical(name: str) -> str:
    return name.replace("_", "-")


def get(key: str, default: Any = _MISSING, override_with: Any = None) -> Any:
    """The value of a setting, or the default that Plait takes where nothing sets it.

    Parameters
    ----------
    key : str
        Its dotted name, such as ``"array.chunk-size"``; a name of a section gives a dict.
    default : object, optional
        What to return where nothing sets it and Plait has no default.
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
    if _canonical(key) in _objects:
        return _objects[_canonical(key)]
    text = _plait.config_get(key)
    if text is not None:
        return _from_text(text)
    wanted = _canonical(key)
    if wanted in _defaults:
        return _defaults[wanted]
    entries = {name: _from_text(value) for name, value, _, _ in _plait.config_entries()}
    if entries.get(wanted) is not None:
        _defaults[wanted] = entries[wanted]
        return entries[wanted]
    section = _section(entries, wanted + ".")
    if section or default is not _MISSING:
        return section or default
    if wanted in entries:
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
                place = place.setdefault(parent, {})
            place[last] = value
    return section


class set:
    """Change settings, for good or, as a context manager, for the ``with`` block.

    Parameters
    ----------
    arg : dict, optional
        Dotted names, or nested dicts, to values.
    **kwargs : object
        More settings; a double underscore stands for a dot.

    Examples
    --------
    >>> with plait.config.set(scheduler="sync", memory_budget="2 GiB"):
    ...     da.ones(3).sum().compute()
    np.float64(3.0)
    """

    def __init__(self, arg: dict | None = None, **kwargs: Any):
        settings = _flat({**(arg or {}), **kwargs})
        self._old = {name: _plait.config_get(name) for name in settings}
        self._old_objects = {name: _objects.get(_canonical(name)) for name in settings}
        for name, value in settings.items():
            _objects.pop(_canonical(name), None)
            if _is_object(value):
                _objects[_canonical(name)] = value
            else:
                _plait.config_set(name, _to_text(value))

    def __enter__(self) -> set:
        return self

    def __exit__(self, *exc: object) -> None:
        for name, text in self._old.items():
            if text is None:
                _plait.config_unset(name)
            else:
                _plait.config_set(name, text)
        for name, value in self._old_objects.items():
            _objects.pop(_canonical(name), None)
            if value is not None:
                _objects[_canonical(name)] = value


def refresh() -> None:
    """Read files and environment again, dropping what the program has set."""
    _objects.clear()
    _plait.config_refresh()
