"""The eight tables, made by tpchgen-cli: Parquet files whose numbers are float64 and whose dates are timestamps, as pandas has them."""

import pathlib
import shutil
import subprocess
import sys

from benchmarks.workload import DATA

TABLES = ("customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier")


def folder(scale: float) -> pathlib.Path:
    return DATA / f"tpch-{scale:g}"


def path(scale: float, table: str) -> str:
    return str(folder(scale) / f"{table}.parquet")


def make(scale: float) -> None:
    if folder(scale).exists():
        return
    DATA.mkdir(parents=True, exist_ok=True)
    raw = folder(scale).with_suffix(".raw")
    unfinished = folder(scale).with_suffix(".unfinished")
    for old in (raw, unfinished):
        shutil.rmtree(old, ignore_errors=True)
    subprocess.run([generator(), "parquet", "--quiet", "-s", str(scale), "-o", raw], check=True)
    unfinished.mkdir()
    for table in TABLES:
        convert(raw / f"{table}.parquet", unfinished / f"{table}.parquet")
    shutil.rmtree(raw)
    unfinished.rename(folder(scale))


def generator() -> str:
    beside = str(pathlib.Path(sys.executable).parent)
    found = shutil.which("tpchgen-cli", path=beside) or shutil.which("tpchgen-cli")
    if not found:
        raise FileNotFoundError("TPC-H's data is made by tpchgen-cli, which requirements.lock names: run tools/setup")
    return found


def convert(source: pathlib.Path, target: pathlib.Path) -> None:
    """The same row groups in types that every system has without conversion."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    def plain(field):
        if pa.types.is_decimal(field.type):
            return pa.field(field.name, pa.float64())
        if pa.types.is_date(field.type):
            return pa.field(field.name, pa.timestamp("us"))
        return pa.field(field.name, pa.string() if pa.types.is_string_view(field.type) else field.type)

    read = pq.ParquetFile(source)
    schema = pa.schema([plain(field) for field in read.schema_arrow])
    with pq.ParquetWriter(target, schema) as writer:
        for i in range(read.num_row_groups):
            writer.write_table(read.read_row_group(i).cast(schema))
