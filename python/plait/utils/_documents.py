"""Docstrings that are taken from another class, and deprecated functions."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

from ._functions import get_named_args


def _skipped(line: str) -> str:
    code = line.strip()
    if ">>>" not in code or "+SKIP" in code or code == ">>>" or code.startswith(">>> #"):
        return line
    return f"{line}, +SKIP" if "# doctest:" in line else f"{line}  # doctest: +SKIP"


def skip_doctest(doc: str | None) -> str:
    """A docstring whose examples the tests leave out."""
    return "\n".join(map(_skipped, doc.split("\n"))) if doc else ""


def extra_titles(doc: str) -> str:
    """A docstring in which a title that stands there again says so: "Extra Notes"."""
    lines = doc.split("\n")
    seen: set[str] = set()
    for place, below in enumerate(lines[1:]):
        title = lines[place].strip()
        if not below.strip() or set(below.strip()) != {"-"}:
            continue
        if title in seen:
            lines[place] = lines[place].replace(title, f"Extra {title}")
            lines[place + 1] = below.replace("-" * len(title), "-" * (len(title) + len("Extra ")))
        seen.add(title)
    return "\n".join(lines)


def unsupported_arguments(doc: str, args: list[str]) -> str:
    """A docstring that says of some arguments that they are not supported."""
    lines = doc.split("\n")
    for name in args:
        places = [place for place, line in enumerate(lines) if re.match(rf"\s*{re.escape(name)} ?:", line)]
        if len(places) == 1:
            lines[places[0]] += "  (Not supported in Plait)"
    return "\n".join(lines)


def ignore_warning(doc: str, cls: Any, name: str, extra: str = "", skipblocks: int = 0, inconsistencies: str | None = None) -> str:
    """A docstring that says below its first paragraph where it comes from."""
    blocks = doc.split("\n\n")
    if len(blocks) < 2:
        return doc
    head, rest = (blocks[skipblocks], blocks[skipblocks + 1 :]) if skipblocks else (blocks[0], blocks[1:])
    indent = re.match(r"\s*", rest[0]).group() if rest else ""  # type: ignore[union-attr]
    owner = f"{cls.__module__}.{cls.__name__}" if isinstance(cls, type) else cls.__name__
    notes = [f"{indent}Taken from {owner}.{name}; Plait may differ."]
    if inconsistencies is not None:
        notes.append(f"{indent}Known differences: {inconsistencies}")
    if extra.strip():
        notes.append(indent + extra.strip("\n"))
    return "\n\n".join([head, *notes, *rest])


def _document_of(owner: Any, name: str) -> tuple[Any, str]:
    """An attribute of a class, and its docstring; that of a base, where a subclass has none."""
    found = getattr(owner, name)
    function = getattr(found, "fget", None) or getattr(found, "func", None) or found
    document = getattr(found, "__doc__", None) or getattr(function, "__doc__", None)
    for base in owner.__mro__ if isinstance(owner, type) else ():
        document = document or getattr(getattr(base, name, None), "__doc__", None)
    return function, document or ""


def derived_from(
    original_klass: Any,
    version: str | None = None,
    ua_args: list[str] | None = None,
    skipblocks: int = 0,
    inconsistencies: str | None = None,
) -> Callable:
    """Decorates a method that has the docstring of another class's method of that name.

    Parameters
    ----------
    original_klass : type or module
        What has the other method.
    version : str, optional
        Since which version of its package it is there.
    ua_args : list of str, optional
        Arguments that are not supported, beside those that the method does not have.
    skipblocks : int
        How many paragraphs of the docstring to leave out.
    inconsistencies : str, optional
        What is known to differ.

    Examples
    --------
    >>> class Lines:
    ...     @plait.utils.derived_from(str)
    ...     def upper(self): ...
    >>> "uppercase" in Lines.upper.__doc__
    True
    """

    def document(method: Callable) -> Callable:
        name = method.__name__
        if not hasattr(original_klass, name):
            return _not_there(method, original_klass, version)
        original, text = _document_of(original_klass, name)
        extra = method.__doc__ or ""
        text = ignore_warning(text, original_klass, name, extra, skipblocks, inconsistencies) if text else extra
        try:
            unsupported = [each for each in get_named_args(original) if each not in get_named_args(method)]
        except (TypeError, ValueError):
            unsupported = []
        method.__doc__ = extra_titles(skip_doctest(unsupported_arguments(text, unsupported + (ua_args or []))))
        return method

    return document


def _not_there(method: Callable, owner: Any, version: str | None) -> Callable:
    @functools.wraps(method)
    def refuse(*args: Any, **kwargs: Any) -> Any:
        package = getattr(owner, "__module__", owner.__name__).partition(".")[0]
        since = f" Use {package} {version} or later to use this method." if version is not None else ""
        raise NotImplementedError(f"Base package doesn't support '{method.__name__}'.{since}")

    return refuse


def _deprecated(
    *, version: str | None = None, after_version: str | None = None, message: str | None = None, use_instead: str | None = None, category: Any = FutureWarning
) -> Callable:
    """Decorates a function that warns whenever it is called."""

    def decorate(func: Callable) -> Callable:
        when = f" after version {after_version}" if after_version else ""
        goes = f" and will be removed in version {version}" if version else " and will be removed in a future release"
        text = message or f"{func.__name__} is deprecated{when}{goes}." + (f" Please use {use_instead} instead." if use_instead else "")

        @functools.wraps(func)
        def warn(*args: Any, **kwargs: Any) -> Any:
            warnings.warn(text, category, stacklevel=2)
            return func(*args, **kwargs)

        return warn

    return decorate
