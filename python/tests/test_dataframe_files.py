"""Files of JSON, ORC and fields of fixed width, and the bytes of files; files that delayed values write."""

import gzip
import pathlib

import numpy as np
import pandas as pd
import pytest

import plait
import plait.bag as db
import plait.bytes
import plait.dataframe as dd
from plait.delayed import Delayed

PDF = pd.DataFrame({"x": np.arange(12), "y": np.linspace(0, 1, 12).round(3), "k": list("cabcabcabcab")})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lazy(npartitions=3):
    return dd.from_pandas(PDF, npartitions=npartitions)


def equal(ours, expected=PDF):
    for scheduler in ("sync", "processes"):
        pd.testing.assert_frame_equal(ours.compute(scheduler=scheduler).reset_index(drop=True), expected)


# JSON


@pytest.mark.parametrize("orient, lines", [("records", True), ("records", False), ("split", False), ("columns", False), ("index", False)])
def test_json_comes_back_as_it_was_written(folder, orient, lines):
    names = lazy().to_json("out", orient=orient, lines=lines)
    assert [pathlib.Path(name).name for name in names] == ["0.part", "1.part", "2.part"]
    equal(dd.read_json("out/*.part", orient=orient, lines=lines))


@pytest.mark.parametrize("blocksize", [40, "100B", 10**6, None])
def test_lines_of_json_are_read_on_any_cut(folder, blocksize):
    lazy(1).to_json("lines-*.json")
    PDF.assign(x=PDF.x + 100).to_json("lines-1.json", orient="records", lines=True)
    ours = dd.read_json("lines-*.json", blocksize=blocksize)
    equal(ours, pd.concat([PDF, PDF.assign(x=PDF.x + 100)], ignore_index=True))
    assert ours.npartitions >= 2


def test_json_of_other_forms(folder):
    lazy(2).to_json("z-*.json.gz", compression="gzip", name_function=lambda i: "ab"[i])
    assert gzip.decompress((folder / "z-a.json.gz").read_bytes()).startswith(b'{"x":0')
    ours = dd.read_json(["z-a.json.gz", "z-b.json.gz"], include_path_column="file", path_converter=lambda path: path[-9])
    assert ours.compute().file.tolist() == ["a"] * 6 + ["b"] * 6 and ours.file.cat.known
    named = dd.read_json("z-*.json.gz", meta=PDF.astype({"x": float}))
    assert named.x.compute().dtype == float
    by_own = dd.read_json("z-*.json.gz", engine=lambda text, orient, lines: pd.read_json(text, orient=orient, lines=lines)[["x"]])
    assert list(by_own.columns) == ["x"]
    assert lazy().x.to_json("series-*.json")
    (folder / "empty.json").write_text("")


def test_json_that_is_wrong_is_refused(folder):
    lazy(1).to_json("a-*.json")
    with pytest.raises(ValueError, match="Line-delimited JSON"):
        dd.read_json("a-0.json", orient="split", lines=True)
    with pytest.raises(ValueError, match="chunking only allowed"):
        dd.read_json("a-0.json", lines=False, blocksize=10)
    with pytest.raises(ValueError, match="No files"):
        dd.read_json("nosuch-*.json")
    with pytest.raises(ValueError, match="have a column 'x'"):
        dd.read_json("a-0.json", include_path_column="x")
    (folder / "b.json").write_text('{"x": 1}\n{"x": oops}\n')
    with pytest.raises(ValueError) as caught:
        dd.read_json(["a-0.json", "b.json"]).compute(scheduler="sync")
    assert any("b.json" in note for note in caught.value.__notes__)
    with pytest.raises(ValueError, match="storage_options"):
        lazy().to_json("x", storage_options={"key": 1})


# ORC


@pytest.mark.parametrize("split_stripes", [1, 2, False])
def test_orc_comes_back_as_it_was_written(folder, split_stripes):
    names = lazy().to_orc("out", write_index=False)
    assert [pathlib.Path(name).name for name in names] == ["part.0.orc", "part.1.orc", "part.2.orc"]
    equal(dd.read_orc("out", split_stripes=split_stripes))
    equal(dd.read_orc("out/part.*.orc", columns=["k", "x"]), PDF[["k", "x"]])
    indexed = dd.read_orc("out", columns=["x"], index="k").compute()
    assert indexed.index.name == "k" and list(indexed.columns) == ["x"]
    lazy().set_index("x").categorize(columns=["k"]).to_orc("labelled")
    assert sorted(dd.read_orc("labelled").columns) == ["k", "x", "y"]


def test_orc_that_is_wrong_is_refused(folder):
    lazy().to_orc("out")
    with pytest.raises(ValueError, match="no column 'z'"):
        dd.read_orc("out", columns=["z"])
    with pytest.raises(ValueError, match="split_stripes"):
        dd.read_orc("out", split_stripes=0)
    with pytest.raises(NotImplementedError, match="engine"):
        dd.read_orc("out", engine="other")


# Fields of fixed width


def fixed(rows, header=True):
    lines = [f"{row.x:>6}{row.y:>8.3f}  {row.k:<3}" for row in rows.itertuples()]
    return "\n".join([*(["     x       y  k  "] if header else []), *lines]) + "\n"


@pytest.mark.parametrize("blocksize", [10, 50, 100, None, "default"])
def test_fields_of_fixed_width_are_read_on_any_cut(folder, blocksize):
    (folder / "a.txt").write_text(fixed(PDF))
    (folder / "b.txt").write_text(fixed(PDF.assign(x=PDF.x + 100)))
    expected = pd.concat([pd.read_fwf("a.txt"), pd.read_fwf("b.txt")], ignore_index=True)
    equal(dd.read_fwf("*.txt", blocksize=blocksize), expected)
    plain = dd.read_fwf("a.txt", blocksize=blocksize, colspecs=[(0, 6), (6, 14)], names=["x", "y"], header=0, dtype={"x": float})
    equal(plain, PDF[["x", "y"]].astype({"x": float}))
    (folder / "c.txt").write_text(fixed(PDF, header=False))
    equal(dd.read_fwf("c.txt", blocksize=blocksize, widths=[6, 8, 5], header=None), pd.read_fwf("c.txt", widths=[6, 8, 5], header=None))


def test_fields_of_fixed_width_and_their_options(folder):
    (folder / "a.txt").write_text(fixed(PDF))
    named = dd.read_fwf("a.txt", include_path_column=True, assume_missing=True)
    assert named.dtypes.to_dict()["x"] == float and named.path.compute().nunique() == 1
    (folder / "b.txt").write_text(fixed(PDF).replace("    11   ", "         "))
    with pytest.raises(ValueError, match="column 'x' of .*b.txt.* has dtype float64"):
        dd.read_fwf(["a.txt", "b.txt"], blocksize=None).compute(scheduler="sync")
    (folder / "c.txt").write_text(fixed(PDF).replace("    11   ", "     11  "))
    with pytest.raises(ValueError, match="has text where the beginnings of the files have none"):
        dd.read_fwf(["a.txt", "c.txt"], blocksize=None, infer_nrows=3).compute(scheduler="sync")
    (folder / "z.txt.gz").write_bytes(gzip.compress(fixed(PDF).encode()))
    equal(dd.read_fwf("z.txt.gz"), pd.read_fwf("a.txt"))
    with pytest.warns(UserWarning, match="cannot be read in blocks"):
        dd.read_fwf("z.txt.gz", blocksize=10)
    for option in ({"nrows": 3}, {"index_col": "x"}):
        with pytest.raises(ValueError, match="is not supported in dd.read_fwf"):
            dd.read_fwf("a.txt", **option)
    with pytest.raises(NotImplementedError, match="skipfooter"):
        dd.read_fwf("a.txt", skipfooter=1)


# Bytes


@pytest.mark.parametrize("blocksize", [3, 10, "1kB", None])
def test_bytes_of_files_come_in_blocks(folder, blocksize):
    text = b"".join(b"line %d\n" % i for i in range(20))
    (folder / "a.txt").write_bytes(text)
    (folder / "b.txt").write_bytes(b"more\n")
    sample, blocks, paths = plait.bytes.read_bytes("*.txt", delimiter=b"\n", blocksize=blocksize, sample=10, include_path=True)
    assert sample == b"line 0\nline 1\n" and [pathlib.Path(path).name for path in paths] == ["a.txt", "b.txt"]
    assert all(isinstance(block, Delayed) for each in blocks for block in each)
    found = plait.compute(*blocks)
    assert [b"".join(each) for each in found] == [text, b"more\n"]
    assert all(not block or block.endswith(b"\n") for each in found for block in each)
    _, plain = plait.bytes.read_bytes("a.txt", blocksize=blocksize, sample=False)
    assert b"".join(plait.compute(*plain[0])) == text
    _, rest = plait.bytes.read_bytes("a.txt", blocksize=blocksize, not_zero=True)
    assert b"".join(plait.compute(*rest[0])) == text[1:]


def test_bytes_that_cannot_be_read_are_refused(folder):
    (folder / "a.gz").write_bytes(gzip.compress(b"text"))
    (folder / "a.txt").write_bytes(b"text")
    assert plait.bytes.read_bytes("a.gz", blocksize=None, compression="infer")[1][0][0].compute() == b"text"
    with pytest.raises(ValueError, match="chunked reads on compressed"):
        plait.bytes.read_bytes("a.gz", compression="infer")
    with pytest.raises(ValueError, match="compression is 'rar'"):
        plait.bytes.read_bytes("a.txt", compression="rar")
    with pytest.raises(TypeError, match="found set"):
        plait.bytes.read_bytes({"a.txt", "b.txt"})
    assert plait.bytes.read_bytes("a.txt", blocksize=100.0)[1][0][0].compute() == plait.bytes.read_bytes("a.txt", blocksize=None)[1][0][0].compute()
    with pytest.raises(OSError, match="no files"):
        plait.bytes.read_bytes("nosuch*")
    with pytest.raises(TypeError, match="delimiter"):
        plait.bytes.read_bytes("a.gz", delimiter="\n")
    with pytest.raises(TypeError, match="blocksize"):
        plait.bytes.read_bytes("a.gz", blocksize=0)


def test_files_open_when_they_are_entered(folder):
    pytest.importorskip("fsspec")
    (folder / "a.txt").write_text("text")
    (file,) = plait.bytes.open_files("*.txt", "rt")
    with file as opened:
        assert opened.read() == "text"


# Delayed values that write


def test_delayed_values_write_files(folder):
    for write, pattern in [(lazy().to_csv, "a-*.csv"), (lazy().to_json, "a-*.json")]:
        values = write(pattern, compute=False)
        assert all(isinstance(value, Delayed) for value in values) and not list(folder.glob(pattern))
        names = plait.compute(*values, scheduler="sync")
        assert sorted(names) == sorted(map(str, folder.glob(pattern))) or {pathlib.Path(n).name for n in names} == {p.name for p in folder.glob(pattern)}
    one = lazy().to_parquet("p", compute=False)
    assert isinstance(one, Delayed) and one.compute() is None and len(list((folder / "p").iterdir())) == 3
    assert len(lazy().to_csv("one.csv", single_file=True, compute=False)) == 1
    texts = db.from_sequence(["a", "b"], npartitions=2).to_textfiles("t-*.txt", compute=False)
    assert all(isinstance(value, Delayed) for value in texts)
    assert plait.compute(*texts) and (folder / "t-1.txt").read_text() == "b"
    parts = db.read_text("t-*.txt", collection=False)
    assert all(isinstance(part, Delayed) for part in parts) and plait.compute(*parts) == (["a"], ["b"])


# Databases


@pytest.fixture
def database(folder):
    pytest.importorskip("sqlalchemy")
    PDF.assign(t=pd.date_range("2020-01-01", periods=12)).to_sql("numbers", f"sqlite:///{folder}/a.db", index=False)
    return f"sqlite:///{folder}/a.db"


@pytest.mark.parametrize("how", [{"npartitions": 1}, {"npartitions": 5}, {"npartitions": 50}, {"divisions": [0, 3, 11]}, {"bytes_per_chunk": 200}, {}])
def test_tables_of_databases_are_read_in_ranges(database, how):
    ours = dd.read_sql_table("numbers", database, index_col="x", columns=["y", "k"], **how)
    assert ours.known_divisions
    for scheduler in ("sync", "processes"):
        pd.testing.assert_frame_equal(ours.compute(scheduler=scheduler), PDF.set_index("x"), check_dtype=False)


def test_queries_of_databases(database):
    import sqlalchemy

    table = sqlalchemy.Table("numbers", sqlalchemy.MetaData(), autoload_with=sqlalchemy.create_engine(database))
    query = sqlalchemy.select(table.c.x, table.c.k, table.c.t).where(table.c.x > 3)
    ours = dd.read_sql_query(query, database, index_col="x", npartitions=3)
    assert ours.compute().k.tolist() == PDF.k[4:].tolist()
    by_time = dd.read_sql(query, database, index_col=table.c.t, npartitions=2)
    assert by_time.npartitions == 2 and by_time.compute().x.tolist() == list(range(4, 12))
    assert len(dd.read_sql("numbers", database, index_col="y", npartitions=4)) == 12
    nothing = sqlalchemy.select(table).where(table.c.x > 100)
    assert len(dd.read_sql_query(nothing, database, index_col="x", npartitions=3)) == 0


@pytest.mark.parametrize("parallel", [False, True])
def test_frames_go_into_databases(folder, database, parallel):
    lazy().to_sql("written", database, index=False, parallel=parallel)
    assert sorted(pd.read_sql("select * from written", database).x) == list(range(12))
    with pytest.raises(ValueError, match="already exists"):
        lazy().to_sql("written", database, index=False)
    more = lazy().to_sql("written", database, index=False, if_exists="append", compute=False, parallel=parallel)
    plait.compute(more)
    assert len(pd.read_sql("select * from written", database)) == 24
    lazy().set_index("x").to_sql("written", database, if_exists="replace")
    again = pd.read_sql("select * from written", database)
    pd.testing.assert_frame_equal(again, PDF[["x", "y", "k"]], check_dtype=False)


def test_databases_that_cannot_be_read_are_refused(database):
    with pytest.raises(ValueError, match="has no column 'z'"):
        dd.read_sql_table("numbers", database, index_col="z")
    with pytest.raises(TypeError, match="must be numeric or datetime"):
        dd.read_sql_table("numbers", database, index_col="k", npartitions=2)
    with pytest.raises(TypeError, match="not both"):
        dd.read_sql_table("numbers", database, index_col="x", npartitions=2, divisions=[1, 2])
    with pytest.raises(TypeError, match="expected a query of SQLAlchemy"):
        dd.read_sql_query("select * from numbers", database, index_col="x")
    with pytest.raises(ValueError, match="if 'head_rows' is 0"):
        dd.read_sql_table("numbers", database, index_col="x", head_rows=0)
    with pytest.raises(ValueError, match="if_exists is 'perhaps'"):
        lazy().to_sql("numbers", database, if_exists="perhaps")


def test_databases_need_sqlalchemy(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    monkeypatch.setattr(dd._sql, "_alchemy", type(dd._sql._alchemy)("sqlalchemy"))
    with pytest.raises(ImportError, match="sqlalchemy is needed"):
        dd.read_sql_table("numbers", "sqlite:///a.db", index_col="x")


@pytest.mark.parametrize("blocksize", [None, 33])
def test_lines_of_json_of_a_later_file_may_have_fractions(tmp_path, blocksize):
    whole = pd.DataFrame({"x": range(5), "y": list("abcde")})
    for name, frame in (("a.json", whole), ("b.json", whole.assign(x=whole.x + 0.5))):
        frame.to_json(tmp_path / name, orient="records", lines=True)
    read = dd.read_json(str(tmp_path / "*.json"), orient="records", lines=True, blocksize=blocksize)
    assert read.x.dtype == float and read.x.compute().tolist() == [0, 1, 2, 3, 4, 0.5, 1.5, 2.5, 3.5, 4.5]


def test_a_fraction_is_never_cut_off(tmp_path):
    lines = ['{"x": 1}'] * 5000 + ['{"x": 1.5}']
    (tmp_path / "late.json").write_text("\n".join(lines))
    with pytest.raises(ValueError, match="holds 1.5 in 'x', but meta says int64"):
        dd.read_json(tmp_path / "late.json", lines=True, sample=100, blocksize=1000).compute()
