"""Arguments of delayed calls: what is lazy inside lists, dicts, dataclasses and collections becomes a part of the call.

A part is a call that is done inside the task of the one that takes it. The functions here make an object again from its items.
"""

from __future__ import annotations

import types
from typing import Any, Callable

from . import _foreign, _plait
from .base import is_dask_collection, is_plait_collection

# Types whose objects hold nothing lazy.
PLAIN = {int, float, str, bytes, bool, complex, type(None), types.FunctionType}


def unpacked(x: Any) -> Any:
    """``x``, or, if something inside it is lazy, a delayed object that becomes it with its values."""
    if isinstance(x, _plait.DelayedCore):
        return x
    if hasattr(type(x), "__plait_remote__"):  # a future: its value is on a cluster
        (expr,) = _plait.kept(_plait.raw_exprs({x.key: None}, [x.key]), [[x.__plait_remote__]])
        return _plait.delayed_block(expr, 0, "future", x.key)
    if is_plait_collection(x):
        values = tuple(_plait.delayed_block(expr, -1, expr.op, ("whole", expr.name)) for expr in x.__plait_exprs__())
        return _part(_finished, (x.__plait_postcompute__(), *values))
    if is_dask_collection(x):
        return _part_of_foreign(x)
    kind = type(x)
    if kind in _BUILDERS:
        return _part_if_lazy(_BUILDERS[kind], (), x, x)
    if kind in _ITERATORS:
        items = _ITERATORS[kind](x)
        return _part_if_lazy(_BUILDERS[type(items)], (), items, items)
    if kind is dict:
        return _part_if_lazy(_as_dict, (), [*x, *x.values()], x)
    if kind is slice:
        return _part_if_lazy(slice, (), [x.start, x.stop, x.step], x)
    if hasattr(kind, "__dataclass_fields__"):
        names = tuple(name for name in kind.__dataclass_fields__ if hasattr(x, name))
        made = _part_if_lazy(_as_dataclass, (kind, names), [getattr(x, name) for name in names], x)
        if made is not x:
            _check_dataclass(x, names)
        return made
    if isinstance(x, tuple) and hasattr(kind, "_fields"):
        return _part_if_lazy(_as_named_tuple, (kind,), x, x)
    return x


def _part_if_lazy(build: Callable, before: tuple, items: Any, otherwise: Any) -> Any:
    held = [item if type(item) in PLAIN else unpacked(item) for item in items]
    return _part(build, (*before, *held)) if any(isinstance(item, _plait.DelayedCore) for item in held) else otherwise


def _part(build: Callable, arguments: tuple) -> Any:
    return _plait.delayed_part(build, arguments, build.__name__.strip("_"))


def _as_list(*items: Any) -> list:
    return list(items)


def _as_tuple(*items: Any) -> tuple:
    return items


def _as_set(*items: Any) -> set:
    return set(items)


def _as_dict(*keys_and_values: Any) -> dict:
    half = len(keys_and_values) // 2
    return dict(zip(keys_and_values[:half], keys_and_values[half:], strict=True))


def _as_named_tuple(kind: type, *items: Any) -> Any:
    return kind(*items)


def _as_dataclass(kind: type, names: tuple, *values: Any) -> Any:
    return kind(**dict(zip(names, values, strict=True)))


_BUILDERS: dict[type, Callable] = {list: _as_list, tuple: _as_tuple, set: _as_set}
_ITERATORS: dict[type, Callable] = {type(iter([])): list, type(iter(())): tuple, type(iter(set())): set}


def _check_dataclass(x: Any, names: tuple) -> None:
    """Whether it can be made again from its fields; tried now, on the user's line."""
    kind = type(x)
    unknown = [name for name in names if not kind.__dataclass_fields__[name].init]
    if unknown:
        raise ValueError(f"delayed: {kind.__name__} cannot hold lazy values: its field {unknown[0]!r} has init=False, so it cannot be made again")
    try:
        _as_dataclass(kind, names, *(getattr(x, name) for name in names))
    except TypeError as error:
        raise TypeError(f"delayed: {kind.__name__} cannot hold lazy values: it has an __init__ of its own ({error})") from error


def _part_of_foreign(x: Any) -> Any:
    """A collection of another library, finished of the values of its keys: its tasks run beside the others."""
    finish, rest = x.__dask_postcompute__()
    keys = _foreign.keys_of(x)
    exprs = _plait.raw_exprs(_foreign.merged_graph([x]), keys)
    values = (_plait.delayed_block(expr, 0, expr.op, key) for expr, key in zip(exprs, keys, strict=True))
    return _part(_finished_foreign, (finish, rest, x.__dask_keys__(), *values))


def _finished_foreign(finish: Callable, rest: tuple, keys: Any, *values: Any) -> Any:
    return finish(_foreign.nested_as(keys, values), *rest)


def _finished(finish: Callable, *values: Any) -> Any:
    return finish(list(values))


def with_keywords(function: Callable, names: tuple, *values: Any) -> Any:
    """A call whose last arguments are keywords: what goes to other processes has none."""
    first = len(values) - len(names)
    return function(*values[:first], **dict(zip(names, values[first:], strict=True)))
