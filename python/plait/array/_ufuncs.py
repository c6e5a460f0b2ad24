"""Universal functions: elementwise, with broadcasting and NumPy's types. The engine names them."""

from __future__ import annotations

import sys
from typing import Any

from .. import _plait
from .._lazy import numpy as np
from ._array import Array, into
from ._encoded import by_numpy
from ._operands import engine, is_foreign, operand
from ._routines import where as choose

_ops = _plait.arrays
_NATIVE = frozenset(_ops.ufuncs())


def apply(ufunc: Any, inputs: tuple, out: Any = None, dtype: Any = None, casting: Any = None, where: Any = True, **kwargs: Any) -> Any:
    """A universal function of NumPy with a lazy operand. Elements that ``where`` leaves out are those of ``out``, or zero."""
    name = ufunc.__name__
    if where is not True:
        result = apply(ufunc, inputs, dtype=dtype, casting=casting, **kwargs)
        (kept,) = out if isinstance(out, tuple) else (0 if out is None else out,)
        return into(out, choose(where, result, kept))
    if kwargs:
        raise NotImplementedError(f"numpy.{name} of lazy arrays takes no {', '.join(kwargs)} yet")
    if name == "matmul":
        return into(out, Array(_ops.matmul(engine(inputs[0]), engine(inputs[1]))))
    if name == "divmod":
        return inputs[0] // inputs[1], inputs[0] % inputs[1]
    if any(is_foreign(x) for x in inputs) and ufunc.nout == 1:
        return into(out, by_numpy(ufunc, inputs, None if dtype is None else np.dtype(dtype)))
    operands = [operand(x) for x in inputs]
    if any(x is NotImplemented for x in operands):
        return NotImplemented
    if name not in _NATIVE:
        ours = getattr(sys.modules[__package__], name, None)
        if ours is not None:
            return ours(*inputs)
        if ufunc.nout != 1:
            raise NotImplementedError(f"{name} of lazy arrays is not there yet: it has {ufunc.nout} results; use map_blocks")
        return into(out, by_numpy(ufunc, inputs, None if dtype is None else np.dtype(dtype)))
    return into(out, Array(_ops.elementwise(name, operands, dtype)))


def _function(name: str):
    def function(*args, **kwargs):
        return getattr(np, name)(*args, **kwargs)  # which asks the lazy arrays among the arguments

    function.__name__ = function.__qualname__ = name
    function.__module__ = "plait.array"
    function.__doc__ = (
        f"Lazy ``numpy.{name}``.\n\nReturns an Array if an argument is one, else what NumPy returns. Takes the arguments of ``numpy.{name}`` and ``dtype``."
    )
    return function


UFUNCS = {name: _function(name) for name in sorted({*_NATIVE, "divmod"})}
