"""Sums of products over named axes."""

from __future__ import annotations

import string
from typing import Any

from .._lazy import numpy as np
from ._array import Array
from ._blockwise import blockwise
from ._sources import asarray


class _BlockProduct:
    """The sum of products of blocks; the axes that are summed over stay at the end with extent one, to be added up."""

    def __init__(self, subscripts: str, num_summed: int, dtype: np.dtype, options: dict):
        self.subscripts, self.num_summed, self.dtype, self.options = subscripts, num_summed, dtype, options

    def __call__(self, *blocks: np.ndarray) -> np.ndarray:
        product = np.einsum(self.subscripts, *blocks, dtype=self.dtype, casting="unsafe", **self.options)
        return product.reshape((*product.shape, *(1,) * self.num_summed))


def einsum(subscripts: str, *operands: Any, dtype: Any = None, optimize: Any = False, split_every: Any = None, **kwargs: Any) -> Array:
    """The sum of products that ``subscripts`` describe, such as ``"ij,jk->ik"``; see ``numpy.einsum``.

    Raises
    ------
    ValueError
        If the subscripts do not fit the operands, or one letter stands for axes of different extent.
    """
    if not isinstance(subscripts, str):
        raise NotImplementedError("einsum: subscripts as lists of numbers are not there yet; give text such as 'ij,jk->ik'")
    arrays = [asarray(operand) for operand in operands]
    inputs, output = _spelled_out(subscripts.replace(" ", ""), arrays)
    if dtype is None:
        dtype = np.result_type(*(array.dtype for array in arrays))
    # An axis named twice in one operand must have the same blocks in both places: one block does.
    for number, names in enumerate(inputs):
        twice = [axis for axis, name in enumerate(names) if names.count(name) > 1]
        arrays[number] = arrays[number].rechunk(dict.fromkeys(twice, -1)) if twice else arrays[number]
    summed = [name for name in dict.fromkeys("".join(inputs)) if name not in output]
    extents: dict = {}
    for array, names in zip(arrays, inputs, strict=True):
        for extent, name in zip(array.shape, names, strict=True):
            if extents.setdefault(name, extent) == 1:
                extents[name] = extent
            if extent not in (1, extents[name]):
                raise ValueError(f"einsum: axis '{name}' has extents {extents[name]} and {extent}")
    product = _BlockProduct(f"{','.join(inputs)}->{output}", len(summed), np.dtype(dtype), {"optimize": optimize, **kwargs})
    pairs = [part for array, names in zip(arrays, inputs, strict=True) for part in (array, names)]
    result = blockwise(product, output + "".join(summed), *pairs, dtype=dtype, adjust_chunks=dict.fromkeys(summed, 1), name="einsum")
    if not summed:
        return result
    return result.sum(axis=tuple(range(len(output), result.ndim)), dtype=dtype, split_every=split_every)


def _spelled_out(subscripts: str, arrays: list[Array]) -> tuple[list[str], str]:
    """The names of the axes of each operand and of the result, with letters for an ellipsis."""
    given, arrow, output = subscripts.partition("->")
    inputs = given.split(",")
    if len(inputs) != len(arrays):
        raise ValueError(f"einsum: '{subscripts}' names {len(inputs)} operands, but {len(arrays)} are given")
    unused = [letter for letter in string.ascii_letters if letter not in subscripts]
    hidden = [array.ndim - len(names.replace("...", "")) for array, names in zip(arrays, inputs, strict=True)]
    most = max([0, *(count for count, names in zip(hidden, inputs, strict=True) if "..." in names)])
    for number, names in enumerate(inputs):
        if "..." in names and hidden[number] >= 0:
            inputs[number] = names.replace("...", "".join(unused[most - hidden[number] : most]))
        elif hidden[number] != 0:
            raise ValueError(f"einsum: '{names}' names {len(names)} axes, but operand {number} has shape {arrays[number].shape}")
    ellipsis = "".join(unused[:most])
    if arrow:
        output = output.replace("...", ellipsis)
    else:
        letters = "".join(inputs)
        output = ellipsis + "".join(sorted(name for name in set(letters) if letters.count(name) == 1 and name not in ellipsis))
    unknown = [name for name in output if name not in "".join(inputs)]
    if unknown:
        raise ValueError(f"einsum: axis '{unknown[0]}' of the result is in no operand")
    return inputs, output
