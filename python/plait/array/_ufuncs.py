"""Universal functions: elementwise, with broadcasting and NumPy's types."""

from __future__ import annotations

from .._lazy import numpy as np
from ._array import Array
from ._protocols import array_ufunc

_NAMES = """
abs absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_not bitwise_or bitwise_xor cbrt ceil
conj conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin
fmod greater greater_equal hypot invert isfinite isinf isnan left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2
logical_and logical_not logical_or logical_xor maximum minimum mod multiply negative nextafter not_equal positive power rad2deg
radians reciprocal remainder right_shift rint sign signbit sin sinh sqrt square subtract tan tanh true_divide trunc
""".split()


def _function(name: str):
    def function(*args, **kwargs):
        ufunc = getattr(np, name)
        if any(isinstance(arg, Array) for arg in args):
            return array_ufunc(ufunc, "__call__", args, dict(kwargs))
        return ufunc(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__module__ = "plait.array"
    function.__doc__ = (
        f"Lazy ``numpy.{name}``.\n\nReturns an Array if an argument is one, else what NumPy returns. Takes the arguments of "
        f"``numpy.{name}`` and ``dtype``."
    )
    return function


UFUNCS = {name: _function(name) for name in _NAMES}
