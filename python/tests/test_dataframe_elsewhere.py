"""Files that are not on this machine, and CSV files that pandas reads in the engine's place."""

import io

import fsspec
import numpy as np
import pandas as pd
import pyarrow.fs
import pytest

import plait.dataframe as dd
from plait.dataframe import _parquet_by_arrow

RNG = np.random.default_rng(5)
ROWS = pd.DataFrame(
    {
        "i": range(500),
        "f": RNG.random(500).round(6),
        "t": RNG.choice(["a", "b,c", 'd"e'], 500),
        "missing": np.where(RNG.random(500) < 0.1, np.nan, 1.5),
        "code": ["x", *(f"{k:03d}" for k in range(499))],
        "d": pd.date_range("2000", periods=500, freq="h"),
    }
)


@pytest.fixture(scope="module")
def memory():
    system = fsspec.filesystem("memory")
    text = ROWS.to_csv(index=False).encode()
    for k in range(2):
        system.pipe(f"/elsewhere/csv/p{k}.csv", text)
        file = io.BytesIO()
        ROWS.assign(c=ROWS.t.astype("category")).to_parquet(file, row_group_size=150)
        system.pipe(f"/elsewhere/parquet/p{k}.parquet", file.getvalue())
    yield system
    system.rm("/elsewhere", recursive=True)


@pytest.fixture
def two_files(tmp_path):
    for name in ("a.csv", "b.csv"):
        ROWS.to_csv(tmp_path / name, index=False)
    return tmp_path


# --- CSV ---


def test_csv_files_elsewhere_are_read_in_blocks(memory):
    lazy = dd.read_csv("memory://elsewhere/csv/*.csv", blocksize=5000, parse_dates=["d"])
    assert lazy.npartitions == 8
    expected = pd.concat([pd.read_csv(io.BytesIO(memory.cat(f"/elsewhere/csv/p{k}.csv")), parse_dates=["d"]) for k in range(2)])
    pd.testing.assert_frame_equal(lazy.compute().reset_index(drop=True), expected.reset_index(drop=True))
    assert lazy[lazy.t == "a"].f.sum().compute() == pytest.approx(expected[expected.t == "a"].f.sum())
    with pytest.raises(ValueError, match="No files found"):
        dd.read_csv("memory://elsewhere/nosuch*.csv")


@pytest.mark.parametrize(
    "options",
    [
        {"comment": "#"}, {"converters": {"i": lambda text: int(text) * 2}}, {"skiprows": [1, 2, 300]}, {"skipfooter": 2, "engine": "python"},
        {"names": list("abcdef"), "header": 0, "true_values": ["y"]}, {"usecols": ["f", "i"], "comment": "#"}, {"dtype": str, "comment": "#"},
        {"header": None, "dtype": str, "comment": "#"}, {"date_format": "%Y-%m-%d %H:%M:%S", "parse_dates": ["d"]}, {"skip_blank_lines": False},
    ],
    ids=lambda options: "-".join(options),
)  # fmt: skip
def test_other_options_of_pandas_act(two_files, options):
    found = dd.read_csv(two_files / "a.csv", blocksize=6000, **options).compute()
    pd.testing.assert_frame_equal(found.reset_index(drop=True), pd.read_csv(two_files / "a.csv", **options))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_other_encodings(tmp_path, encoding):
    frame = pd.DataFrame({"t": ["é", "ü"] * 300, "x": range(600)})
    frame.to_csv(tmp_path / "e.csv", index=False, encoding=encoding)
    found = dd.read_csv(tmp_path / "e.csv", encoding=encoding, blocksize=1000).compute()
    pd.testing.assert_frame_equal(found.reset_index(drop=True), frame)


def test_a_column_of_the_paths(two_files):
    lazy = dd.read_csv(two_files / "*.csv", include_path_column=True, blocksize=9000)
    assert lazy.path.value_counts().compute().to_dict() == {str(two_files / name): 500 for name in ("a.csv", "b.csv")}
    assert "where" in dd.read_csv(two_files / "a.csv", include_path_column="where").columns
    with pytest.raises(ValueError, match="name: i, .*another"):
        dd.read_csv(two_files / "a.csv", include_path_column="i")


def test_types_that_the_sample_does_not_show_are_an_error_that_says_what_to_do(tmp_path):
    (tmp_path / "m.csv").write_text("a,b\n" + "1,2\n" * 2000 + "x,3\n")
    options = {"comment": "#", "blocksize": 1000, "sample": 500}
    with pytest.raises(ValueError, match=r"column 'a' of .*m\.csv' has dtype str, but int64 .* give dtype="):
        dd.read_csv(tmp_path / "m.csv", **options).compute()
    assert dd.read_csv(tmp_path / "m.csv", dtype={"a": "str"}, **options).a.value_counts().compute().to_dict() == {"1": 2000, "x": 1}
    assert dd.read_csv(tmp_path / "m.csv", assume_missing=True, usecols=["b"], **options).b.dtype == "float64"


def test_a_text_that_a_block_cuts_is_an_error(tmp_path):
    (tmp_path / "q.csv").write_text("a,b\n" + '1,"x\ny"\n' * 2000)
    with pytest.raises(ValueError, match="blocksize=None"):
        dd.read_csv(tmp_path / "q.csv", comment="#", blocksize=1001).compute()
    assert len(dd.read_csv(tmp_path / "q.csv", comment="#", blocksize=None)) == 2000


def test_files_of_other_columns_are_an_error(two_files):
    ROWS[["i", "t"]].to_csv(two_files / "c.csv", index=False)
    with pytest.raises(ValueError, match=r"c\.csv' has the columns \['i', 't'\]"):
        dd.read_csv(two_files / "*.csv", comment="#").compute()


# --- Parquet ---


def test_parquet_files_elsewhere(memory, monkeypatch):
    monkeypatch.setattr(_parquet_by_arrow, "_PART", 5000)
    expected = ROWS.assign(c=ROWS.t.astype("category"))
    lazy = dd.read_parquet("memory://elsewhere/parquet/*.parquet")
    assert lazy.npartitions == 8  # four row groups in each file
    pd.testing.assert_frame_equal(lazy.compute(), pd.concat([expected, expected]))
    assert dd.read_parquet("memory://elsewhere/parquet", columns="i").sum().compute() == 2 * ROWS.i.sum()
    few = dd.read_parquet("memory://elsewhere/parquet", filters=[("i", ">=", 400), ("c", "==", "a")])
    assert few.npartitions == 4
    pd.testing.assert_frame_equal(few.compute(), pd.concat([expected[(expected.i >= 400) & (expected.t == "a")]] * 2))
    assert dd.read_parquet("memory://elsewhere/parquet", filters=[("i", ">", 1000)]).compute().shape == (0, 7)


def test_missing_values_elsewhere_pass_the_filters_that_they_pass_here(memory, tmp_path):
    frame = pd.DataFrame({"i": [1.0, 2.0, np.nan, np.nan], "j": range(4)})
    frame.to_parquet(tmp_path / "m.parquet", row_group_size=2)
    memory.pipe("/elsewhere/missing.parquet", (tmp_path / "m.parquet").read_bytes())
    for term in [("i", "!=", 1.0), ("i", "not in", [1.0]), ("i", "is", None), ("i", "is not", None), ("i", ">", 1.0)]:
        here, there = (dd.read_parquet(path, filters=[term]).j.compute().tolist() for path in (tmp_path / "m.parquet", "memory://elsewhere/missing.parquet"))
        assert here == there, term


def test_file_systems_that_are_there_already(tmp_path):
    dd.from_pandas(ROWS, npartitions=2).to_parquet(tmp_path, partition_on=["t"])
    for system in (pyarrow.fs.LocalFileSystem(), fsspec.filesystem("file")):
        lazy = dd.read_parquet(str(tmp_path), filesystem=system)
        assert lazy.groupby("t").i.sum().compute(scheduler="processes").to_dict() == ROWS.groupby("t").i.sum().to_dict()
        assert len(dd.read_parquet(str(tmp_path), filesystem=system, filters=[("t", "==", "a")])) == (ROWS.t == "a").sum()


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("memory://elsewhere/parquet", {"columns": ["ii"]}, "no column 'ii'; did you mean 'i'"),
        ("memory://elsewhere/nosuch/*.parquet", {}, "no file fits"),
        ("memory://elsewhere/nosuch", {}, "nosuch"),
        ("memory://elsewhere/parquet", {"filesystem": "nosuch"}, "filesystem="),
        ("memory://elsewhere/parquet", {"filesystem": fsspec.filesystem("file"), "storage_options": {"anon": True}}, "give one of them"),
        ("nosuch://a", {}, "nosuch"),
    ],
)
def test_what_is_wrong_elsewhere_is_named(memory, path, options, message):
    with pytest.raises((ValueError, KeyError, OSError, NotImplementedError), match=message):
        dd.read_parquet(path, **options)


def test_filters_of_categories_that_are_not_known_before(tmp_path):
    frame = pd.DataFrame({"i": range(10), "c": pd.Categorical(list("xyzxyzxyzx"))})
    frame.to_parquet(tmp_path / "c.parquet")
    for op, value in [("==", "x"), ("!=", "x"), ("in", ["x", "z"]), ("not in", ["x"]), (">", "x"), ("<=", "y")]:
        found = dd.read_parquet(tmp_path / "c.parquet", filters=[("c", op, value)])
        assert found.i.compute().tolist() == pd.read_parquet(tmp_path / "c.parquet", filters=[("c", op, value)]).i.tolist(), op
