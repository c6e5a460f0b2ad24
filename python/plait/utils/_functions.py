"""Functions as values: their names and arguments, callers of methods, dispatch on types."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ClassVar


def apply(func: Callable, args: Any, kwargs: dict | None = None) -> Any:
    """``func(*args, **kwargs)``."""
    return func(*args, **kwargs) if kwargs else func(*args)


def partial_by_order(*args: Any, function: Callable, other: list[tuple[int, Any]], **kwargs: Any) -> Any:
    """Call ``function`` with arguments of which some are put in at given places.

    Examples
    --------
    >>> plait.utils.partial_by_order(5, function=pow, other=[(0, 2)])
    32
    """
    arguments = list(args)
    for place, value in other:
        arguments.insert(place, value)
    return function(*arguments, **kwargs)


def funcname(func: Any) -> str:
    """The name of what can be called, at most 50 characters.

    Examples
    --------
    >>> plait.utils.funcname(sum), plait.utils.funcname(lambda x: x)
    ('sum', 'lambda')
    """
    while isinstance(func, functools.partial):
        func = func.func
    if isinstance(func, methodcaller):
        return func.method[:50]
    kind = type(func)
    if kind.__name__ == "vectorize" and kind.__module__.startswith("numpy"):
        return f"vectorize_{funcname(func.pyfunc)}"[:50]
    for attribute in ("func_name", "name"):  # of toolz' curry, and of multipledispatch
        if kind.__module__.partition(".")[0] in ("toolz", "cytoolz", "multipledispatch") and hasattr(func, attribute):
            return getattr(func, attribute)[:50]
    name = getattr(func, "__name__", None) or str(func)
    return "lambda" if name == "<lambda>" else name[:50]


def typename(typ: Any, short: bool = False) -> str:
    """The full name of a type, or of an object's type; short, only its package and its own name.

    Examples
    --------
    >>> plait.utils.typename(np.ndarray), plait.utils.typename(3)
    ('numpy.ndarray', 'int')
    """
    kind = typ if isinstance(typ, type) else type(typ)
    module = getattr(kind, "__module__", None)
    if not module or module == "builtins":
        return kind.__name__
    return f"{module.partition('.')[0] if short else module}.{kind.__name__}"


def getargspec(func: Any) -> inspect.FullArgSpec:
    """The arguments of a function; of a partial's function, of a wrapper's, of a class's ``__init__``."""
    while isinstance(func, functools.partial):
        func = func.func
    func = getattr(func, "__wrapped__", func)
    return inspect.getfullargspec(func.__init__ if isinstance(func, type) else func)  # type: ignore[misc]


# Builtins that say nothing of their arguments, or that take one where they could take more.
_TAKE_SEVERAL = {compile, delattr, divmod, filter, getattr, hasattr, isinstance, issubclass, map, pow, setattr}
_TAKE_ONE = {
    *(abs, all, any, ascii, bool, bytearray, bytes, callable, chr, classmethod, complex, dict, dir, enumerate, eval, float, format),
    *(frozenset, hash, hex, id, int, iter, len, list, max, memoryview, min, next, oct, open, ord, range, repr, reversed, round, set),
    *(slice, sorted, staticmethod, str, sum, tuple, type, vars, zip),
}


def takes_multiple_arguments(func: Any, varargs: bool = True) -> bool:
    """Whether a function must be given, or takes by ``*args``, more than one argument.

    Parameters
    ----------
    func : callable
        The function.
    varargs : bool
        Whether ``*args`` count.

    Examples
    --------
    >>> plait.utils.takes_multiple_arguments(lambda x, y: x), plait.utils.takes_multiple_arguments(lambda x, y=1: x)
    (True, False)
    """
    try:
        if func in _TAKE_ONE or func in _TAKE_SEVERAL:
            return func in _TAKE_SEVERAL
    except TypeError:
        pass  # cannot be hashed
    try:
        spec = getargspec(func)
    except Exception:
        return False
    if varargs and spec.varargs:
        return True
    num_given_itself = 1 if isinstance(func, type) and spec.args[:1] == ["self"] else 0
    return len(spec.args) - len(spec.defaults or ()) - num_given_itself > 1


def get_named_args(func: Callable) -> list[str]:
    """The names of a function's arguments, without ``*args`` and ``**kwargs``."""
    unnamed = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [name for name, parameter in inspect.signature(func).parameters.items() if parameter.kind not in unnamed]


def has_keyword(func: Callable, keyword: str) -> bool:
    """Whether a function has an argument of that name."""
    try:
        return keyword in inspect.signature(func).parameters
    except Exception:
        return False


class methodcaller:
    """Calls the method of that name on its first argument; there is one such object for each name.

    Examples
    --------
    >>> plait.utils.methodcaller("upper")("abc")
    'ABC'
    """

    __slots__ = ("method",)
    method: str
    _made: ClassVar[dict[str, methodcaller]] = {}

    def __new__(cls, method: str) -> methodcaller:
        caller = cls._made.get(method)
        if caller is None:
            caller = super().__new__(cls)
            caller.method = method
            cls._made[method] = caller
        return caller

    @property
    def func(self) -> str:
        """The name of the method."""
        return self.method

    def __call__(self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(__obj, self.method)(*args, **kwargs)

    def __reduce__(self) -> tuple:
        return methodcaller, (self.method,)

    def __repr__(self) -> str:
        return f"<methodcaller: {self.method}>"


class MethodCache:
    """Gives a :class:`methodcaller` for each attribute: ``M.count(a, 3)`` is ``a.count(3)``."""

    def __getattr__(self, item: str) -> methodcaller:
        return methodcaller(item)

    def __dir__(self) -> list[str]:
        return list(methodcaller._made)


M = MethodCache()


class itemgetter:
    """Gives an item of its argument; equal to others of the same item, and picklable.

    Examples
    --------
    >>> plait.utils.itemgetter(1)("abc")
    'b'
    """

    __slots__ = ("index",)

    def __init__(self, index: Any):
        self.index = index

    def __call__(self, x: Any) -> Any:
        return x[self.index]

    def __reduce__(self) -> tuple:
        return itemgetter, (self.index,)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.index == other.index  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((itemgetter, self.index))


class IndexCallable:
    """A function that is called with square brackets.

    Examples
    --------
    >>> plait.utils.IndexCallable(abs)[-3]
    3
    """

    __slots__ = ("fn",)

    def __init__(self, fn: Callable):
        self.fn = fn

    def __getitem__(self, key: Any) -> Any:
        return self.fn(key)


class OperatorMethodMixin:
    """Gives a class the methods of operators, which it makes of them by ``_get_unary_operator`` and ``_get_binary_operator``."""

    __slots__ = ()

    @classmethod
    def _bind_operator(cls, op: Callable) -> None:
        name = {"inv": "invert"}.get(op.__name__, op.__name__.rstrip("_"))
        if name in ("abs", "invert", "neg", "pos"):
            setattr(cls, f"__{name}__", cls._get_unary_operator(op))
            return
        setattr(cls, f"__{name}__", cls._get_binary_operator(op))
        if name not in ("eq", "gt", "ge", "lt", "le", "ne", "getitem"):
            setattr(cls, f"__r{name}__", cls._get_binary_operator(op, inv=True))

    @classmethod
    def _get_unary_operator(cls, op: Callable) -> Callable:
        raise NotImplementedError

    @classmethod
    def _get_binary_operator(cls, op: Callable, inv: bool = False) -> Callable:
        raise NotImplementedError


class cached_property(functools.cached_property):
    """A property that is found once, and cannot be set."""

    def __set__(self, instance: Any, val: Any) -> None:
        raise AttributeError("Can't set attribute")
