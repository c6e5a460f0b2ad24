"""The collection protocol: what makes an object of any library a collection.

It has ``__dask_graph__()`` (keys to tasks), ``__dask_keys__()`` (those of its blocks, in nested lists), ``__dask_postcompute__()`` and
``__dask_postpersist__()`` (each a function with its further arguments: the result from the blocks' values; the collection from a
graph), and may have ``__dask_optimize__``, ``__dask_scheduler__``, ``__dask_tokenize__()`` and ``__dask_layers__()``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ._key_names import prefix_of
from .core import flatten
from .tokenize import tokenize


def is_plait_collection(x: Any) -> bool:
    """Whether ``x`` is a lazy collection of Plait."""
    return hasattr(type(x), "__plait_exprs__")


def is_dask_collection(x: Any) -> bool:
    """Whether ``x`` is a lazy collection: one of Plait, or an object of another library that has a graph.

    Examples
    --------
    >>> plait.is_dask_collection(da.ones(3)), plait.is_dask_collection([1])
    (True, False)
    """
    if isinstance(x, type):
        return False
    if is_plait_collection(x):
        return True
    return callable(getattr(x, "__dask_graph__", None)) and x.__dask_graph__() is not None


def get_name_from_key(key: Any) -> str:
    """A collection's name in one of its keys: the key itself, or the first item of a tuple.

    Raises
    ------
    TypeError
        If the key is neither a text nor a tuple that begins with one.
    """
    name = key[0] if isinstance(key, tuple) and key else key
    if isinstance(name, str):
        return name
    raise TypeError(f"a collection's key is a text or a tuple that begins with one; found {key!r}")


def replace_name_in_key(key: Any, rename: Mapping[str, str]) -> Any:
    """The key with its collection's name replaced, if it is one of ``rename``.

    Examples
    --------
    >>> plait.base.replace_name_in_key(("x", 0), {"x": "y"})
    ('y', 0)
    """
    name = get_name_from_key(key)
    new = rename.get(name, name)
    return (new, *key[1:]) if isinstance(key, tuple) else new


def get_collection_names(collection: Any) -> set[str]:
    """The names in a collection's keys.

    Raises
    ------
    TypeError
        If it is no collection.
    """
    if not is_dask_collection(collection):
        raise TypeError(f"expected a collection; found {type(collection).__name__}")
    return {get_name_from_key(key) for key in flatten(collection.__dask_keys__())}


def clone_key(key: Any, seed: Any) -> Any:
    """The key of a copy: of the same kind and place, with a token made of the key's name and the seed."""
    name = get_name_from_key(key)
    new = f"{prefix_of(name)}-{tokenize(name, seed)}"
    return (new, *key[1:]) if isinstance(key, tuple) else new


def unpack_collections(*args: Any, traverse: bool = True) -> tuple[list, Callable]:
    """The collections in arguments, and a function that puts others in their places.

    Parameters
    ----------
    *args : object
        Collections, or lists, tuples, sets, dicts, dataclasses, named tuples and iterators that hold some.
    traverse : bool
        Whether to look into these.

    Returns
    -------
    list, callable
        Every collection once; and ``repack(results)``, which gives the arguments as a tuple, with results for collections.
    """
    found: list = []
    places: dict = {}

    def unpacked(x: Any) -> Callable[[Any], Any]:
        if is_dask_collection(x):
            place = places.setdefault(id(x), len(found))
            if place == len(found):
                found.append(x)
            return lambda results: results[place]
        if not traverse:
            return lambda results: x
        if isinstance(x, Iterator):
            x = list(x)
        if type(x) in (list, tuple, set):
            items = [unpacked(item) for item in x]
            return lambda results: type(x)(item(results) for item in items)
        if type(x) in (dict, OrderedDict):
            pairs = [(unpacked(key), unpacked(value)) for key, value in x.items()]
            return lambda results: type(x)((key(results), value(results)) for key, value in pairs)
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            items = [unpacked(item) for item in x]
            return lambda results: type(x)(*(item(results) for item in items))
        if hasattr(type(x), "__dataclass_fields__"):
            import dataclasses  # slow to load, and there already

            fields = {field.name: unpacked(getattr(x, field.name)) for field in dataclasses.fields(x) if field.init}
            return lambda results: type(x)(**{name: value(results) for name, value in fields.items()})
        return lambda results: x

    parts = [unpacked(arg) for arg in args]
    return found, lambda results: tuple(part(results) for part in parts)


def dont_optimize(dsk: Any, keys: Any, **kwargs: Any) -> Any:
    """The graph as it is."""
    return dsk


def optimization_function(x: Any) -> Callable:
    """How a collection's graph is optimized: its ``__dask_optimize__``, or not at all."""
    return getattr(x, "__dask_optimize__", None) or dont_optimize
