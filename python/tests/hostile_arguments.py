"""A program for `test_hostile_numbers`: calls functions with arguments that nobody should give, and prints what happens.

Reads lines from its input and evaluates each, under limits of memory and time, so that whatever one of them does is seen
from outside. A line "sweep NAME" calls the function of that name with every hostile value in place of each argument, "sweep random
NAME" a method of both generators, and "sweep method NAME" one of an array.
"""

import inspect
import resource
import signal
import sys

import numpy as np

import plait.array as da

MEMORY_BYTES = 3 << 30
SECONDS = 20

HOSTILE = [2**62, -(2**63), 2**70, -1, 0, 7, True, None, "a", "", b"b", 1.5, float("nan"), float("inf"), 1e300, 1j, [], [2**62], (), {}, {7: 1},
           [[1, 2], [3]], object(), np.datetime64("2020-01-01"), np.array(["a"]), np.int8(3), slice(None), Ellipsis, lambda x: x]

x = da.arange(12, chunks=5).reshape(3, 4)
f = x / 3.0
b = x > 5
line = da.arange(6, chunks=4)
SMALL = {
    "shape": (3, 4), "x": x, "a": x, "m": f, "array": x, "ary": x, "arr": x, "arr1": f, "arr2": f, "a1": line, "b": x.T, "v": line, "y": f, "lhs": x, "rhs": x.T,
    "A": x, "ar": line, "ar1": line, "ar2": line, "seq": [x, x], "tup": [x, x], "element": x, "test_elements": line, "values": x, "condition": b, "condlist": [b],
    "choicelist": [x], "fill_value": 3, "N": 4, "n": 3, "dimensions": (2, 3), "axes": (1, 0), "source": 0, "destination": 1, "axis": 0, "axis1": 0, "axis2": 1,
    "shift": 1, "indices": [0, 1], "repeats": 2, "reps": 2, "k": 1, "q": 0.5, "bins": 3, "range": (0, 12), "sample": f, "pad_width": 1, "start": 0, "stop": 6,
    "array_": x, "func": abs, "chunks": 2, "min": 0, "max": 3, "m1": f, "sources": x, "targets": np.zeros((3, 4)), "value": 3,
}  # fmt: skip
OWN = {  # where the same name means something else
    "bincount": {"x": line}, "digitize": {"bins": [1, 2]}, "diag": {"v": line}, "extract": {"arr": x},
    "histogram2d": {"range": [(0, 1), (0, 1)], "x": f, "y": f},
    "histogramdd": {"range": [(0, 5)] * 4, "bins": 2}, "expand_dims": {"axis": 0}, "squeeze": {"a": x, "axis": None}, "percentile": {"a": line},
    "quantile": {"a": f},
    "rot90": {"axes": (0, 1)}, "searchsorted": {"a": line}, "tensordot": {"axes": 1}, "reshape": {"shape": (4, 3)},
    "broadcast_to": {"shape": (2, 3, 4), "chunks": None},
    "arange": {"chunks": 2}, "compress": {"condition": [True, False, True]}, "moveaxis": {}, "rollaxis": {"start": 0}, "fromfunction": {"func": lambda i, j: i},
    "einsum": {}, "trace": {}, "average": {}, "cov": {"y": None}, "corrcoef": {"y": None}, "topk": {"axis": 0}, "matmul": {"a": x, "b": x.T}, "dot": {"a": x, "b": x.T},
}  # fmt: skip


# Numbers that the distributions take; the others take 0.5.
DRAWN = {"size": 5, "chunks": 2, "n": 5, "ngood": 5, "nbad": 5, "nsample": 5, "left": 0, "right": 1, "low": 0, "high": 3, "a": 2, "x": 5, "pvals": [0.5, 0.5],
         "dtype": None, "p": 0.5, "endpoint": False, "replace": True, "axis": 0, "shuffle": True, "out": None, "seed": 1, "mu": 0.5}  # fmt: skip
OF_METHODS = {"dtype": "f8", "shape": (4, 3), "chunks": 2, "axes": (1, 0), "decimals": 1, "b": x.T, "other": x.T, "k": 1, "func": abs, "copy": None}


class TooSlow(BaseException):
    pass


def late(*_):
    raise TooSlow


def answer(call) -> str:
    """What a call gives, with all that it computes."""
    signal.alarm(SECONDS)
    try:
        found = call()
        arrays = [one for one in (found if isinstance(found, (tuple, list)) else [found]) if isinstance(one, da.Array)]
        # What is large on paper only is not computed: it would be refused or spilled, by the budget.
        for array in arrays:
            if array.nbytes == array.nbytes and array.nbytes < 1 << 20:
                array.compute(scheduler="sync")
        return "ok " + repr(found)[:100]
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    except TooSlow:
        return "TOO SLOW"
    finally:
        signal.alarm(0)


def parameters_of(function) -> list[inspect.Parameter]:
    return [one for one in inspect.signature(function).parameters.values() if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]


def try_all(name: str, function, parameters: list[str], good: dict) -> None:
    for parameter in parameters:
        for hostile in HOSTILE:
            call = good | {parameter: hostile}
            print(f"{name}({parameter}={hostile!r})".replace("\n", " "), flush=True)
            print(answer(lambda call=call: function(**call)).replace("\n", " "), flush=True)


def sweep(name: str) -> None:
    function = getattr(da, name)
    parameters = parameters_of(function)
    good = {one.name: SMALL[one.name] for one in parameters if one.default is inspect.Parameter.empty and one.name in SMALL}
    good |= {key: value for key, value in OWN.get(name, {}).items() if value is not None}
    try_all(name, function, [one.name for one in parameters], good)


def sweep_random(name: str) -> None:
    for source in (da.random.default_rng(1), da.random.RandomState(1)):
        function = getattr(source, name, None)
        if function is None:
            continue
        drawn = da.random._PARAMETERS.get(name)
        names = [*drawn, "size", "chunks"] if drawn is not None else [one.name for one in parameters_of(function)]
        good = {one: DRAWN.get(one, 0.5) for one in names if DRAWN.get(one, 0.5) is not None and (drawn is None or one not in ("p", "a") or name != "choice")}
        if name == "choice":
            good.pop("p")
        if name in ("integers", "randint", "random_integers"):
            good.pop("dtype", None)
        try_all(f"{type(source).__name__}.{name}", function, names, good)


def sweep_method(name: str) -> None:
    names = parameters_of(getattr(da.Array, name))[1:]
    good = {one.name: OF_METHODS.get(one.name, SMALL.get(one.name)) for one in names if one.default is inspect.Parameter.empty}
    try_all(f"x.{name}", getattr(x, name), [one.name for one in names], good)
    positional = [one for one in inspect.signature(getattr(da.Array, name)).parameters.values() if one.kind == one.VAR_POSITIONAL]
    for hostile in HOSTILE if positional else []:
        print(f"x.{name}({hostile!r})".replace("\n", " "), flush=True)
        print(answer(lambda hostile=hostile: getattr(x, name)(hostile)).replace("\n", " "), flush=True)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGALRM, late)
    for task in sys.stdin.read().splitlines():
        if task.startswith("sweep "):
            *kind, name = task.removeprefix("sweep ").split()
            {"": sweep, "random": sweep_random, "method": sweep_method}["".join(kind)](name)
        else:
            print(task, flush=True)
            print(answer(lambda task=task: eval(task, globals())).replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
