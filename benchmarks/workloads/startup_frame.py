"""A new Python that imports the dataframe module and reads and sums a small CSV file."""

import compileall
import pathlib
import subprocess
import sys

from benchmarks.systems import for_each
from benchmarks.workload import DATA

TITLE = "start Python, first dataframe result"
TARGET_DASK = 5
FILE = DATA / "small.csv"


def make_data(quick):
    compile_plait(quick)
    DATA.mkdir(parents=True, exist_ok=True)
    FILE.write_text("id,value\n" + "".join(f"{i},{i / 4}\n" for i in range(1000)))


def compile_plait(quick):
    """Compiles Plait's modules as pip has compiled those of the peers."""
    compileall.compile_dir(pathlib.Path(__file__).parents[2] / "python" / "plait", quiet=1)


def python(program):
    """A run that starts Python with `program`; the answer is the number that it prints."""
    return lambda: float(subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE).stdout)


def lazy(system, quick):
    return python(f"import {system}.dataframe as dd; print(dd.read_csv({str(FILE)!r}).value.sum().compute())")


SYSTEMS = for_each(lazy, "plait", "dask") | {
    "pandas": lambda quick: python(f"import pandas as pd; print(pd.read_csv({str(FILE)!r}).value.sum())"),
    "polars": lambda quick: python(f"import polars as pl; print(pl.read_csv({str(FILE)!r})['value'].sum())"),
    "duckdb": lambda quick: python(f"import duckdb; print(duckdb.sql(\"select sum(value) from '{FILE}'\").fetchall()[0][0])"),
}


def limit(machine, quick):
    return machine["python_start_s"]
