"""Names that users choose for the blocks of an array: ``name=`` of the functions that make one."""

from __future__ import annotations

from typing import Any

from ._array import Array


def named(x: Array, name: Any) -> Array:
    """``x`` with blocks whose keys begin with exactly that name; as it is for None.

    Raises
    ------
    TypeError
        If the name is no text.
    """
    if name is None:
        return x
    if not isinstance(name, str) or not name:
        raise TypeError(f"name is {name!r}, expected a text")
    return x._with_name(name)
