"""Bags of the records of Avro files, and Avro files of bags. The package fastavro reads and writes them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ._bag import Bag
from ._collection import ops
from .._files import File, files_to_read, files_to_write, line_after
from ._sizes import bytes_argument
from ._writing import write_partitions

_MAGIC = b"Obj\x01"
_SYNC_BYTES = 16


def _fastavro(what: str) -> Any:
    try:
        import fastavro
    except ImportError:
        raise ImportError(f"{what} needs the package fastavro (pip install fastavro)") from None
    return fastavro


def read_avro(urlpath: Any, blocksize: int | str | None = 100_000_000, storage_options: dict | None = None, compression: str | None = None) -> Bag:
    """The records of Avro files, as dicts.

    Parameters
    ----------
    urlpath : str, path, or list of them
        Patterns stand for all files that fit.
    blocksize : int or str, optional
        About how many bytes of a file make a partition; None: a file is one.
    storage_options : dict, optional
        For files that are not local, which fsspec reads.
    compression : str, optional
        Of the whole file, which cannot be cut then.

    Raises
    ------
    ImportError
        If fastavro is not there.
    ValueError
        If a file is no Avro file.
    """
    _fastavro("read_avro")
    files = files_to_read("read_avro", urlpath, compression, storage_options)
    if blocksize is None or compression is not None:
        return Bag._of(ops.call([ops.from_partitions(files, "files")], _records_of_file, "read_avro", False))
    size = bytes_argument("read_avro", "blocksize", blocksize)
    parts = [(file, start, start + size, *_head_of(file)) for file in files for start in range(0, file.size, size)]
    return Bag._of(ops.call([ops.from_partitions(parts, "files")], _records_of_block, "read_avro", False))


def _records_of_file(file: File) -> list:
    with file.reader() as raw:
        return list(_fastavro("read_avro").reader(raw))


def _head_of(file: File) -> tuple[bytes, bytes]:
    """What a file begins with, and the mark between its blocks."""
    with file.opened() as raw:
        if raw.read(len(_MAGIC)) != _MAGIC:
            raise ValueError(f"read_avro: {file.path} is no Avro file: it does not begin with {_MAGIC!r}")
        while number := _long(raw):
            if number < 0:  # the size of the block follows
                _long(raw)
            for _ in range(2 * abs(number)):
                raw.read(_long(raw))
        mark = raw.read(_SYNC_BYTES)
        end = raw.tell()
        raw.seek(0)
        return raw.read(end), mark


def _long(raw: Any) -> int:
    number = shift = 0
    while True:
        (byte,) = raw.read(1)
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return (number >> 1) ^ -(number & 1)


def _records_of_block(block: tuple) -> list:
    file, start, end, head, mark = block
    with file.opened() as raw:
        first, last = line_after(raw, start, mark), line_after(raw, end, mark)
        raw.seek(first)
        data = raw.read(last - first)
    return list(_fastavro("read_avro").reader(io.BytesIO(data if start == 0 else head + data)))


def to_avro(
    b: Bag,
    filename: Any,
    schema: dict,
    name_function: Callable[[int], str] | None = None,
    storage_options: dict | None = None,
    codec: str = "null",
    sync_interval: int = 16000,
    metadata: dict | None = None,
    compute: bool = True,
    **kwargs: Any,
) -> list:
    """Write every partition to an Avro file. If that fails, no file is there that was not there before.

    Parameters
    ----------
    b : Bag
        Of dicts.
    filename : str or list of str
        A pattern whose ``*`` the number of the partition replaces, a folder, or a path for each partition.
    schema : dict
        Of a record, with its "name", "type" and "fields".
    name_function : callable, optional
        What replaces the ``*``, of the number of the partition.
    storage_options : dict, optional
        For places that are not of this machine: what fsspec takes. Files go there when all are whole.
    codec : {"null", "deflate", "snappy", ...}
        Compression of the blocks of a file.
    sync_interval : int
        About how many bytes a block has.
    metadata : dict, optional
        For the heads of the files.
    compute : bool
        Whether to write now; else lazy values are given, which do.
    **kwargs : object
        For ``compute``.

    Returns
    -------
    list
        The paths.

    Raises
    ------
    ImportError
        If fastavro is not there.
    ValueError
        If the schema is none of a record.
    """
    _fastavro("to_avro")
    _check_schema(schema)
    files = files_to_write("to_avro", filename, b.npartitions, None, name_function, storage_options)
    return write_partitions(b, files, partial(_write_records, schema, codec, sync_interval, metadata), "to_avro", compute, kwargs)


def _check_schema(schema: Any) -> None:
    if not isinstance(schema, dict):
        raise ValueError(f"to_avro: schema is a {type(schema).__name__}, expected a dict")
    lacking = [key for key in ("name", "type", "fields") if key not in schema]
    if lacking:
        raise ValueError(f"to_avro: the schema has no {lacking[0]!r}; a record has 'name', 'type' and 'fields'")
    if schema["type"] != "record" or not isinstance(schema["fields"], list):
        raise ValueError(f"to_avro: the schema is of type {schema['type']!r}, expected 'record' with a list of fields")
    for field in schema["fields"]:
        if not isinstance(field, dict) or "name" not in field or "type" not in field:
            raise ValueError(f"to_avro: the field {field!r} has no 'name' or no 'type'")


def _write_records(schema: dict, codec: str, sync_interval: int, metadata: dict | None, staged: str, file: File, part: Iterable) -> None:
    with open(staged, "wb") as raw:
        _fastavro("to_avro").writer(raw, schema, part, codec, sync_interval, metadata)
