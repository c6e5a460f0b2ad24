"""Dates, durations, texts, records and long floats as the whole numbers that the engine holds for them."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np
from ._operands import is_foreign_dtype, is_long


def codes_dtype(dtype: Any) -> Any:
    """The type of the whole numbers that stand for elements of ``dtype``."""
    return np.dtype({"M": "i8", "m": "i8", "U": "u4", "O": "i8"}.get(dtype.kind, "u1"))


def has_many_codes(dtype: Any) -> bool:
    """Whether several numbers stand for an element: characters, or the bytes of records and long floats."""
    return dtype.kind in "USV" or is_long(dtype)


def encoded(values: Any) -> Any:
    """A NumPy array of such elements as one of whole numbers.

    Raises
    ------
    TypeError
        If it holds records with Python objects.
    """
    values = np.asarray(values)
    if values.dtype.hasobject:
        raise TypeError(f"records of dtype {values.dtype} hold Python objects, which have no native form; give these an array of their own")
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    if values.dtype.kind in "mM":
        return values.view(np.int64)
    number = codes_dtype(values.dtype)
    width = values.dtype.itemsize // number.itemsize
    return np.ascontiguousarray(values).reshape(-1).view(number).reshape(*values.shape, width)


def decoded(codes: Any, dtype: Any) -> Any:
    """Those whole numbers as what they stand for."""
    if dtype.kind in "mM":
        return codes.view(dtype)
    return np.ascontiguousarray(codes).reshape(-1).view(dtype).reshape(codes.shape[:-1])


def decoded_block(block: Any, dtype: Any) -> Any:
    """A block as its elements; of native types it is itself."""
    return decoded(block, dtype) if is_foreign_dtype(dtype) else block


def width_of(dtype: Any) -> tuple[int, ...]:
    """How many numbers stand for an element, as an axis behind the others; empty where it is one."""
    return (dtype.itemsize // codes_dtype(dtype).itemsize,) if has_many_codes(dtype) else ()


def fitting(what: str, block: Any, dtype: Any) -> Any:
    """A block of such elements as one of ``dtype``.

    Raises
    ------
    TypeError
        If it holds other elements, or texts that are too long.
    """
    block = np.asarray(block)
    if block.dtype == dtype:
        return block
    is_text = dtype.kind in "US"
    fits = block.dtype.kind == dtype.kind if is_text else np.can_cast(block.dtype, dtype, "same_kind")
    if fits and is_text and block.dtype.itemsize > dtype.itemsize:
        longest = int(np.strings.str_len(block).max()) if block.size else 0
        fits = longest <= width_of(dtype)[0]
    if not fits:
        raise TypeError(
            f"{what}: the function returned a block of dtype {block.dtype}, but its result was said to be {dtype}; "
            f"give dtype={str(block.dtype)!r}, or convert in the function"
        )
    return block.astype(dtype)
