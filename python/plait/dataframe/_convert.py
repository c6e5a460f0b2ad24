"""Between pandas objects and the engine's tables, through Arrow memory, without copying where layouts agree.

A column that Arrow cannot hold as pandas means it (``object`` dtype) makes its whole frame travel as a pandas object:
`to_table` then gives None, and the schema of such a frame marks the column (see `schema_table`).
"""

from __future__ import annotations

import math
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._lazy import pyarrow as pa
from .. import _plait
from . import _labels

_NUMPY_KINDS = "biuf"


def _is_native_dtype(dtype: Any) -> bool:
    if isinstance(dtype, np.dtype):
        return dtype.kind in _NUMPY_KINDS and dtype.itemsize <= 8 and dtype != np.float16 or dtype.kind in "mM"
    if isinstance(dtype, pd.CategoricalDtype):
        categories = dtype.categories
        return categories is None or len(categories) == 0 or _is_plain(categories.dtype) or _are_texts(categories)
    if isinstance(dtype, (pd.PeriodDtype, pd.IntervalDtype, pd.SparseDtype)):
        return False
    if isinstance(dtype, pd.ArrowDtype):
        return True
    return isinstance(dtype, (pd.StringDtype, pd.DatetimeTZDtype, pd.BooleanDtype)) or hasattr(dtype, "numpy_dtype")


def _is_plain(dtype: Any) -> bool:
    """Whether categories of this type come back as they were."""
    if isinstance(dtype, pd.StringDtype):
        return dtype.na_value is np.nan
    return isinstance(dtype, np.dtype) and dtype.kind in "biufmM" and dtype != np.float16


def _are_texts(categories: pd.Index) -> bool:
    """Whether categories are texts of some other type than pandas' default, which they come back with."""
    return isinstance(categories.dtype, pd.StringDtype) or (categories.dtype == object and categories.inferred_type == "string")


def _no_categories(dtype: Any) -> pa.Array:
    """No value of a type; what has no native form is text."""
    return pa.array(pd.Series([], dtype=dtype)) if isinstance(dtype, np.dtype) and _is_plain(dtype) else pa.array([], pa.large_string())


def _family(dtype: Any) -> str:
    if isinstance(dtype, pd.ArrowDtype):
        return "arrow"
    if isinstance(dtype, pd.StringDtype):
        return "numpy" if dtype.na_value is np.nan else "nullable"
    if isinstance(dtype, (np.dtype, pd.CategoricalDtype, pd.DatetimeTZDtype)):
        return "numpy"
    return "nullable"


def _arrow_array(values: pd.Series | pd.Index) -> tuple[pa.Array | pa.ChunkedArray, str] | None:
    """The values and their family, or None if they have no native form."""
    dtype = values.dtype
    if not _is_native_dtype(dtype):
        return None
    array = values.array
    if isinstance(dtype, np.dtype):
        if dtype.kind in "mM":
            return pa.array(values.to_numpy(), from_pandas=True), "numpy"
        numbers = values.to_numpy()
        if not numbers.dtype.isnative:
            numbers = numbers.astype(numbers.dtype.newbyteorder("="))
        if not numbers.flags.c_contiguous:
            numbers = np.ascontiguousarray(numbers)
        return pa.array(numbers, from_pandas=False), "numpy"
    if isinstance(dtype, pd.CategoricalDtype):
        if len(dtype.categories) == 0:
            codes = pa.array(array.codes, mask=array.codes == -1)
            return pa.DictionaryArray.from_arrays(codes, _no_categories(dtype.categories.dtype), ordered=bool(dtype.ordered)), "numpy"
        return pa.array(array, from_pandas=True), "numpy"
    return pa.array(array, from_pandas=True), _family(dtype)


def _native(name: str, values: pd.Series | pd.Index) -> tuple | None:
    """A column's field and values, or None if they have no native form."""
    converted = _arrow_array(values)
    if converted is None:
        return None
    array, family = converted
    field = pa.field(name, array.type)
    return (field if family == "numpy" else field.with_metadata({"plait.family": family})), array


def _native_or_object(name: str, values: pd.Series | pd.Index) -> tuple:
    """The same of a column without rows, which is marked where it has no native form."""
    marked = pa.field(name, pa.large_string(), metadata={"plait.family": "object"}), pa.array([], pa.large_string())
    return _native(name, values) or marked


def _parts_of(obj: Any) -> tuple[str, list, pd.Index]:
    """The form, the named columns and the labels of a pandas object."""
    if isinstance(obj, pd.DataFrame):
        return "frame", [(_labels.encode(label), obj.iloc[:, i]) for i, label in enumerate(obj.columns)], obj.index
    if isinstance(obj, pd.Series):
        return "series", [(_labels.encode_name(obj.name), obj)], obj.index
    return "index", [(_labels.encode_name(obj.name), obj)], pd.RangeIndex(len(obj))


def _levels_of(index: pd.Index, names: list[str]) -> tuple[list, tuple]:
    """The named columns that are labels beside columns of these names, and what the engine is told of them."""
    if isinstance(index, pd.RangeIndex) and not isinstance(index.name, tuple):
        return [], ([], int(index.start), int(index.step), "" if index.name is None else _labels.encode(index.name))
    values = [index.get_level_values(i) for i in range(index.nlevels)]
    levels: list[tuple[str, pd.Index]] = []
    for i, level in enumerate(values):
        taken = [*names, *(name for name, _ in levels)]
        levels.append((_labels.free_level(_labels.encode_level(level.name, i), taken), level))
    return levels, ([name for name, _ in levels], 0, 1, "", _freq_of(index))


def _freq_of(index: pd.Index) -> str:
    """The interval at which labels follow each other, where pandas was told; else nothing."""
    return (index.freqstr or "") if isinstance(index, (pd.DatetimeIndex, pd.TimedeltaIndex)) else ""


# Steps of other offsets than fixed spans are made one by one.
_MOST_STEPS = 100_000


def _at_intervals(index: pd.Index, freq: str) -> pd.Index:
    """The index with an interval that was said of its labels once, if they still follow each other so."""
    if not isinstance(index, (pd.DatetimeIndex, pd.TimedeltaIndex)) or index.hasnans:
        return index
    step = pd.tseries.frequencies.to_offset(freq)
    if len(index) > _MOST_STEPS and not isinstance(step, (pd.offsets.Tick, pd.offsets.Day)):
        return index
    first = index[0] if len(index) else None
    if isinstance(index, pd.TimedeltaIndex):
        steps: Any = pd.timedelta_range(pd.Timedelta(0) if first is None else first, periods=len(index), freq=step)
    else:
        steps = pd.date_range(pd.Timestamp(0, tz=index.tz) if first is None else first, periods=len(index), freq=step)
    steps = steps.as_unit(index.unit).rename(index.name)
    return steps if steps.equals(index) else index


def _table_of(parts: tuple[str, list, pd.Index], converted: Any) -> _plait.Table | None:
    """The table of these parts; None if ``converted`` gives None for a column."""
    form, columns, index = parts
    levels, spec = _levels_of(index, [name for name, _ in columns])
    fields, arrays = [], []
    for name, values in (*columns, *levels):
        made = converted(name, values)
        if made is None:
            return None
        fields.append(made[0])
        arrays.append(made[1])
    if not arrays:
        return _plait.Table.from_arrow(pa.table({"x": pa.nulls(len(index))}).select([])).with_index(form, *spec)
    # Without a row the categories would be lost on the way.
    is_shown = len(index) == 0 and any(pa.types.is_dictionary(array.type) for array in arrays)
    shown = [_one_row(array) for array in arrays] if is_shown else arrays
    table = _plait.Table.from_arrow(pa.Table.from_arrays(shown, schema=pa.schema(fields))).with_index(form, *spec)
    return table.empty() if is_shown else table


def to_table(obj: Any, converted: Any = _native) -> _plait.Table | None:
    """The table of a pandas object; None if some of it has no native form. ``converted`` makes a named column native."""
    if not isinstance(obj, (pd.DataFrame, pd.Series, pd.Index)) or isinstance(obj, pd.MultiIndex):
        return None
    parts = _parts_of(obj)
    names = [name for name, _ in parts[1]]
    return _table_of(parts, converted) if len(set(names)) == len(names) else None


def snapshot(obj: Any) -> _plait.Table | None:
    """The same of a pandas object as it is now: what changes it in place later does not change the table.

    No copy is made before that: while a second object has the memory, pandas copies what it would write to.
    """
    second = obj.copy(deep=False)

    def native(name: str, values: pd.Series | pd.Index) -> tuple | None:
        made = _native(name, values)
        return None if made is None else (made[0], _keeping(made[1], second))

    return to_table(second, native)


def _keeping(values: pa.Array | pa.ChunkedArray, owner: Any) -> pa.Array | pa.ChunkedArray:
    """The values, whose memory keeps an object alive. Only numbers share memory that pandas writes to."""
    if isinstance(values, pa.ChunkedArray):
        return values
    if pa.types.is_dictionary(values.type):
        return pa.DictionaryArray.from_arrays(_keeping(values.indices, owner), values.dictionary, ordered=values.type.ordered)
    if not pa.types.is_primitive(values.type):
        return values
    buffers = [buffer and pa.foreign_buffer(buffer.address, buffer.size, (buffer, owner)) for buffer in values.buffers()]
    return pa.Array.from_buffers(values.type, len(values), buffers, values.null_count, values.offset)


def schema_table(meta: Any) -> _plait.Table:
    """An empty table for an empty pandas object; columns without a native form are marked as Python objects."""
    empty = meta.iloc[:0] if not isinstance(meta, pd.Index) else meta[:0]
    table: Any = to_table(empty)
    if table is None:
        table = _table_of(_parts_of(empty), _native_or_object)
    return table


def _one_row(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Any one value of the type."""
    if pa.types.is_dictionary(array.type):
        whole = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        code = pa.array([0 if len(whole.dictionary) else None], array.type.index_type)
        return pa.DictionaryArray.from_arrays(code, whole.dictionary, ordered=array.type.ordered)
    try:
        return pa.array([0]).cast(array.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.nulls(1, array.type)


def _pandas_array(values: pa.ChunkedArray, dtype: str, family: str) -> Any:
    kind = values.type
    if family == "arrow":
        return pd.ArrowDtype(kind).__from_arrow__(values)
    if family == "nullable":
        if dtype == "string" or pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return pd.StringDtype(na_value=pd.NA).__from_arrow__(values)
        return pd.api.types.pandas_dtype(dtype).__from_arrow__(values)
    if family == "object":
        return _objects(values)
    if pa.types.is_dictionary(kind):
        return _categorical(values.to_pandas().array, kind.value_type)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pd.StringDtype(na_value=np.nan).__from_arrow__(values)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return values.to_pandas().array
    if pa.types.is_date(kind):
        return values.to_pandas().to_numpy()
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
        array = values.chunk(0) if values.num_chunks == 1 else values
        return array.to_numpy(zero_copy_only=False) if values.num_chunks == 1 else array.to_numpy()
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        return values.to_numpy()
    return values.to_pandas().to_numpy()


def _categorical(values: Any, kind: pa.DataType) -> Any:
    """With the type of the categories, which pyarrow forgets where there are none."""
    if len(values.categories) or not isinstance(values, pd.Categorical):
        return values
    none = _pandas_array(pa.chunked_array([], kind), "", "numpy")
    return pd.Categorical.from_codes(values.codes, categories=pd.Index(none), ordered=values.ordered)


def _objects(values: pa.ChunkedArray) -> np.ndarray:
    objects = np.array(values.to_pylist(), dtype=object)
    if pa.types.is_boolean(values.type):
        objects[pd.isna(objects)] = np.nan
    return objects


def _index(table: pa.Table, spec: tuple, families: dict, num_rows: int) -> pd.Index:
    columns, start, step, name, freq = spec
    if not columns:
        return pd.RangeIndex(start, start + step * num_rows, step, name=_labels.decode(name) if name else None)
    arrays = [_pandas_array(table.column(column), *families[column]) for column in columns]
    names = [_labels.decode_level(column) for column in columns]
    if len(arrays) == 1:
        index = pd.Index(arrays[0], name=names[0], copy=False)
        return _at_intervals(index, freq) if freq else index
    return pd.MultiIndex.from_arrays(arrays, names=names)


def to_pandas(table: _plait.Table) -> Any:
    """The pandas object of a table: DataFrame, Series, Index or a scalar."""
    form, columns, spec = table.schema
    if form == "scalar" and columns[0][1] in ("float64", "int64"):
        value = table.item()  # no need to load pandas and pyarrow
        return np.dtype(columns[0][1]).type(math.nan if value is None else value)
    arrow = pa.table(table)
    families = {name: (dtype, family) for name, dtype, family, _ in columns}
    names = [name for name, *_ in columns if name not in spec[0]]
    arrays = [_pandas_array(arrow.column(name), *families[name]) for name in names]
    if form == "scalar":
        return pd.Series(arrays[0], copy=False).iloc[0]
    if form == "index":
        return pd.Index(arrays[0], name=_labels.decode_name(names[0]), copy=False)
    index = _index(arrow, spec, families, table.num_rows)
    if form == "series":
        return pd.Series(arrays[0], index=index, name=_labels.decode_name(names[0]), copy=False)
    frame = pd.DataFrame(dict(enumerate(arrays)), index=index, copy=False)
    frame.columns = _labels.columns_index(names)
    return frame
