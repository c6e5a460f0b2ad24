"""Delayed calls: ordinary functions, whose calls become tasks.

A call of a wrapped function returns a `Delayed` at once. What is called with what is noted, nothing more: millions of calls
are cheap. When values are wanted, one walk over the calls makes one node of a plan of them.
"""

from __future__ import annotations

import functools
import operator
import os
import sys
import types
import warnings
from typing import TYPE_CHECKING, Any, Callable

from . import _plait, threaded
from ._delayed_arguments import PLAIN, unpacked
from ._foreign import layered
from ._protocol import replace_name_in_key
from .base import PlaitMethodsMixin, is_plait_collection, tokenize
from .core import istask
from .graph import as_dict
from .highlevelgraph import HighLevelGraph
from .task_spec import GraphNode

__all__ = ["Delayed", "DelayedAttr", "DelayedLeaf", "delayed"]

_MISSING: Any = object()


class Delayed(PlaitMethodsMixin, _plait.DelayedCore):
    """A value that is still to be computed.

    What functions wrapped by :func:`delayed` return. Operators, attributes, items and method calls of it are delayed, too;
    :meth:`compute` gives the value. Immutable; may be pickled.

    Parameters
    ----------
    key : str or tuple
        Its own key.
    dsk : dict
        A raw task graph that has this key; its tasks run side by side.
    length : int, optional
        How many values it will hold.
    layer : str, optional
        Taken for Dask's sake.

    Raises
    ------
    KeyError
        If the graph does not have the key.
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, key: Any, dsk: Any, length: int | None = None, layer: str | None = None) -> Delayed:
        if key not in dsk:
            raise KeyError(f"Delayed: {key!r} is not a key of the graph")
        name = str(key[0] if isinstance(key, tuple) else key)
        nout = -1 if length is None else length
        (expr,) = _plait.raw_exprs(as_dict(dsk), [key])
        value = of_block(expr, key, 0, name, nout)
        return value if cls is Delayed else _plait.delayed_call(cls, _as_it_is, (value,), name, key, nout)

    if TYPE_CHECKING:
        # What `_give_operator` installs.
        def _of_two(self, other: Any) -> Delayed: ...
        def _of_one(self) -> Delayed: ...

        __add__ = __sub__ = __mul__ = __floordiv__ = __truediv__ = __mod__ = __pow__ = __matmul__ = _of_two
        __and__ = __or__ = __xor__ = __lshift__ = __rshift__ = __lt__ = __le__ = __gt__ = __ge__ = __getitem__ = _of_two
        __radd__ = __rsub__ = __rmul__ = __rfloordiv__ = __rtruediv__ = __rmod__ = __rpow__ = __rmatmul__ = _of_two
        __rand__ = __ror__ = __rxor__ = __rlshift__ = __rrshift__ = _of_two
        __eq__ = __ne__ = _of_two  # type: ignore[assignment]
        __abs__ = __neg__ = __pos__ = __invert__ = _of_one

    @property
    def _key(self) -> Any:
        """The key, by the name that libraries on top of Dask ask for."""
        return self.key

    @property
    def _length(self) -> int | None:
        """How many values it will hold; None if not known. Libraries ask for it, too."""
        return None if self._nout < 0 else self._nout

    def __plait_exprs__(self) -> list:
        return [_plait.delayed_values([self])]

    def __plait_postcompute__(self) -> Callable[[list], Any]:
        return _single

    def __plait_postpersist__(self) -> Callable[[list], Any]:
        return lambda exprs: self.__plait_kept__(exprs[0], 0)

    def __plait_kept__(self, expr: _plait.Expr, block: int) -> Delayed:
        """The same value, now that a block of a plan's node holds it."""
        return of_block(expr, self.key, block, self._name, self._nout)

    def __dask_graph__(self) -> HighLevelGraph:
        """The tasks that compute this value: key -> (task, *keys), which Dask's ``get`` functions run."""
        exprs = self.__plait_exprs__()
        tasks = _plait.task_graph(exprs)
        (block_key,) = _plait.block_keys(exprs)
        tasks[self.key] = tasks.pop(block_key)
        return layered(tasks)

    def __dask_keys__(self) -> list:
        return [self.key]

    def __dask_layers__(self) -> tuple:
        return (self.key,)

    __dask_scheduler__ = staticmethod(threaded.get)

    @staticmethod
    def __dask_optimize__(dsk: Any, keys: Any, **kwargs: Any) -> Any:
        return dsk

    def __dask_postcompute__(self) -> tuple:
        return _first, ()

    def __dask_postpersist__(self) -> tuple:
        return self.__plait_rebuilt__, ()

    def __plait_rebuilt__(self, dsk: Any, *, rename: dict | None = None) -> Delayed:
        """The same value of another graph: what a scheduler has computed, or tasks that do."""
        key = replace_name_in_key(self.key, rename or {})
        graph = as_dict(dsk)
        if len(graph) > 1 or istask(graph[key]) or isinstance(graph[key], GraphNode):
            return Delayed(key, graph, None if self._nout < 0 else self._nout)
        return _plait.delayed_call(Delayed, _as_it_is, (graph[key],), self._name, key, self._nout)

    def __dask_tokenize__(self) -> Any:
        return self.key

    __plait_tokenize__ = __dask_tokenize__

    def __reduce__(self) -> tuple:
        # As a plan: what it is made of may be a chain longer than pickle can follow.
        (expr,) = self.__plait_exprs__()
        return of_block, (expr, self.key, 0, self._name, self._nout)

    def __repr__(self) -> str:
        return f"Delayed({self.key!r})"

    def __hash__(self) -> int:
        return hash(self.key)

    def __dir__(self) -> list[str]:
        return dir(type(self))

    def __getattr__(self, attr: str) -> Any:
        if attr.startswith("_"):
            raise AttributeError(f"a delayed value has no attribute {attr!r}: names that begin with an underscore are not delayed")
        if attr == "visualise":
            warnings.warn("a delayed value has no method 'visualise'; did you mean 'visualize'?", stacklevel=2)
        key = f"getattr-{tokenize(self.key, attr)}"
        return _plait.delayed_call(DelayedAttr, getattr, (self, attr), "getattr", key)

    def __setattr__(self, attr: str, value: Any) -> None:
        raise TypeError(f"a delayed value is immutable: its attribute {attr!r} cannot be set")

    def __delattr__(self, attr: str) -> None:
        raise TypeError(f"a delayed value is immutable: its attribute {attr!r} cannot be deleted")

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError("a delayed value is immutable: its items cannot be set")

    def __delitem__(self, index: Any) -> None:
        raise TypeError("a delayed value is immutable: its items cannot be deleted")

    def __iter__(self) -> Any:
        if self._nout < 0:
            raise TypeError(f"{self!r} cannot be iterated: how many values it will hold is not known; delayed(function, nout=2) says so")
        return (self.__plait_value__(i) for i in range(self._nout))

    def __plait_value__(self, i: int) -> Delayed:
        """One of the values that the call returns together."""
        key = f"getitem-{tokenize(self.key, i, self._nout)}"
        return _plait.delayed_call(Delayed, _value_of, (self, i, self._nout, self._name), "getitem", key)

    def __len__(self) -> int:
        if self._nout < 0:
            raise TypeError(f"{self!r} has no len(): how many values it will hold is not known; delayed(function, nout=2) says so")
        return self._nout

    def __bool__(self) -> bool:
        raise TypeError(f"the truth of {self!r} is not known before it is computed: compute it first, or move the condition into a delayed function")

    __nonzero__ = __bool__

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def _called(self, *args: Any, **kwargs: Any) -> Delayed:
        """What a call of the value will give."""
        options = {name: kwargs.pop(name) for name in ("pure", "dask_key_name") if name in kwargs}
        return _APPLY(self, args, kwargs, **options)


class DelayedLeaf(Delayed):
    """A wrapped function or object, which is there already."""

    __slots__ = ()

    @property
    def __name__(self) -> str:
        return self._function.__name__

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return self._function.__doc__

    @property
    def __wrapped__(self) -> Any:
        return self._function

    def __reduce__(self) -> tuple:
        return _of_value, (self._function, self._name, self.key, self._nout, self._is_pure)


class DelayedAttr(Delayed):
    """An attribute of a delayed value; called, it is a method call."""

    __slots__ = ()

    def __getattr__(self, attr: str) -> Any:
        if attr == "dtype" and self._arguments[1] == "dtype":  # NumPy asks for the dtype of a dtype without end
            raise AttributeError(attr)
        return super().__getattr__(attr)

    def _called(self, *args: Any, **kwargs: Any) -> Delayed:
        obj, attr = self._arguments
        method = _plait.delayed_value(DelayedLeaf, _Method(attr), attr, ("method", attr))
        return method(obj, *args, **kwargs)


class _Method:
    """Calls a method of its first argument."""

    def __init__(self, name: str):
        self.name = name

    def __call__(self, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(obj, self.name)(*args, **kwargs)


def delayed(obj: Any = _MISSING, name: Any = None, pure: bool | None = None, nout: int | None = None, traverse: bool = True) -> Any:
    """Wrap a function, so that its calls become tasks, or an object, so that what is done with it does.

    May be used as a decorator, with or without arguments.

    Parameters
    ----------
    obj : object
        A function, or any other object. Lists, tuples, sets, dicts, slices, dataclasses and named tuples may hold delayed
        values and collections: the value then has their values in these places.
    name : str, optional
        The key of the wrapped object itself; calls have keys of their own, see ``dask_key_name`` below.
    pure : bool, optional
        Whether calls with equal arguments are the same work, which runs once. Default is the setting ``delayed_pure``, else
        False: every call is work of its own. Operators and attributes are always pure.
    nout : int, optional
        How many values a call returns, so that its result can be iterated and has a length.
    traverse : bool
        Whether to look for lazy values inside ``obj``.

    Returns
    -------
    Delayed
        Called, it takes two arguments more than the function does: ``dask_key_name``, the key of this call, and ``pure``.
        Collections among the arguments are given to the function as one NumPy array, pandas object or list.

    Raises
    ------
    ValueError
        If ``nout`` is not an integer of at least 0.

    Examples
    --------
    >>> @plait.delayed
    ... def increase(x, by=1):
    ...     return x + by
    >>> total = increase(1) + increase(2, by=10)
    >>> total.compute()
    14

    With ``nout``, the values that a function returns together can be used one by one:

    >>> quotient, remainder = plait.delayed(divmod, nout=2)(17, 5)
    >>> (quotient * 10 + remainder).compute()
    32
    """
    if obj is _MISSING:
        return functools.partial(delayed, name=name, pure=pure, nout=nout, traverse=traverse)
    if isinstance(obj, Delayed):
        return obj
    if hasattr(type(obj), "__plait_remote__"):  # a future
        return unpacked(obj)
    if nout is not None and (type(nout) is not int or nout < 0):
        raise ValueError(f"delayed: nout must be an integer of at least 0, or None; got {nout!r}")
    held = unpacked(obj) if type(obj) not in PLAIN and (traverse or is_plait_collection(obj)) else obj
    number = -1 if nout is None else nout
    if isinstance(held, Delayed):
        people = type(obj).__name__
        key = name or _content_key(people, pure, obj)
        return _plait.delayed_call(Delayed, held._function, held._arguments, people, key, number)
    people = _name_of(obj)
    key = name or _content_key(people, pure, held, nout)
    return _plait.delayed_value(DelayedLeaf, held, people, key, number, -1 if pure is None else int(pure))


def _name_of(obj: Any) -> str:
    """What people call a function, or an object."""
    if type(obj) is not types.FunctionType:
        while isinstance(obj, functools.partial):
            obj = obj.func
        return str(getattr(obj, "__name__", type(obj).__name__)).strip("<>")[:50]
    return "lambda" if obj.__name__ == "<lambda>" else obj.__name__


def _content_key(name: str, pure: bool | None, *content: Any) -> str | None:
    """The key of pure work; None for any other, and for what cannot be hashed."""
    if not (_plait.delayed_is_pure() if pure is None else pure):
        return None
    try:
        return f"{name}-{tokenize(*content)}"
    except Exception:
        return None


def _pure_key(leaf: DelayedLeaf, args: tuple, kwargs: dict | None) -> str | None:
    return _content_key(leaf._name, True, leaf.key, args, kwargs)


def _of_value(value: Any, name: str, key: Any, nout: int, is_pure: int) -> DelayedLeaf:
    return _plait.delayed_value(DelayedLeaf, value, name, key, nout, is_pure)


def parts_of(values: Any) -> list:
    """What ``from_delayed`` is given, as a list; futures become delayed values.

    Raises
    ------
    TypeError
        If there is none, or something else among it.
    """
    is_one = isinstance(values, Delayed) or hasattr(type(values), "__plait_remote__")
    parts = [delayed(each) if hasattr(type(each), "__plait_remote__") else each for each in ([values] if is_one else values)]
    if not parts:
        raise TypeError("from_delayed: expected at least one delayed object, got an empty list")
    for number, part in enumerate(parts):
        if not isinstance(part, Delayed):
            raise TypeError(f"from_delayed: expected Delayed objects, got {type(part).__name__} as number {number}")
    return parts


def of_block(expr: _plait.Expr, key: Any, block: int = 0, name: str | None = None, nout: int = -1) -> Delayed:
    """The value of one block of a plan's node; of block -1, the whole collection."""
    return _plait.delayed_block(expr, block, name or expr.op, key, nout)


def _value_of(values: Any, i: int, nout: int, name: str) -> Any:
    try:
        return values[i]
    except IndexError:
        raise IndexError(f"{name} returned {len(values)} values, but nout={nout} was said of it") from None


def _first(values: Any) -> Any:
    return values[0]


def _as_it_is(value: Any) -> Any:
    return value


def _single(values: list) -> Any:
    return values[0][0]


def _apply(function: Callable, args: tuple, kwargs: dict) -> Any:
    return function(*args, **kwargs)


_plait.delayed_hooks(Delayed, unpacked, _pure_key)
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_plait.renew_delayed_keys)

_APPLY = _plait.delayed_value(DelayedLeaf, _apply, "apply", ("function", "apply"))


def _give_operator(name: str, is_reflected: bool) -> None:
    function = getattr(operator, name)
    leaf = _plait.delayed_value(DelayedLeaf, function, name.strip("_"), ("operator", name), -1, 1)
    if name in ("abs", "neg", "pos", "invert"):
        setattr(Delayed, f"__{name}__", lambda self: leaf(self))
        return
    setattr(Delayed, f"__{name.strip('_')}__", lambda self, other: leaf(self, other))
    if is_reflected:
        setattr(Delayed, f"__r{name.strip('_')}__", lambda self, other: leaf(other, self))


for _name in ("add", "sub", "mul", "floordiv", "truediv", "mod", "pow", "matmul", "and_", "or_", "xor", "lshift", "rshift"):
    _give_operator(_name, True)
for _name in ("abs", "neg", "pos", "invert", "eq", "ne", "lt", "le", "gt", "ge", "getitem"):
    _give_operator(_name, False)
