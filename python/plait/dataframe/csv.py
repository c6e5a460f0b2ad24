"""CSV files: ``read_csv``, ``read_table`` and ``to_csv``."""

from __future__ import annotations

import difflib
from functools import partial
from typing import TYPE_CHECKING, Any

from .._lazy import numpy as np
from .._lazy import pandas as pd
from .._lazy import utils
from .. import _plait
from .._files import File, is_remote
from ._collection import build
from ._csv_by_pandas import is_option_of_pandas, read_csv_by_pandas
from ._elsewhere import elsewhere
from ._pandas_calls import answered, no_form
from ._parts import local_paths, write_parts, written_files

if TYPE_CHECKING:
    from .frame import DataFrame

_READ_CSV_OPTIONS = {
    "sep": ",", "delimiter": None, "header": "infer", "names": None, "usecols": None, "dtype": None, "parse_dates": None,
    "na_values": None, "keep_default_na": True, "quotechar": '"', "skiprows": 0, "encoding": None, "engine": None,
    "low_memory": True, "memory_map": False, "index_col": None, "na_filter": True, "skip_blank_lines": True,
}  # fmt: skip


def _checked_options(kwargs: dict) -> dict:
    for name in ("nrows", "iterator", "chunksize"):
        if kwargs.get(name) not in (None, False):
            raise ValueError(f"Keyword '{name}' is not supported in dd.read_csv.")
    if kwargs.get("index_col") is not None and kwargs["index_col"] is not False:
        raise ValueError("Keyword 'index_col' is not supported in dd.read_csv, except for index_col=False. Use dd.read_csv(...).set_index('my-index') instead")
    given = {name: value for name, value in kwargs.items() if name not in ("nrows", "iterator", "chunksize")}
    for name in given:
        if name not in _READ_CSV_OPTIONS and not is_option_of_pandas(name):
            near = difflib.get_close_matches(name, _READ_CSV_OPTIONS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; expected one of {', '.join(sorted(_READ_CSV_OPTIONS))}"
            raise TypeError(f"read_csv: there is no option {name!r}{hint}")
    options = _READ_CSV_OPTIONS | given
    if options["engine"] not in (None, "c", "python", "python-fwf", "pyarrow"):
        raise ValueError(f"read_csv: engine must be 'c', 'python' or 'pyarrow', found {options['engine']!r}; Plait's own parser reads the file")
    return options


def _is_for_pandas(options: dict) -> bool:
    """Whether it takes options that the engine's reader does not have."""
    encoding = (options["encoding"] or "utf-8").lower().replace("_", "-")
    separator = options["delimiter"] or options["sep"]
    return (
        any(name not in _READ_CSV_OPTIONS for name in options)
        or encoding not in ("utf-8", "utf8", "utf-8-sig", "ascii")
        or not options["skip_blank_lines"]
        or not isinstance(options["skiprows"], (int, np.integer, type(None)))
        or (isinstance(separator, str) and len(separator) > 1)
    )


def _check_sampling(sample: Any, sample_rows: Any, enforce: Any) -> None:
    """These arguments have no effect, for the reasons in docs/differences.md; a wrong one is a mistake all the same."""
    if sample is not False and (isinstance(sample, bool) or _bytes(sample, "sample") < 1):
        raise ValueError(f"read_csv: sample must be a number of bytes of at least 1, found {sample!r}")
    if isinstance(sample_rows, bool) or not isinstance(sample_rows, (int, np.integer)) or sample_rows < 1:
        raise ValueError(f"read_csv: sample_rows must be an integer of at least 1, found {sample_rows!r}")
    if not isinstance(enforce, (bool, np.bool_)):
        raise TypeError(f"read_csv: enforce must be True or False, found {enforce!r}")


def _bytes(size: Any, name: str) -> int:
    if isinstance(size, str):
        return utils.parse_bytes(size)
    if isinstance(size, bool) or not isinstance(size, (int, float, np.integer)) or size != int(size):
        raise TypeError(f"read_csv: {name} must be a whole number of bytes or text such as '64MiB', found {size!r}")
    return int(size)


_NAMES: dict[type, str] = {str: "str", int: "int64", float: "float64", bool: "bool"}


def _dtype_text(dtype: Any) -> str:
    parsed = pd.api.types.pandas_dtype(_NAMES.get(dtype, dtype) if isinstance(dtype, type) else dtype)
    return "object" if parsed == object else str(parsed)


def _texts(values: Any) -> list[str]:
    return [str(value) for value in (values if pd.api.types.is_list_like(values) else [values])]


def _read_as_text(dtype: Any) -> tuple[Any, dict]:
    """The dtypes to read, and the types that columns read as text get afterwards: pandas sorts categories, and has several types of text."""
    if not isinstance(dtype, dict):
        later = _type_of_text(dtype)
        return (dtype, {}) if later is None else ("str", {"": later})
    later = {label: _type_of_text(given) for label, given in dtype.items()}
    return (
        {label: given if later[label] is None else "str" for label, given in dtype.items()},
        {label: kind for label, kind in later.items() if kind is not None},
    )


def _type_of_text(dtype: Any) -> Any:
    if dtype is None or dtype in (str, "str", "object", object) or isinstance(dtype, type):
        return None
    parsed = pd.api.types.pandas_dtype(dtype)
    is_text = isinstance(parsed, pd.StringDtype) and parsed.na_value is pd.NA
    return parsed if is_text or isinstance(parsed, pd.CategoricalDtype) else None


def _csv_options(options: dict, assume_missing: bool, compression: Any) -> dict:
    native: dict = {"sep": options["delimiter"] or options["sep"], "quotechar": options["quotechar"]}
    if options["names"] is not None:
        native["names"] = [str(name) for name in options["names"]]
    if options["header"] != "infer":
        if isinstance(options["header"], list):
            raise TypeError("List of header rows is not supported for dd.read_csv")
        if options["header"] is not None and (isinstance(options["header"], bool) or not isinstance(options["header"], (int, np.integer)) or options["header"] < 0):
            raise ValueError(f"read_csv: header must be 'infer', None or the number of a line, found {options['header']!r}")
        native["header"] = options["header"]
    if options["skiprows"]:
        if isinstance(options["skiprows"], bool) or not isinstance(options["skiprows"], (int, np.integer)) or options["skiprows"] < 0:
            raise NotImplementedError(f"read_csv: skiprows takes a number of lines at the start; found {options['skiprows']!r}")
        native["skiprows"] = int(options["skiprows"])
    dtype = options["dtype"]
    if dtype is not None:
        native["dtype"] = {str(k): _dtype_text(v) for k, v in dtype.items()} if isinstance(dtype, dict) else {"": _dtype_text(dtype)}
    missing = options["na_values"]
    if isinstance(missing, dict):
        native["column_na_values"] = {str(k): _texts(v) for k, v in missing.items()}
    elif missing is not None:
        native["na_values"] = _texts(missing)
    # pandas takes no column as index then, and drops the fields at the end of a row for which there is no column.
    native["drop_extra_fields"] = options["index_col"] is False
    native["keep_default_na"] = bool(options["keep_default_na"])
    if not options["na_filter"]:
        native["keep_default_na"] = False
        native.pop("na_values", None)
        native.pop("column_na_values", None)
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
) -> DataFrame:
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
    storage_options : dict, optional
        For files that are not on this machine (``"s3://..."``): what fsspec takes.
    include_path_column : bool or str
        Whether to add a column of the paths, named "path" or as is said here; a converter of that name changes them.
    **kwargs
        ``sep``, ``header``, ``names``, ``usecols``, ``dtype``, ``parse_dates``, ``na_values``, ``keep_default_na``,
        ``quotechar``, ``skiprows`` as in ``pandas.read_csv``. With its other options (``comment``, ``converters``, ``decimal``,
        lists of lines as ``skiprows``, separators of several characters, other encodings, ...), and with the two above, pandas
        reads the blocks, and the types are those at the beginning of the first file: ``sample`` bytes of it.

    Raises
    ------
    ValueError
        If no file fits, or for options that go with whole files. When it is computed: if a block has values that are not of the
        types that were found.
    TypeError
        For an option that pandas does not have.
    """
    options = _checked_options(kwargs)
    _check_sampling(sample, sample_rows, enforce)
    if storage_options or include_path_column or _is_for_pandas(options) or is_remote(urlpath):
        given = {name: value for name, value in options.items() if name not in _READ_CSV_OPTIONS or name in kwargs}
        return read_csv_by_pandas(urlpath, blocksize, lineterminator, compression, sample, assume_missing, storage_options, include_path_column, given)
    lineterminator = None if lineterminator == "\r\n" else lineterminator  # both ends of a line are known
    if lineterminator is not None and (not isinstance(lineterminator, str) or len(lineterminator) != 1):
        raise ValueError(f"read_csv: lineterminator is {lineterminator!r}, expected one character")
    # The engine's ways to say Dask's default, and a file a partition.
    num_bytes = 0 if isinstance(blocksize, str) and blocksize == "default" else -1 if blocksize is None else _bytes(blocksize, "blocksize")
    if blocksize is not None and blocksize != "default" and num_bytes < 1:
        raise ValueError(f"read_csv: blocksize must be at least 1 byte, or None for a file a partition; found {blocksize!r}")
    paths = local_paths(urlpath, "read_csv")

    options["dtype"], later = _read_as_text(options["dtype"])

    chosen, dates = _chosen_columns(options)
    native = _csv_options(options, assume_missing, compression) | {"blocksize": num_bytes, "lineterminator": lineterminator or ""}
    if callable(chosen):
        chosen = [column for column in build("read_csv", paths, native).columns if chosen(column)]
    frame = build("read_csv", paths, native | {"usecols": _columns_of_file(chosen or []), "parse_dates": _columns_of_file(dates)})
    frame = frame[[]] if chosen == [] else frame
    types = {label: kind for label, kind in later.items() if label in frame.columns} if "" not in later else later[""]
    frame = frame.astype(types) if types else frame
    if options["header"] is None and options["names"] is None:
        frame.columns = [int(label) for label in frame.columns]
    return frame


def _chosen_columns(options: dict) -> tuple[Any, list]:
    """What ``usecols=`` and ``parse_dates=`` say: names or positions in lists, or a function of the names."""
    usecols, dates = options["usecols"], options["parse_dates"]
    if isinstance(usecols, str) or isinstance(dates, (str, dict)):
        which = "usecols" if isinstance(usecols, str) else "parse_dates"
        raise TypeError(f"read_csv: {which} takes a list of columns; found {options[which]!r}")
    dates = [] if dates is None or isinstance(dates, (bool, np.bool_)) else list(dates)
    if any(not isinstance(d, (str, int, np.integer)) or isinstance(d, bool) for d in dates):
        raise NotImplementedError(f"read_csv: parse_dates= takes names or positions of columns; found {dates!r}")
    return usecols if usecols is None or callable(usecols) else list(usecols), dates


def _columns_of_file(columns: list) -> list:
    return [int(column) if isinstance(column, (int, np.integer)) else str(column) for column in columns]


def read_table(urlpath: Any, **kwargs: Any) -> DataFrame:
    """Files of values between tabs; see :func:`read_csv`."""
    return read_csv(urlpath, **({"sep": "\t"} | kwargs))


class _WriteCsv:
    def __init__(self, options: dict, header_first_only: bool):
        self.options = options
        self.header_first_only = header_first_only

    def __call__(self, part: Any, path: str, number: int) -> None:
        options = dict(self.options)
        if self.header_first_only and number > 0:
            options["header"] = False
        part.to_csv(path, **options)


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
    storage_options : dict, optional
        For places that are not of this machine (``"s3://..."``): what fsspec takes. Files go there when all are whole.
    single_file : bool
        Whether to write all partitions to one file.
    compute : bool
        Whether to write now; else the names are returned as delayed values, each of which writes all files.

    Returns
    -------
    list of str
        The names of the files.
    """
    if mode not in ("w", "wt", "x", "xt"):
        raise NotImplementedError(f"to_csv: mode={mode!r} is not there; expected 'w', or 'x' for files that must not exist yet")
    place = elsewhere("to_csv", filename, storage_options)
    (path,) = [place.local] if place else local_paths(filename, "to_csv")
    if mode.startswith("x"):
        for name in _plait.csv_files(path, 1 if single_file else df.npartitions, bool(single_file), name_function).names:
            file = place.file(name) if place else File(name, None)
            if file.exists():
                raise FileExistsError(f"to_csv: {file.path!r} exists, and mode={mode!r} replaces no file")
    if place:
        same = {"encoding": encoding, "name_function": name_function, "compression": compression, "scheduler": scheduler, **kwargs}
        write = partial(to_csv, df, single_file=single_file, header_first_partition_only=header_first_partition_only, compute_kwargs=compute_kwargs, **same)
        return place.written(write, compute)
    options = dict(kwargs, encoding=encoding, compression=compression)
    header = kwargs.get("header", True)
    is_plain = compression is None and encoding.lower() in ("utf-8", "utf8") and df.columns.nlevels == 1
    first_only = bool(header_first_partition_only)
    if is_plain and set(kwargs) <= {"sep", "na_rep", "header", "index"} and isinstance(header, bool):
        answer = build(
            "to_csv", df, path, kwargs.get("sep", ","), kwargs.get("na_rep", ""), header, bool(kwargs.get("index", True)), first_only,
            bool(single_file), name_function,
        )  # fmt: skip
    else:
        answer = no_form("to_csv: options of pandas")
    written = answered(answer, _to_csv_by_pandas, df, path, single_file, name_function, options, first_only)
    settings = dict(compute_kwargs or {})
    if scheduler is not None and settings.setdefault("scheduler", scheduler) != scheduler:
        raise ValueError("to_csv: scheduler= and compute_kwargs= name different schedulers")
    return written_files(written, 1 if single_file else df.npartitions, compute, settings)


def _to_csv_by_pandas(df: Any, path: str, single_file: bool, name_function: Any, options: dict, first_only: bool, reason: str) -> Any:
    part = df.repartition(npartitions=1) if single_file and df.npartitions > 1 else df
    files = _plait.csv_files(path, part.npartitions, bool(single_file), name_function)
    return write_parts(part, files, _WriteCsv(options, first_only), "to_csv", reason)


__all__ = ["read_csv", "read_table", "to_csv"]
