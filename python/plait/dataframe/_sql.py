"""Tables of databases, by way of SQLAlchemy: read_sql_table, read_sql_query, read_sql and to_sql."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .._lazy import LazyModule
from .._lazy import numpy as np
from .._lazy import pandas as pd
from ..delayed import delayed
from .._lazy import utils
from ._collection import FrameBase
from ._delayed import from_delayed
from ._from_pandas import from_pandas
from ._pandas_calls import make_meta

_alchemy: Any = LazyModule("sqlalchemy")


def _check_there(function: str) -> None:
    try:
        _ = _alchemy.create_engine
    except ImportError:
        raise ImportError(f"{function}: the package sqlalchemy is needed (pip install sqlalchemy)") from None


class _Database:
    """A database by its URI, which may be sent to another process."""

    def __init__(self, uri: str, options: dict | None):
        self.uri, self.options = uri, options or {}

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """An engine of SQLAlchemy for a while."""
        engine = _alchemy.create_engine(self.uri, **self.options)
        try:
            yield engine
        finally:
            engine.dispose()


def read_sql_table(
    table_name: str,
    con: str,
    index_col: Any,
    divisions: Any = None,
    npartitions: int | None = None,
    limits: Any = None,
    columns: Any = None,
    bytes_per_chunk: Any = "256 MiB",
    head_rows: int = 5,
    schema: str | None = None,
    meta: Any = None,
    engine_kwargs: dict | None = None,
    **kwargs: Any,
) -> FrameBase:
    """A table of a database as a lazy frame; a partition is a range of one of its columns.

    Parameters
    ----------
    table_name : str
        The table.
    con : str
        The URI of the database, as SQLAlchemy takes it.
    index_col : str
        The column that becomes the index. Rows where it is NULL are left out.
    columns : list of str, optional
        Which columns; all by default.
    schema : str, optional
        Of the database.
    divisions, npartitions, limits, bytes_per_chunk, head_rows, meta, engine_kwargs : optional
        See :func:`read_sql_query`.
    **kwargs : object
        For ``pandas.read_sql``.

    Returns
    -------
    DataFrame

    Raises
    ------
    ImportError
        If SQLAlchemy is not installed.
    TypeError, ValueError
        If an argument is none, or the table has no such column.

    Examples
    --------
    >>> dd.read_sql_table("accounts", "sqlite:///bank.db", index_col="id", npartitions=10)  # doctest: +SKIP
    """
    _check_there("read_sql_table")
    for name, value in (("table_name", table_name), ("con", con)):
        if not isinstance(value, str):
            raise TypeError(f"read_sql_table: `{name}` must be of type str, not {type(value).__name__}")
    with _Database(con, engine_kwargs).connected() as engine:
        table = _alchemy.Table(table_name, _alchemy.MetaData(), autoload_with=engine, schema=schema)
    known = [column.name for column in table.columns]
    wanted = known if columns is None else [column if isinstance(column, str) else column.name for column in columns]
    label = index_col if isinstance(index_col, str) else index_col.name
    unknown = [column for column in [*wanted, label] if column not in known]
    if unknown:
        raise ValueError(f"read_sql_table: the table {table_name!r} has no column {unknown[0]!r}; it has {', '.join(known)}")
    chosen = [table.columns[column] for column in [*wanted, *([] if label in wanted else [label])]]
    query = _alchemy.select(*chosen)
    return _read("read_sql_table", query, con, table.columns[label], divisions, npartitions, limits, bytes_per_chunk, head_rows, meta, engine_kwargs, kwargs)


def read_sql_query(
    sql: Any,
    con: str,
    index_col: Any,
    divisions: Any = None,
    npartitions: int | None = None,
    limits: Any = None,
    bytes_per_chunk: Any = "256 MiB",
    head_rows: int = 5,
    meta: Any = None,
    engine_kwargs: dict | None = None,
    **kwargs: Any,
) -> FrameBase:
    """The rows of a query as a lazy frame; a partition is a range of one of its columns.

    Parameters
    ----------
    sql : sqlalchemy Selectable
        The query; no text.
    con : str
        The URI of the database, as SQLAlchemy takes it.
    index_col : str or sqlalchemy column
        The column that becomes the index. Rows where it is NULL are left out.
    divisions : list, optional
        The values at which partitions begin, and the last one.
    npartitions : int, optional
        How many partitions, of equal ranges of a column of numbers or times.
    limits : tuple, optional
        The first and last value; by default they are asked of the database.
    bytes_per_chunk : int or str
        The size of partitions, where neither of them is given.
    head_rows : int
        How many rows tell the types, and how large a row is.
    meta : optional
        The columns and their types.
    engine_kwargs : dict, optional
        For ``sqlalchemy.create_engine``.
    **kwargs : object
        For ``pandas.read_sql``.

    Returns
    -------
    DataFrame

    Raises
    ------
    ImportError
        If SQLAlchemy is not installed.
    TypeError, ValueError
        If an argument is none, or ranges cannot be told.
    """
    _check_there("read_sql_query")
    if not isinstance(con, str):
        raise TypeError(f"read_sql_query: 'con' must be of type str, not {type(con).__name__}")
    if isinstance(sql, str) or not hasattr(sql, "where"):
        raise TypeError(f"read_sql_query: expected a query of SQLAlchemy, such as select(...), found {type(sql).__name__}")
    if index_col is None:
        raise ValueError("read_sql_query: Must specify index column to partition on")
    column = _alchemy.column(index_col) if isinstance(index_col, str) else index_col
    return _read("read_sql_query", sql, con, column, divisions, npartitions, limits, bytes_per_chunk, head_rows, meta, engine_kwargs, kwargs)


def read_sql(sql: Any, con: str, index_col: Any, **kwargs: Any) -> FrameBase:
    """A table by its name, or the rows of a query: see :func:`read_sql_table` and :func:`read_sql_query`."""
    return (read_sql_table if isinstance(sql, str) else read_sql_query)(sql, con, index_col, **kwargs)


def _read(
    function: str,
    query: Any,
    con: str,
    column: Any,
    divisions: Any,
    npartitions: int | None,
    limits: Any,
    bytes_per_chunk: Any,
    head_rows: int,
    meta: Any,
    engine_kwargs: dict | None,
    kwargs: dict,
) -> FrameBase:
    if divisions is not None and npartitions is not None:
        raise TypeError(f"{function}: Must supply either 'divisions' or 'npartitions', not both")
    if head_rows <= 0 and (meta is None or (divisions is None and npartitions is None)):
        raise ValueError(f"{function}: Must provide 'meta', and 'divisions' or 'npartitions', if 'head_rows' is 0")
    database = _Database(con, engine_kwargs)
    options = kwargs | {"index_col": column.name}
    with database.connected() as engine:
        head = pd.read_sql(query.limit(head_rows), engine, **options) if head_rows > 0 else None
        if head is not None and not len(head):
            return from_pandas(head, npartitions=1)
        like = make_meta(head if meta is None else meta)
        if divisions is None:
            divisions = _divisions(function, query, engine, column, npartitions, limits, head, utils.parse_bytes(bytes_per_chunk))
    if len(divisions) < 2:
        raise ValueError(f"{function}: expected at least two divisions, found {len(divisions)}")
    part = delayed(_Rows(database, options, like), pure=True, name="read-sql")
    parts = []
    for number, (start, stop) in enumerate(zip(divisions, divisions[1:])):
        ends = column <= stop if number == len(divisions) - 2 else column < stop
        parts.append(part(query.where(column >= start, ends)))
    return from_delayed(parts, meta=like, divisions=tuple(divisions), prefix="read-sql", verify_meta=False)


def _divisions(function: str, query: Any, engine: Any, column: Any, npartitions: int | None, limits: Any, head: Any, size: float) -> list:
    """Equal ranges from the first to the last value."""
    count = _alchemy.func.count
    if limits is None:
        rows = query.subquery()
        own = rows.columns[column.name]
        found = pd.read_sql(_alchemy.select(_alchemy.func.min(own).label("first"), _alchemy.func.max(own).label("last")), engine)
        first, last = found.iloc[0]
        if isinstance(first, str) and head is not None and head.index.dtype.kind == "M":
            first, last = pd.Timestamp(first), pd.Timestamp(last)
    else:
        first, last = limits
    if npartitions is None:
        rows = query.subquery()
        number = pd.read_sql(_alchemy.select(count().label("number")).select_from(rows), engine)["number"].iloc[0]
        each = head.memory_usage(deep=True, index=True).sum() / len(head)
        npartitions = int(round(number * each / size)) or 1
    if isinstance(first, (datetime.datetime, np.datetime64)):
        return [*pd.date_range(first, last, periods=npartitions + 1)] if first != last else [pd.Timestamp(first)] * 2
    if isinstance(first, (int, float, np.number)) and not isinstance(first, bool):
        is_whole = all(isinstance(each, (int, np.integer)) or float(each).is_integer() for each in (first, last))
        ends = np.linspace(first, last, npartitions + 1, dtype=np.int64 if is_whole and _is_whole(head) else np.float64).tolist()
        return [end for number, end in enumerate(ends) if number in (0, len(ends) - 1) or end > ends[number - 1]]
    raise TypeError(
        f'{function}: Provided index column is of type "{type(first).__name__}".  If divisions is not provided the index column type must be numeric or datetime.'
    )


def _is_whole(head: Any) -> bool:
    return head is None or head.index.dtype.kind in "iu"


class _Rows:
    """Reads the rows of a query."""

    def __init__(self, database: _Database, options: dict, like: Any):
        self.database, self.options, self.like = database, options, like

    def __call__(self, query: Any) -> Any:
        with self.database.connected() as engine:
            rows = pd.read_sql(query, engine, **self.options)
        return rows.astype(self.like.dtypes.to_dict()) if len(rows) else self.like


def to_sql(
    df: Any,
    name: str,
    uri: str,
    schema: str | None = None,
    if_exists: str = "fail",
    index: bool = True,
    index_label: Any = None,
    chunksize: int | None = None,
    dtype: Any = None,
    method: Any = None,
    compute: bool = True,
    parallel: bool = False,
    engine_kwargs: dict | None = None,
) -> Any:
    """Write the rows into a table of a database.

    Parameters
    ----------
    df : DataFrame
        The rows.
    name : str
        The table.
    uri : str
        The URI of the database, as SQLAlchemy takes it.
    if_exists : {"fail", "replace", "append"}
        What to do with a table that is there.
    index : bool
        Whether the labels of the rows become a column, named ``index_label``, or as the index.
    schema, index_label, chunksize, dtype, method : optional
        As in ``pandas.DataFrame.to_sql``.
    compute : bool
        Whether to write now; else a delayed value is given, which does, or a list of them if ``parallel``.
    parallel : bool
        Whether partitions are written side by side, rather than in their order.
    engine_kwargs : dict, optional
        For ``sqlalchemy.create_engine``.

    Raises
    ------
    ImportError
        If SQLAlchemy is not installed.
    ValueError
        If the table is there, and ``if_exists`` is "fail".
    """
    _check_there("to_sql")
    if not isinstance(uri, str):
        raise ValueError(f"Expected URI to be a string, got {type(uri)}.")
    if if_exists not in ("fail", "replace", "append"):
        raise ValueError(f"to_sql: if_exists is {if_exists!r}, expected 'fail', 'replace' or 'append'")
    options = {"name": name, "schema": schema, "index": index, "index_label": index_label, "chunksize": chunksize, "dtype": dtype, "method": method}
    write = delayed(_Write(_Database(uri, engine_kwargs), options))
    made = write(df._meta, if_exists, None)
    if parallel:
        written = [write(part, "append", made) for part in df.to_delayed()]
    else:
        last = made
        for part in df.to_delayed():
            last = write(part, "append", last)
        written = [last]
    if not compute:
        return written if parallel else written[0]
    delayed(_nothing)(written).compute()
    return None


def _nothing(written: list) -> None:
    return None


class _Write:
    """Writes some rows, after others."""

    def __init__(self, database: _Database, options: dict):
        self.database, self.options = database, options

    def __call__(self, part: Any, if_exists: str, before: Any) -> None:
        with self.database.connected() as engine:
            part.to_sql(con=engine, if_exists=if_exists, **self.options)
