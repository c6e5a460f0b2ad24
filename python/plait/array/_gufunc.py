"""Functions with a signature, such as "(i),(i)->()": their core axes are whole, all other axes are looped over, block by block."""

from __future__ import annotations

import inspect
import re
from typing import Any, Callable

from .. import _plait
from .._lazy import numpy as np
from .._travel import able_to_travel
from ..delayed import delayed
from ._array import Array
from ._block_call import BlockCall, Blocks, call_blocks, checked_block
from ._delayed import to_delayed
from ._encoded import as_elements, codes_of, has_inner_axis
from ._sources import asarray

_ops = _plait.arrays

_CORE = r"\((?:\w+(?:,\w+)*,?)?\)"
_SIGNATURE = re.compile(f"(?:{_CORE}(?:,{_CORE})*,?)?->{_CORE}(?:,{_CORE})*")


class Signature:
    """The core axes of a function's arguments and results, by name."""

    def __init__(self, text: Any):
        if not isinstance(text, str):
            raise TypeError(f"apply_gufunc: signature is {text!r}, expected text such as '(i),(i)->()'")
        text = re.sub(r"\s+", "", text)
        if not _SIGNATURE.fullmatch(text):
            raise ValueError(f"apply_gufunc: {text!r} is no valid gufunc signature; expected text such as '(i),(i)->()'")
        self.text = text
        self.inputs, self.outputs = ([tuple(re.findall(r"\w+", each)) for each in re.findall(_CORE, half)] for half in text.split("->"))

    @property
    def is_single(self) -> bool:
        """Whether the function returns one array, rather than a tuple of some."""
        return len(self.outputs) == 1

    def axes(self, axes: Any, axis: Any, keepdims: bool) -> tuple[list[tuple], list[tuple]]:
        """Which axes of the arguments, and of the results, are the core axes."""
        if axes is not None and axis is not None:
            raise ValueError("apply_gufunc: only one of axis and axes may be given")
        if keepdims:
            self._check_keepdims()
        outputs = [self.inputs[0]] * len(self.outputs) if keepdims else self.outputs
        if axis is not None:
            self._check_axis(axis)
            return [(axis,) if core else () for core in self.inputs], [(axis,) if core else () for core in outputs]
        if axes is None:
            return [_last(core) for core in self.inputs], [_last(core) for core in outputs]
        return self._given(axes, outputs, keepdims)

    def _given(self, axes: Any, outputs: list, keepdims: bool) -> tuple[list[tuple], list[tuple]]:
        if not isinstance(axes, list):
            raise ValueError(f"apply_gufunc: axes is {axes!r}, expected a list of tuples")
        places = [(each,) if isinstance(each, int) else tuple(each) for each in axes]
        num_inputs = len(self.inputs)
        may_omit = not any(self.outputs)
        if len(places) != num_inputs + len(outputs) and not (may_omit and len(places) == num_inputs):
            raise ValueError(f"apply_gufunc: axes has {len(places)} entries, but the signature {self.text} has {num_inputs} arguments and {len(outputs)} results")
        inputs, results = places[:num_inputs], places[num_inputs:]
        for number, (place, core) in enumerate(zip(inputs, self.inputs, strict=True)):
            _check_count(f"argument {number}", place, core)
        if keepdims:
            return inputs, results if results and len(results[0]) == len(outputs[0]) else [inputs[0]] * len(outputs)
        for number, (place, core) in enumerate(zip(results, outputs, strict=False)):
            _check_count(f"result {number}", place, core)
        return inputs, results or [_last(core) for core in outputs]

    def _check_keepdims(self) -> None:
        if any(self.outputs):
            raise ValueError("apply_gufunc: keepdims is for results without core axes")
        if not self.inputs or any(core != self.inputs[0] for core in self.inputs):
            raise ValueError("apply_gufunc: keepdims is for arguments that all have the same core axes")

    def _check_axis(self, axis: Any) -> None:
        if not isinstance(axis, int):
            raise ValueError(f"apply_gufunc: axis is {axis!r}, expected an integer")
        cores = {core for core in self.inputs if core}
        if len(cores) > 1 or any(len(core) != 1 for core in cores):
            raise ValueError("apply_gufunc: axis is for arguments that share a single core axis; give axes")


def _last(core: tuple) -> tuple:
    return tuple(range(-len(core), 0))


def _check_count(what: str, place: tuple, core: tuple) -> None:
    if len(place) != len(core):
        raise ValueError(f"apply_gufunc: axes has {len(place)} entries for {what}, but the signature has {len(core)} core axes there")


def _behind(array: Array, axes: tuple, what: str) -> Array:
    """The array with these axes as its last ones."""
    ndim = array.ndim
    if len(axes) > ndim:
        raise ValueError(f"apply_gufunc: {what} has {ndim} axes, but the signature has {len(axes)} core axes there")
    if any(not -ndim <= axis < ndim for axis in axes) or len({axis % ndim for axis in axes}) != len(axes):
        raise ValueError(f"apply_gufunc: the axes {axes} of {what} are not different axes of an array of {ndim}")
    core = [axis % ndim for axis in axes]
    order = [axis for axis in range(ndim) if axis not in core] + core
    return array if order == list(range(ndim)) else array.transpose(order)


def _in_place(result: Array, axes: tuple) -> Array:
    """The array with its last axes where the caller wants them."""
    ndim = result.ndim
    order: list[Any] = [None] * ndim
    for source, axis in zip(range(ndim - len(axes), ndim), axes, strict=True):
        order[axis] = source
    rest = iter(range(ndim - len(axes)))
    order = [next(rest) if source is None else source for source in order]
    return result if order == list(range(ndim)) else result.transpose(order)


def _core_sizes(arrays: list[Array], signature: Signature) -> dict[str, int]:
    """The extents of the core axes, which must agree."""
    sizes: dict[str, int] = {}
    for number, (array, core) in enumerate(zip(arrays, signature.inputs, strict=True)):
        for name, extent in zip(core, array.shape[array.ndim - len(core) :], strict=True):
            known = sizes.setdefault(name, extent)
            if known != extent and known == known and extent == extent:
                raise ValueError(f"apply_gufunc: the core axis {name!r} has {known} elements in one argument and {extent} in argument {number}")
    return sizes


def _with_whole_cores(arrays: list[Array], signature: Signature, allow_rechunk: bool) -> list[Array]:
    """The arrays with each core axis in one chunk, and the others in chunks that fit."""
    whole = []
    for array, core in zip(arrays, signature.inputs, strict=True):
        first = array.ndim - len(core)
        for name, blocks in zip(core, array.chunks[first:], strict=True):
            if len(blocks) > 1 and not allow_rechunk:
                raise ValueError(
                    f"apply_gufunc: the core axis {name!r} consists of multiple chunks {blocks}; rechunk it into a single chunk, or set "
                    "allow_rechunk=True, which puts them together"
                )
        cut = {axis: -1 for axis in range(first, array.ndim) if len(array.chunks[axis]) > 1}
        whole.append(array.rechunk(cut) if cut else array)
    if not allow_rechunk:
        _check_loop_chunks(whole, signature)
    return whole


def _check_loop_chunks(arrays: list[Array], signature: Signature) -> None:
    loops = [array.chunks[: array.ndim - len(core)][::-1] for array, core in zip(arrays, signature.inputs, strict=True)]
    for place in range(max(map(len, loops), default=0)):
        found = {loop[place] for loop in loops if len(loop) > place and loop[place] != (1,)}
        if len({sum(chunks) for chunks in found}) == 1 and len(found) > 1:
            raise ValueError(f"apply_gufunc: axis {-1 - place} of the loop has different chunks in the arguments: {sorted(found)}; rechunk, or set allow_rechunk=True")


class _Tuples:
    """Calls a function of several results on blocks, and checks each."""

    def __init__(self, call: BlockCall, dtypes: list):
        self.call, self.dtypes, self.__name__ = call, dtypes, getattr(call.func, "__name__", "gufunc").strip("<>")

    def __call__(self, index: tuple, shapes: list, *blocks: Any, **kwargs: Any) -> tuple:
        results = self.call.func(*blocks, **kwargs)
        if not isinstance(results, (tuple, list)) or len(results) != len(shapes):
            found = f"{len(results)} results" if isinstance(results, (tuple, list)) else type(results).__name__
            raise ValueError(f"apply_gufunc: the signature has {len(shapes)} results, but the function returned {found}")
        return tuple(checked_block("apply_gufunc", one, dtype, index, shape) for one, dtype, shape in zip(results, self.dtypes, shapes, strict=True))


class _Taken:
    """One of the results of a block."""

    def __init__(self, number: int):
        self.number = number

    def __call__(self, values: tuple) -> Any:
        return values[self.number]


def _found_dtypes(func: Callable, arrays: list[Array], kwargs: dict, num_results: int) -> list:
    """The dtypes of the results; found by calling the function on arrays of one element."""
    tiny = [np.ones((1,) * array.ndim, dtype=array.dtype) for array in arrays]
    try:
        with np.errstate(all="ignore"):
            found = func(*tiny, **kwargs)
    except Exception as error:
        raise ValueError(f"apply_gufunc: the function fails on arrays of one element ({error!r}); give output_dtypes=") from error
    results = (found,) if num_results == 1 else found
    if not isinstance(results, (tuple, list)) or len(results) != num_results:
        raise ValueError(f"apply_gufunc: the signature has {num_results} results, but the function returned {type(found).__name__}; give output_dtypes=")
    return [np.asarray(one).dtype for one in results]


def _given_dtypes(meta: Any, output_dtypes: Any, signature: Signature) -> list | None:
    if meta is not None and output_dtypes is not None:
        raise ValueError("apply_gufunc: only one of meta and output_dtypes may be given")
    given = meta if meta is not None else output_dtypes
    if given is None:
        return None
    is_many = isinstance(given, (tuple, list))
    if signature.is_single and (not is_many or len(given) == 1):
        given = given if is_many else [given]
    elif not is_many or len(given) != len(signature.outputs):
        raise ValueError(
            f"apply_gufunc: output_dtypes or meta is {given!r}, but the signature {signature.text} has {len(signature.outputs)} results: one for each is expected"
        )
    return [one.dtype if meta is not None else np.dtype(one) for one in given]


def apply_gufunc(
    func: Callable,
    signature: str,
    *args: Any,
    axes: list | None = None,
    axis: int | None = None,
    keepdims: bool = False,
    output_dtypes: Any = None,
    output_sizes: dict | None = None,
    vectorize: bool | None = None,
    allow_rechunk: bool = False,
    meta: Any = None,
    **kwargs: Any,
) -> Any:
    """Apply a function whose arguments have core axes, which it gets whole; it is called on blocks of all other axes.

    Parameters
    ----------
    func : callable
        Takes NumPy arrays whose last axes are the core axes of the signature and whose other axes are broadcast against each
        other, and gives an array, or a tuple of arrays where the signature has several results.
    signature : str
        The core axes of arguments and results, such as ``"(i),(i)->()"``.
    *args : array_like
        The arguments.
    axes : list of tuple, optional
        Which axes of each argument, and of each result, are the core axes; the last ones by default.
    axis : int, optional
        The only core axis of all arguments.
    keepdims : bool
        Whether results without core axes keep those of the arguments, with one element.
    output_dtypes : dtype or list of dtype, optional
        Of the results; default is found by calling ``func`` on tiny arrays.
    output_sizes : dict, optional
        The extents of core axes that only results have.
    vectorize : bool, optional
        Whether ``func`` takes the core axes only: `numpy.vectorize` then loops over the others.
    allow_rechunk : bool
        Whether core axes in several chunks, and others in chunks that do not fit, are rechunked rather than refused.
    meta : array or tuple of array, optional
        Arrays of the results' dtypes.
    **kwargs : object
        Further arguments of ``func``; lazy arrays among them are given whole.

    Returns
    -------
    Array or tuple of Array

    Raises
    ------
    TypeError, ValueError
        If the signature, the axes or the dtypes are none or do not fit the arguments, or chunks would have to be changed. When
        it is computed: if ``func`` gives other results than the signature says.

    Examples
    --------
    >>> x = da.arange(6, chunks=6).reshape((2, 3))
    >>> da.apply_gufunc(lambda x: (x.min(axis=-1), x.max(axis=-1)), "(i)->(),()", x)[1].compute()
    array([2, 5])
    """
    parsed = Signature(signature)
    if len(args) != len(parsed.inputs):
        raise ValueError(f"apply_gufunc: the signature {parsed.text} has {len(parsed.inputs)} arguments, {len(args)} are given")
    input_axes, output_axes = parsed.axes(axes, axis, bool(keepdims))
    arrays = [_behind(asarray(x), place, f"argument {number}") for number, (x, place) in enumerate(zip(args, input_axes, strict=True))]
    dtypes = _given_dtypes(meta, output_dtypes, parsed)
    if dtypes is None:
        looped = np.vectorize(func, signature=parsed.text) if vectorize else func
        dtypes = _found_dtypes(looped, arrays, kwargs, len(parsed.outputs))
    if vectorize:
        func = np.vectorize(func, signature=parsed.text, otypes=dtypes)
    sizes = _core_sizes(arrays, parsed) | (output_sizes or {})
    unknown = [name for core in parsed.outputs for name in core if name not in sizes]
    if unknown:
        raise ValueError(f"apply_gufunc: no argument has the core axis {unknown[0]!r} of a result; give its extent in output_sizes")
    arrays = _with_whole_cores(arrays, parsed, allow_rechunk)
    results = _results(func, parsed, arrays, dtypes, sizes, kwargs)
    if keepdims:
        ones = (None,) * len(parsed.inputs[0])
        results = [result[(..., *ones)] for result in results]
    placed = tuple(_in_place(result, place) for result, place in zip(results, output_axes, strict=True))
    return placed[0] if parsed.is_single else placed


def _results(func: Callable, signature: Signature, arrays: list[Array], dtypes: list, sizes: dict, kwargs: dict) -> list[Array]:
    """The results, with their core axes behind the others."""
    num_loops = max((array.ndim - len(core) for array, core in zip(arrays, signature.inputs, strict=True)), default=0)
    loop = [f"loop {axis}" for axis in range(num_loops)]
    named = [
        (
            codes_of(array)._array if signature.is_single else array._array,
            loop[num_loops - (array.ndim - len(core)) :]
            + [f"core {number} {axis}" for axis in range(len(core))]
            + [f"characters {number}"] * (signature.is_single and has_inner_axis(array)),
        )
        for number, (array, core) in enumerate(zip(arrays, signature.inputs, strict=True))
    ]
    lined_up, chunks, axes = _ops.line_up_blockwise(loop, named, {}, {}, True)
    lined = [Array(x) for x in lined_up]
    cores = [tuple(sizes[name] for name in core) for core in signature.outputs]
    label = getattr(func, "__name__", type(func).__name__).strip("<>")
    whole = {key: value for key, value in kwargs.items() if isinstance(value, Array)}
    if signature.is_single:
        call = BlockCall(func, [Blocks(x.dtype) for x in arrays], kwargs | {key: Blocks(value.dtype) for key, value in whole.items()}, dtypes[0], "apply_gufunc")
        result_chunks = (*chunks, *((extent,) for extent in cores[0]))
        engines = [codes_of(value) for value in whole.values()]
        result_axes = [*axes, *([-1] * value.ndim for value in engines)]
        return [as_elements(call_blocks([*lined, *engines], call, label, result_chunks, result_axes), call.dtype)]
    return _split_results(BlockCall(func, [], kwargs, dtypes[0], "apply_gufunc"), dtypes, lined, axes, chunks, cores, kwargs, label)


def _split_results(call: BlockCall, dtypes: list, arrays: list[Array], axes: list, chunks: tuple, cores: list, kwargs: dict, label: str) -> list[Array]:
    """Several results: a delayed call for each block, of whose values each result takes its own."""
    grids = [to_delayed(array) for array in arrays]
    function = delayed(able_to_travel(_Tuples(call, dtypes), call.func), name=label, pure=True)
    calls = []
    for index in np.ndindex(*map(len, chunks)):
        loop = tuple(blocks[i] for blocks, i in zip(chunks, index, strict=True))
        blocks = [
            grid[tuple(index[axis] if axis >= 0 and count > 1 else 0 for axis, count in zip(counted, grid.shape, strict=True))]
            for grid, counted in zip(grids, axes, strict=True)
        ]
        calls.append(function(index, [(*loop, *core) for core in cores], *blocks, **kwargs))
    values = _plait.delayed_values(calls)
    return [
        Array(_plait.array_of_values(values, _Taken(number), dtype, (*chunks, *((extent,) for extent in core)), label))
        for number, (dtype, core) in enumerate(zip(dtypes, cores, strict=True))
    ]


_OPTIONS = ("signature", "vectorize", "axes", "axis", "keepdims", "output_sizes", "output_dtypes", "allow_rechunk", "meta")


class gufunc:  # noqa: N801
    """A function with a signature, bound together: calling it is `apply_gufunc`.

    Parameters
    ----------
    pyfunc : callable
        The function.
    signature : str
        Its core axes.
    vectorize, axes, axis, keepdims, output_sizes, output_dtypes, allow_rechunk, meta : object
        See `apply_gufunc`.

    Examples
    --------
    >>> largest = da.gufunc(lambda x: x.max(axis=-1), signature="(i)->()", output_dtypes=int)
    >>> largest(da.arange(4).reshape((2, 2))).compute()
    array([1, 3])
    """

    def __init__(
        self,
        pyfunc: Callable,
        *,
        signature: str | None = None,
        vectorize: bool = False,
        axes: list | None = None,
        axis: int | None = None,
        keepdims: bool = False,
        output_sizes: dict | None = None,
        output_dtypes: Any = None,
        allow_rechunk: bool = False,
        meta: Any = None,
    ):
        self.pyfunc, self.signature, self.vectorize, self.axes, self.axis = pyfunc, signature, vectorize, axes, axis
        self.keepdims, self.output_sizes, self.output_dtypes = keepdims, output_sizes, output_dtypes
        self.allow_rechunk, self.meta = allow_rechunk, meta
        self.__doc__ = f"Bound ``dask.array.gufunc``\nfunc: ``{getattr(pyfunc, '__name__', pyfunc)}``\nsignature: ``'{signature}'``\n\n{inspect.getdoc(pyfunc) or ''}"
        Signature(signature)

    def __call__(self, *args: Any, allow_rechunk: bool = False, **kwargs: Any) -> Any:
        options = {name: getattr(self, name) for name in _OPTIONS if name not in ("signature", "allow_rechunk")}
        return apply_gufunc(self.pyfunc, str(self.signature), *args, allow_rechunk=self.allow_rechunk or allow_rechunk, **options, **kwargs)


def as_gufunc(signature: str | None = None, **kwargs: Any) -> Callable:
    """A decorator that makes a `gufunc` of a function.

    Parameters
    ----------
    signature : str
        The core axes of its arguments and results.
    **kwargs : object
        The other options of `gufunc`.

    Raises
    ------
    TypeError
        If an option is none.

    Examples
    --------
    >>> @da.as_gufunc("(i)->()", output_dtypes=float)
    ... def middle(x):
    ...     return (x.min(axis=-1) + x.max(axis=-1)) / 2
    >>> middle(da.arange(4).reshape((2, 2))).compute()
    array([0.5, 2.5])
    """
    unknown = [name for name in kwargs if name not in _OPTIONS]
    if unknown:
        raise TypeError(f"as_gufunc: unexpected arguments {', '.join(unknown)}; expected {', '.join(_OPTIONS)}")
    return lambda pyfunc: gufunc(pyfunc, signature=signature, **kwargs)
