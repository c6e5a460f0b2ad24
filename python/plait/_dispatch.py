"""Functions that are other ones for each type of their argument, and may be registered by anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Dispatch:
    """A function that is another one for each type of its first argument.

    Examples
    --------
    >>> size = plait.utils.Dispatch("size")
    >>> @size.register(str)
    ... def size_of_text(text):
    ...     return len(text)
    >>> size("abc")
    3
    """

    def __init__(self, name: str | None = None):
        self._lookup: dict[type, Callable] = {}
        self._found: dict[type, Callable] = {}  # through bases, until something is registered
        self._lazy: dict[str, Callable[[], Any]] = {}
        if name:
            self.__name__ = name

    def register(self, type: Any, func: Callable | None = None) -> Callable:
        """Use a function for arguments of a type, or of each of a tuple of types. Without ``func``, a decorator."""

        def note(func: Callable) -> Callable:
            for each in type if isinstance(type, tuple) else (type,):
                self._lookup[each] = func
                if each is object and func.__doc__:  # what it does for everything else is what it is for
                    self.__doc__ = func.__doc__
            self._found.clear()
            return func

        return note if func is None else note(func)

    def register_lazy(self, toplevel: str, func: Callable | None = None) -> Callable:
        """Call a function, which registers others, when an argument comes from the package ``toplevel``. Without ``func``, a
        decorator."""

        def note(func: Callable) -> Callable:
            self._lazy[toplevel] = func
            return func

        return note if func is None else note(func)

    def dispatch(self, cls: type) -> Callable:
        """The function for a type.

        Raises
        ------
        TypeError
            If there is none for it or its bases.
        """
        if cls in self._found:
            return self._found[cls]
        for base in cls.__mro__:
            register = self._lazy.pop((getattr(base, "__module__", None) or "").partition(".")[0], None)
            if register is not None:
                register()
                return self.dispatch(cls)
            if base in self._lookup:
                self._found[cls] = self._lookup[base]
                return self._found[cls]
        raise TypeError(f"No dispatch for {cls}")

    def __call__(self, arg: Any, *args: Any, **kwargs: Any) -> Any:
        return self.dispatch(type(arg))(arg, *args, **kwargs)
