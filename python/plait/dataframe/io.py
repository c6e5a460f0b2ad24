"""Frames from and to files and pandas objects."""

from __future__ import annotations

import bisect
import glob
import os
from typing import Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .. import _plait
from . import _convert
from ._collection import FrameBase, build
from ._literals import NotNative, literal
from ._pandas_calls import on_partitions

# from_pandas


def _even_cuts(num_rows: int, npartitions: int) -> list[int]:
    """Starts of partitions that differ by one row at most, the longer ones first."""
    size, longer = divmod(num_rows, npartitions)
    return [i * size + min(i, longer) for i in range(npartitions)]


class _SortedCuts:
    """Where Dask cuts a sorted index: about even, equal labels together."""

    def __init__(self, labels: list, npartitions: int | None, chunksize: int | None):
        self.labels = labels
        self.unique = sorted(set(labels))
        self.is_unique = len(self.unique) == len(labels)
        self.firsts = None if self.is_unique else [bisect.bisect_left(labels, x) for x in self.unique]
        self.exact = bool(not self.is_unique and npartitions and len(self.unique) >= npartitions)
        self.npartitions = npartitions
        self.by_count = bool(npartitions)
        self.size, self.longer = divmod(len(labels), npartitions) if npartitions else (chunksize, 0)

    def _length(self, partition: int) -> int:
        return self.size + (partition < self.longer)

    def cuts(self) -> tuple[list, list[int]]:
        if self.is_unique:
            return self._unique_cuts()
        divisions, locations = [self.labels[0]], [0]
        wanted, drift = self._length(0), 0
        remaining = self.npartitions - 1 if self.exact else 0
        group = None
        while wanted < len(self.labels):
            if group is None:
                group = bisect.bisect_left(self.unique, self.labels[wanted])
            if self.exact and remaining > len(self.unique) - group:
                group -= remaining - (len(self.unique) - group)
                wanted = self.firsts[group]
            label, start = self.labels[wanted], self.firsts[group]
            if label <= divisions[-1]:
                group += 1
                wanted = self.firsts[group] if group < len(self.firsts) else len(self.labels)
                continue
            if self.by_count:
                drift += start - locations[-1] - self._length(len(divisions) - 1)
            remaining -= self.exact
            wanted = start + max(1, self._length(len(divisions)) - drift)
            divisions.append(label)
            locations.append(start)
            group = None
        return [*divisions, self.labels[-1]], [*locations, len(self.labels)]

    def _unique_cuts(self) -> tuple[list, list[int]]:
        locations = [0]
        while (following := locations[-1] + max(1, self._length(len(locations) - 1))) < len(self.labels):
            locations.append(following)
        return [*(self.labels[i] for i in locations), self.labels[-1]], [*locations, len(self.labels)]


def _range_cuts(index: pd.RangeIndex, npartitions: int | None, chunksize: int | None) -> tuple[list, list[int]]:
    """As _SortedCuts, without a list of the labels."""
    num_rows = len(index)
    if npartitions:
        locations = _even_cuts(num_rows, min(npartitions, num_rows))
    else:
        locations = list(range(0, num_rows, chunksize))
    return [*(int(index[i]) for i in locations), int(index[-1])], [*locations, num_rows]


def _cuts(data: Any, npartitions: int | None, sort: bool, chunksize: int | None) -> tuple[list | None, list[int]]:
    num_rows = len(data)
    if num_rows == 0:
        return None, [0] * ((npartitions or 1) + 1)
    if sort or data.index.is_monotonic_increasing:
        if isinstance(data.index, pd.RangeIndex) and data.index.step > 0:
            return _range_cuts(data.index, npartitions, chunksize)
        return _SortedCuts(list(data.index), npartitions, chunksize).cuts()
    size = chunksize if npartitions is None else -(-num_rows // npartitions)
    return None, [*range(0, num_rows, size), num_rows]


def _literal_divisions(divisions: list | None) -> list | None:
    if divisions is None:
        return None
    try:
        return [literal(d) for d in divisions]
    except NotNative:
        return None


def from_pandas(data: Any, npartitions: int | None = None, sort: bool = True, chunksize: int | None = None) -> FrameBase:
    """A lazy frame of a pandas frame or series.

    Parameters
    ----------
    data : DataFrame or Series
        Its memory is shared, not copied, where the layout allows.
    npartitions : int, optional
        Number of partitions; about that many where the index has equal labels, which stay together.
    sort : bool
        Whether to sort by the index, so that divisions are known.
    chunksize : int, optional
        Rows a partition, instead of ``npartitions``.
    """
    if isinstance(data, FrameBase):
        raise TypeError("from_pandas takes a pandas object, found a lazy one")
    if not isinstance(data, (pd.DataFrame, pd.Series)):
        raise TypeError("Input must be a pandas DataFrame or Series.")
    if isinstance(data.index, pd.MultiIndex):
        raise NotImplementedError("Dask does not support MultiIndex Dataframes.")
    if npartitions is not None and not isinstance(npartitions, (int, np.integer)):
        raise TypeError(f"Please provide npartitions as an int, or possibly as None if you specify chunksize; found {npartitions!r}")
    if npartitions is not None and npartitions < 1:
        raise ValueError(f"npartitions must be at least 1, found {npartitions}")
    if chunksize is not None and not isinstance(chunksize, (int, np.integer)):
        raise TypeError("Please provide chunksize as an int, or possibly as None if you specify npartitions.")
    if npartitions is None and chunksize is None:
        npartitions = 1
    if sort and not data.index.is_monotonic_increasing:
        data = data.sort_index(ascending=True)
    divisions, cuts = _cuts(data, npartitions if chunksize is None else None, sort, chunksize)
    table = _convert.to_table(data)
    if table is not None:
        parts: list = [table.slice(start, stop - start) for start, stop in zip(cuts, cuts[1:])]
        schema = table.empty()
    else:
        parts = [data.iloc[start:stop] for start, stop in zip(cuts, cuts[1:])]
        schema = _convert.schema_table(data)
    return build("frame_from_partitions", parts, schema, _literal_divisions(divisions))


def from_dict(data: dict, npartitions: int, orient: str = "columns", dtype: Any = None, columns: Any = None, constructor: Any = None) -> FrameBase:
    """A lazy frame of a dict of columns."""
    return from_pandas(pd.DataFrame.from_dict(data, orient, dtype, columns), npartitions)


# read_csv

_READ_CSV_OPTIONS = {
    "sep": ",", "delimiter": None, "header": "infer", "names": None, "usecols": None, "dtype": None, "parse_dates": None,
    "na_values": None, "keep_default_na": True, "quotechar": '"', "skiprows": 0, "encoding": None, "engine": None,
    "low_memory": True, "memory_map": False, "index_col": None, "na_filter": True, "skip_blank_lines": True,
}  # fmt: skip


def _dtype_text(dtype: Any) -> str:
    parsed = pd.api.types.pandas_dtype({"string": "str", str: "str", int: "int64", float: "float64", bool: "bool"}.get(dtype, dtype) if isinstance(dtype, (str, type)) else dtype)
    return "object" if parsed == object else str(parsed)


def _csv_options(options: dict, assume_missing: bool, compression: Any) -> dict:
    native: dict = {"sep": options["delimiter"] or options["sep"], "quotechar": options["quotechar"]}
    if options["names"] is not None:
        native["names"] = [str(name) for name in options["names"]]
    if options["header"] != "infer":
        if isinstance(options["header"], list):
            raise TypeError("List of header rows is not supported for dd.read_csv")
        native["header"] = options["header"]
    if options["skiprows"]:
        native["skiprows"] = int(options["skiprows"])
    dtype = options["dtype"]
    if dtype is not None:
        native["dtype"] = {str(k): _dtype_text(v) for k, v in dtype.items()} if isinstance(dtype, dict) else {"": _dtype_text(dtype)}
    dates = options["parse_dates"]
    if dates:
        native["parse_dates"] = [str(column) for column in dates]
    missing = options["na_values"]
    if isinstance(missing, dict):
        native["column_na_values"] = {str(k): [str(x) for x in ([v] if isinstance(v, str) else list(v))] for k, v in missing.items()}
    elif missing is not None:
        native["na_values"] = [str(x) for x in ([missing] if not pd.api.types.is_list_like(missing) else missing)]
    native["keep_default_na"] = bool(options["keep_default_na"])
    # Dask: a single dtype says the type of every column, so nothing is inferred that could be missing.
    native["assume_missing"] = bool(assume_missing) and not (dtype is not None and not isinstance(dtype, dict))
    if compression != "infer":
        native["compression"] = compression or "none"
    return native


def read_csv(
    urlpath: Any,
    blocksize: Any = "default",
    lineterminator: str | None = None,
    compression: Any = "infer",
    sample: Any = 256000,
    sample_rows: int = 10,
    enforce: bool = False,
    assume_missing: bool = False,
    storage_options: Any = None,
    include_path_column: Any = False,
    **kwargs: Any,
) -> FrameBase:
    """CSV files as a lazy frame.

    Types are inferred over all blocks; a column that turns out wider while it is read is read again, so that the result is
    what pandas gives for the whole file.

    Parameters
    ----------
    urlpath : str or list of str
        Files or patterns (``"flights-*.csv"``).
    blocksize : int, str or None
        Bytes a partition; None is a file a partition.
    assume_missing : bool
        Whether integer columns without a given dtype are float64.
    **kwargs
        ``sep``, ``header``, ``names``, ``usecols``, ``dtype``, ``parse_dates``, ``na_values``, ``keep_default_na``,
        ``quotechar``, ``skiprows`` as in ``pandas.read_csv``.
    """
    for name in ("index_col", "nrows", "iterator", "chunksize"):
        if kwargs.get(name) not in (None, False):
            hint = " Use dd.read_csv(...).set_index('my-index') instead" if name == "index_col" else ""
            raise ValueError(f"Keyword '{name}' is not supported in dd.read_csv.{hint}")
        kwargs.pop(name, None)
    for name in kwargs:
        if name not in _READ_CSV_OPTIONS:
            raise TypeError(f"read_csv: the option {name!r} is not there yet")
    if include_path_column:
        raise NotImplementedError("read_csv: include_path_column is not there yet")
    if lineterminator not in (None, "\n"):
        raise NotImplementedError("read_csv: lineterminator is not there yet")
    options = _READ_CSV_OPTIONS | kwargs
    encoding = (options["encoding"] or "utf-8").lower().replace("_", "-")
    if encoding not in ("utf-8", "utf8", "utf-8-sig", "ascii"):
        raise NotImplementedError(f"read_csv: the encoding {options['encoding']!r} is not there yet; expected utf-8")
    if blocksize == "default":
        blocksize = _plait.default_csv_blocksize()
    elif isinstance(blocksize, str):
        from ..utils import parse_bytes

        blocksize = parse_bytes(blocksize)
    paths = [urlpath] if isinstance(urlpath, (str, os.PathLike)) else list(urlpath)
    paths = [os.fspath(path).removeprefix("file://") for path in paths]
    usecols = options["usecols"]
    return build(
        "frame_read_csv", paths, _csv_options(options, assume_missing, compression), int(blocksize or 0),
        [] if usecols is None else [str(c) for c in usecols],
    )  # fmt: skip


def read_table(urlpath: Any, **kwargs: Any) -> FrameBase:
    """Files of values between tabs; see :func:`read_csv`."""
    return read_csv(urlpath, **({"sep": "\t"} | kwargs))


# to_csv


class _WritePart:
    """Writes a partition under a temporary name, which becomes the final one when the file is whole."""

    def __init__(self, names: list[str], write: Any):
        self.names = names
        self.write = write

    def __call__(self, part: Any, number: Any) -> pd.Series:
        number = int(number.iloc[0])
        name = self.names[number]
        temporary = f"{name}.{os.getpid()}.tmp"
        try:
            self.write(part, temporary, number)
            os.replace(temporary, name)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise
        return pd.Series([name])


class _WriteCsv:
    def __init__(self, options: dict, header_first_only: bool):
        self.options = options
        self.header_first_only = header_first_only

    def __call__(self, part: Any, path: str, number: int) -> None:
        options = dict(self.options)
        if self.header_first_only and number > 0:
            options["header"] = False
        part.to_csv(path, **options)


def _numbers(frame: FrameBase) -> FrameBase:
    return from_pandas(pd.Series(range(frame.npartitions)), npartitions=frame.npartitions)


def _write_parts(frame: FrameBase, names: list[str], write: Any, label: str) -> FrameBase:
    meta = pd.Series([], dtype="str")
    return on_partitions(_WritePart(names, write), frame, _numbers(frame), label=label, meta=meta, keeps_divisions=False)


def _part_names(path: str, count: int, suffix: str, name_function: Any) -> list[str]:
    width = len(str(count - 1))
    number = name_function or (lambda i: str(i).zfill(width))
    if "*" in path:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        return [path.replace("*", number(i)) for i in range(count)]
    os.makedirs(path, exist_ok=True)
    return [os.path.join(path, f"{number(i)}{suffix}") for i in range(count)]


def to_csv(
    df: Any,
    filename: Any,
    single_file: bool = False,
    encoding: str = "utf-8",
    mode: str = "wt",
    name_function: Any = None,
    compression: Any = None,
    compute: bool = True,
    scheduler: Any = None,
    storage_options: Any = None,
    header_first_partition_only: Any = None,
    compute_kwargs: Any = None,
    **kwargs: Any,
) -> Any:
    """Write one CSV file a partition.

    Parameters
    ----------
    filename : str
        ``"out-*.csv"``: the star becomes the number of the partition; a name without one is a folder of ``.part`` files.
    single_file : bool
        Whether to write all partitions to one file.
    compute : bool
        Whether to write now; else the lazy names are returned.

    Returns
    -------
    list of str
        The names of the files.
    """
    path = os.fspath(filename)
    options = dict(kwargs, encoding=encoding, compression=compression)
    if single_file:
        part = df.repartition(npartitions=1) if df.npartitions > 1 and df._is_native else df
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        names = [path]
        df = part
    else:
        names = _part_names(path, df.npartitions, ".part", name_function)
    header = kwargs.get("header", True)
    is_native = df._is_native and compression is None and encoding.lower() in ("utf-8", "utf8") and mode in ("w", "wt")
    if is_native and set(kwargs) <= {"sep", "na_rep", "header", "index"} and isinstance(header, bool) and df.columns.nlevels == 1:
        written = build(
            "frame_write_csv", df, names, kwargs.get("sep", ","), kwargs.get("na_rep", ""), header, bool(kwargs.get("index", True)),
            bool(header_first_partition_only),
        )  # fmt: skip
        if not compute:
            return written
        written.compute(scheduler=scheduler, **(compute_kwargs or {}))
        return names
    written = _write_parts(df, names, _WriteCsv(options, bool(header_first_partition_only)), "to_csv")
    if not compute:
        return written
    return list(written.compute(scheduler=scheduler, **(compute_kwargs or {})))


# Parquet


def read_parquet(
    path: Any = None,
    columns: Any = None,
    filters: Any = None,
    categories: Any = None,
    index: Any = None,
    storage_options: Any = None,
    dtype_backend: Any = None,
    calculate_divisions: bool = False,
    ignore_metadata_file: bool = False,
    metadata_task_size: Any = None,
    split_row_groups: Any = "infer",
    blocksize: Any = "default",
    aggregate_files: Any = None,
    parquet_file_extension: Any = (".parq", ".parquet", ".pq"),
    filesystem: Any = "fsspec",
    engine: Any = None,
    arrow_to_pandas: Any = None,
    **kwargs: Any,
) -> FrameBase:
    """Parquet files as a lazy frame, a file a partition.

    Parameters
    ----------
    path : str or list of str
        Files, patterns, or a folder.
    columns : str or list of str, optional
        Columns to read; one as text gives a series.
    """
    for name, value in (("filters", filters), ("categories", categories), ("dtype_backend", dtype_backend)):
        if value is not None:
            raise NotImplementedError(f"read_parquet: {name}= is not there yet")
    paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
    names = [columns] if isinstance(columns, str) else list(columns or [])
    frame = build("frame_read_parquet", [os.fspath(p) for p in paths], names)
    if index is False:
        frame = frame.reset_index()
    elif index is not None:
        frame = frame.set_index(index, sorted=True)
    return frame[columns] if isinstance(columns, str) else frame


class _WriteParquet:
    def __init__(self, options: dict):
        self.options = options

    def __call__(self, part: Any, path: str, number: int) -> None:
        part.to_parquet(path, **self.options)


def to_parquet(
    df: Any,
    path: Any,
    compression: Any = "snappy",
    write_index: bool = True,
    append: bool = False,
    overwrite: bool = False,
    ignore_divisions: bool = False,
    partition_on: Any = None,
    storage_options: Any = None,
    custom_metadata: Any = None,
    write_metadata_file: Any = None,
    compute: bool = True,
    compute_kwargs: Any = None,
    schema: Any = "infer",
    name_function: Any = None,
    filesystem: Any = None,
    engine: Any = None,
    **kwargs: Any,
) -> Any:
    """Write a folder of Parquet files, ``part.<number>.parquet``, one a partition."""
    if append or partition_on is not None:
        raise NotImplementedError("to_parquet: append= and partition_on= are not there yet")
    folder = os.fspath(path)
    if overwrite and os.path.isdir(folder):
        for old in glob.glob(os.path.join(glob.escape(folder), "part.*.parquet")):
            os.unlink(old)
    os.makedirs(folder, exist_ok=True)
    name = name_function or (lambda i: f"part.{i}.parquet")
    names = [os.path.join(folder, name(i)) for i in range(df.npartitions)]
    if df._is_native and not kwargs and custom_metadata is None:
        written = build("frame_write_parquet", df, names, compression or "none", bool(write_index))
        if not compute:
            return written
        written.compute(**(compute_kwargs or {}))
        return None
    write = _WriteParquet({"compression": compression, "index": None if write_index else False, "engine": "pyarrow"})
    written = _write_parts(df, names, write, "to_parquet")
    if not compute:
        return written
    written.compute(**(compute_kwargs or {}))
    return None


__all__ = ["from_dict", "from_pandas", "read_csv", "read_parquet", "to_csv", "to_parquet"]
