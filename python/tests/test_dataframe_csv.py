"""CSV files: the oddities of real ones, types over all blocks, errors on the user's line, against pandas."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plait.dataframe as dd
from frame_samples import EXECUTORS, equal, frames


def written(folder, text, name="data.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


ODDITIES = {
    "carriage returns": "a,b\r\n1,x\r\n2,y\r\n",
    "a byte order mark": "\ufeffa,b\n1,x\n2,y\n",
    "quoted newlines": 'a,b\n1,"two\nlines"\n2,"three\n\nlines"\n',
    "embedded quotes": 'a,b\n1,"say ""hi"""\n2,"""\n"""\n',
    "utf-8": "a,b\n1,zürich\n2,日本語\n",
    "no final newline": "a,b\n1,x\n2,y",
    "blank lines": "a,b\n1,x\n\n2,y\n\n",
    "missing values": "a,b\n1,\n,y\nNA,null\n3,nan\n",
    "booleans": "a,b\nTrue,1\nFalse,2\n",
    "booleans with missing ones": "a,b\nTrue,1\n,2\n",
    "large integers": "a,b\n9223372036854775807,1\n18446744073709551615,2\n",
    "quoted numbers": 'a,b\n"1","x"\n"2","y"\n',
    "spaces": "a, b\n1, x\n2, y\n",
}


@pytest.mark.parametrize("text", ODDITIES.values(), ids=ODDITIES.keys())
@pytest.mark.parametrize("blocksize", [None, 8])
def test_oddities_are_read_as_pandas_reads_them(tmp_path, text, blocksize):
    path = written(tmp_path, text)
    result = dd.read_csv(path, blocksize=blocksize).compute().reset_index(drop=True)
    equal(result, pd.read_csv(path, encoding="utf-8"))


def test_a_file_with_a_header_only(tmp_path):
    path = written(tmp_path, "a,b\n")
    result = dd.read_csv(path).compute()
    assert list(result.columns) == ["a", "b"] and len(result) == 0


@settings(max_examples=25, deadline=None)
@given(df=frames(min_rows=1), blocksize=st.sampled_from([None, 64, 1000]))
def test_what_pandas_writes_is_read_as_pandas_reads_it(tmp_path_factory, df, blocksize):
    path = str(tmp_path_factory.mktemp("csv") / "data.csv")
    df.to_csv(path, index=False)
    expected = pd.read_csv(path, parse_dates=["t"])
    result = dd.read_csv(path, parse_dates=["t"], blocksize=blocksize).compute().reset_index(drop=True)
    equal(result, expected)


@pytest.mark.parametrize("scheduler", EXECUTORS)
def test_groups_from_files(tmp_path, scheduler):
    rng = np.random.default_rng(1)
    parts = []
    for i in range(3):
        part = pd.DataFrame({"k": rng.choice(["AA", "B6", "UA"], 2000), "x": rng.normal(size=2000).round(3), "n": i})
        part.to_csv(tmp_path / f"part-{i}.csv", index=False)
        parts.append(part)
    df = pd.concat(parts)
    lazy = dd.read_csv(str(tmp_path / "part-*.csv"))
    assert lazy.npartitions == 3
    late = lazy[lazy.x > 0.5].groupby("k").agg({"x": ["mean", "count"]})
    equal(late.compute(scheduler=scheduler), df[df.x > 0.5].groupby("k").agg({"x": ["mean", "count"]}))
    assert len(lazy) == len(df)
    equal(lazy.head(), parts[0].head())


@pytest.mark.parametrize("scheduler", EXECUTORS)
def test_a_type_that_turns_out_wider_is_read_again(tmp_path, scheduler):
    rows = [f"{i},{i}" for i in range(60_000)]
    rows[30_000] = "0.5,x"
    path = written(tmp_path, "a,b\n" + "\n".join(rows) + "\n", f"{scheduler}.csv")
    lazy = dd.read_csv(path)
    assert str(lazy.dtypes["a"]) == "int64"
    equal(lazy.compute(scheduler=scheduler), pd.read_csv(path, low_memory=False))
    assert str(lazy.dtypes["a"]) == "float64"
    assert str(lazy.dtypes["b"]) == "str"


def test_columns_that_are_selected_and_not_used_are_not_read(tmp_path):
    df = pd.DataFrame({"k": [1, 2, 1], "a": [1.0, 2.0, 3.0], "b": [4, 5, 6], "c": list("xyz")})
    df.to_csv(tmp_path / "wide.csv", index=False)
    lazy = dd.read_csv(str(tmp_path / "wide.csv"))
    narrow = lazy[["k", "a", "b", "c"]]
    equal(narrow.merge(lazy[["k", "b"]], on="k").groupby("k").a.sum().compute(), df.merge(df[["k", "b"]], on="k").groupby("k").a.sum())
    equal(narrow.assign(z=narrow.b * 2).groupby("k").z.sum().compute(), df.assign(z=df.b * 2).groupby("k").z.sum())


def test_options_are_those_of_pandas(tmp_path):
    path = written(tmp_path, "x;y;z\n1;a;2020-01-01\n2;?;2020-01-02\n")
    for options in (
        {"sep": ";"},
        {"sep": ";", "usecols": ["z", "x"]},
        {"sep": ";", "dtype": {"x": "float64"}},
        {"sep": ";", "na_values": ["?"]},
        {"sep": ";", "parse_dates": ["z"]},
        {"sep": ";", "names": ["p", "q", "r"], "header": 0},
    ):
        equal(dd.read_csv(path, **options).compute(), pd.read_csv(path, **options))
    assert str(dd.read_csv(path, sep=";", assume_missing=True).dtypes["x"]) == "float64"


def test_zeros_and_ones_are_truth_values_where_the_dtype_says_so(tmp_path):
    for text in ("c,d\n0,1\n1,2\n", "c,d\n1.0,1\n0.0,2\n", "c,d\ntrue,1\nFALSE,2\n"):
        path = written(tmp_path, text)
        equal(dd.read_csv(path, dtype={"c": bool}).compute(), pd.read_csv(path, dtype={"c": bool}))
    with pytest.raises(ValueError, match="data.csv:3: column 'c' has the value '2'"):
        dd.read_csv(written(tmp_path, "c,d\n0,1\n2,2\n"), dtype={"c": bool}).compute()


def test_bad_files_are_named_with_their_line(tmp_path):
    with pytest.raises(FileNotFoundError):
        dd.read_csv(str(tmp_path / "no-*.csv"))
    with pytest.raises(ValueError, match="bad.csv.*3|line 3"):
        dd.read_csv(written(tmp_path, "a,b\n1,2\n1,2,3\n", "bad.csv")).compute()
    with pytest.raises(ValueError, match="'x'"):
        dd.read_csv(written(tmp_path, "a,b\n1,2\nx,3\n", "type.csv"), dtype={"a": "int64"}).compute()
    with pytest.raises(ValueError, match="index_col"):
        dd.read_csv(written(tmp_path, "a,b\n1,2\n", "good.csv"), index_col="a")


def test_head_reads_little(tmp_path):
    frame = pd.DataFrame({"a": np.arange(400_000), "b": np.arange(400_000) * 0.5})
    path = tmp_path / "big.csv"
    frame.to_csv(path, index=False)
    lazy = dd.read_csv(str(path))

    def bytes_read():
        fields = dict(line.split(": ") for line in open("/proc/self/io").read().splitlines())
        return int(fields["rchar"])

    before = bytes_read()
    equal(lazy.head(), frame.head())
    assert bytes_read() - before < path.stat().st_size / 2


def test_files_are_written_one_a_partition(tmp_path):
    df = pd.DataFrame({"x": range(10), "k": list("abcdefghij")})
    lazy = dd.from_pandas(df, npartitions=3)
    names = lazy.to_csv(str(tmp_path / "out-*.csv"), index=False)
    assert names == [str(tmp_path / f"out-{i}.csv") for i in range(3)]
    equal(dd.read_csv(str(tmp_path / "out-*.csv")).compute().reset_index(drop=True), df)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out-0.csv", "out-1.csv", "out-2.csv"]


def test_a_quoted_field_may_hold_anything(tmp_path):
    text = io.StringIO()
    rows = [["n", "text"], *([str(i), f'line {i}\n"quoted", {"x" * (i % 50)}'] for i in range(500))]
    csv.writer(text).writerows(rows)
    path = written(tmp_path, text.getvalue())
    equal(dd.read_csv(path, blocksize=3000).compute().reset_index(drop=True), pd.read_csv(path))


@settings(max_examples=15, deadline=None)
@given(df=frames(min_rows=1), npartitions=st.integers(1, 3))
def test_parquet_files_keep_rows_and_types(tmp_path_factory, df, npartitions):
    folder = tmp_path_factory.mktemp("parquet")
    dd.from_pandas(df, npartitions=npartitions).to_parquet(str(folder))
    lazy = dd.read_parquet(str(folder))
    equal(lazy.compute(), df)
    equal(lazy.groupby("g").f.sum().compute(), df.groupby("g").f.sum())
    equal(dd.read_parquet(str(folder), columns=["i", "k"]).compute(), df[["i", "k"]])
    equal(pd.read_parquet(folder), df)


def test_a_missing_or_damaged_parquet_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing"):
        dd.read_parquet(str(tmp_path / "nothing"))
    dd.from_pandas(pd.DataFrame({"x": range(100)}), npartitions=1).to_parquet(str(tmp_path))
    (file,) = tmp_path.glob("*.parquet")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(OSError, match="part.0"):
        dd.read_parquet(str(tmp_path)).compute()
