"""Options of readers and writers have a meaning, or say that they have none; bad input says what was found and expected."""

import errno

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "small.csv"
    path.write_text("a,b,c\n" + "".join(f"{i},{i * 0.5},t{i % 3}\n" for i in range(10)))
    return path


def test_columns_are_chosen_by_name_position_or_function(path):
    df = pd.read_csv(path)
    for usecols in (["c", "a"], [0, 2], lambda name: name != "b"):
        equal(dd.read_csv(path, usecols=usecols, blocksize=20).compute().reset_index(drop=True), pd.read_csv(path, usecols=usecols))
    dated = path.with_name("dates.csv")
    dated.write_text("d,x\n2020-01-01,1\n2020-02-03,2\n")
    equal(dd.read_csv(dated, parse_dates=[0]).compute(), pd.read_csv(dated, parse_dates=[0]))
    path.write_text(df.to_csv(index=False, header=False))
    equal(dd.read_csv(path, header=None).compute(), pd.read_csv(path, header=None))


def test_text_columns_get_the_type_that_dtype_says(path):
    for dtype in ("category", "string", "str"):
        equal(dd.read_csv(path, dtype={"c": dtype}, blocksize=25).compute().reset_index(drop=True), pd.read_csv(path, dtype={"c": dtype}))


def test_missing_values_are_those_that_the_options_name(tmp_path):
    path = tmp_path / "missing.csv"
    path.write_text("a,b\nNA,1\n,-99\nx,3\n")
    for options in ({"na_filter": False}, {"na_values": {"b": -99}}, {"na_values": -99}, {"keep_default_na": False}):
        equal(dd.read_csv(path, **options).compute(), pd.read_csv(path, **options))


@pytest.mark.parametrize(
    "options, error, text",
    [
        ({"sample": -1}, ValueError, "sample must be"),
        ({"sample_rows": 0}, ValueError, "sample_rows must be"),
        ({"enforce": "yes"}, TypeError, "enforce must be"),
        ({"storage_options": {"anon": True}}, ValueError, "remote files"),
        ({"blocksize": 0}, ValueError, "blocksize must be"),
        ({"engine": "polars"}, ValueError, "engine must be"),
        ({"sepp": ";"}, TypeError, "did you mean 'sep'"),
        ({"usecols": "a"}, TypeError, "usecols takes a list"),
        ({"usecols": [7]}, ValueError, "names column 7, but the file has 3 columns"),
    ],
)
def test_options_that_mean_nothing_are_refused(path, options, error, text):
    with pytest.raises(error, match=text):
        dd.read_csv(path, **options)


def test_sampling_options_are_taken(path):
    equal(dd.read_csv(path, sample=1000, sample_rows=3, enforce=True, engine="c").compute(), pd.read_csv(path))


def test_bytes_that_are_not_utf8_are_shown(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(b"a\n\xe9\n")
    with pytest.raises(ValueError, match=r"latin.csv:2: column 'a' has the value '\\xe9', which is not valid UTF-8"):
        dd.read_csv(path).compute()


def test_places_that_nobody_knows_and_empty_lists_are_refused():
    with pytest.raises(ValueError, match="not known: nosuch"):
        dd.from_pandas(pd.DataFrame({"x": [1]}), npartitions=1).to_parquet("nosuch://b/x")
    with pytest.raises(ValueError, match="list of paths is empty"):
        dd.read_parquet([])
    with pytest.raises(TypeError, match="takes a path"):
        dd.read_csv(3)


@pytest.fixture
def folder(tmp_path):
    df = pd.DataFrame({"k": ["a", None, "b", "c"] * 3, "x": range(12), "n": pd.array([1, None, 3, 2**60] * 3, dtype="Int64")})
    dd.from_pandas(df, npartitions=3).to_parquet(tmp_path / "frame")
    return df, tmp_path / "frame"


def test_filters_select_rows_as_dask_does(folder):
    import dask.dataframe

    df, path = folder
    for filters in (
        [("x", ">", 4)],
        [("k", "!=", "a")],
        [("k", "in", ["a", "b"]), ("x", "<=", 9)],
        [[("x", "<", 2)], [("k", "==", "c")]],
        [("k", "not in", ["a"])],
    ):
        ours = dd.read_parquet(path, columns=["x"], filters=filters).compute()
        theirs = dask.dataframe.read_parquet(path, columns=["x"], filters=filters).compute(scheduler="sync")
        assert list(ours.x) == list(theirs.x)


def test_nullable_columns_come_back_as_they_were(folder):
    df, path = folder
    equal(dd.read_parquet(path).compute(), df)
    single = path.with_name("pandas.parquet")
    named = df.assign(**{'über "x"': pd.array([True, None, False, None] * 3, dtype="boolean")})
    named.to_parquet(single)
    equal(dd.read_parquet(single).compute(), named)


def test_options_of_parquet_files_that_are_not_there_are_refused(tmp_path):
    lazy = dd.from_pandas(pd.DataFrame({"x": [1]}), npartitions=1)
    with pytest.raises(ValueError, match="schema= takes Arrow's types .* found {'x': 'nothing'}"):
        lazy.to_parquet(tmp_path / "out", schema={"x": "nothing"})
    with pytest.raises(ValueError, match=r"schema= names \['k'\]"):
        lazy.to_parquet(tmp_path / "out", schema={"k": "int64"})
    with pytest.raises(ValueError, match="append=True .* overwrite=True"):
        lazy.to_parquet(tmp_path / "out", append=True, overwrite=True)
    with pytest.raises(TypeError, match="colums"):
        dd.read_parquet(tmp_path, colums=["x"])
    with pytest.raises(ValueError, match="engine"):
        dd.read_parquet(tmp_path, engine="fastparquet")


def test_a_full_disk_leaves_no_file_of_pandas_either(tmp_path, monkeypatch):
    def full(self, path, **kwargs):
        open(path, "w").close()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    lazy = dd.from_pandas(pd.DataFrame({"x": np.arange(3.0)}), npartitions=1)
    with pytest.raises(OSError, match="no room for .*x-0.csv"):
        lazy.to_csv(tmp_path / "x-*.csv", float_format="%.3f", scheduler="sync")
    assert not list(tmp_path.iterdir())


def test_a_misspelt_column_is_answered_with_near_names_everywhere():
    lazy = dd.from_pandas(pd.DataFrame({"dep_delay": [1.0], "carrier": ["AA"]}), npartitions=1)
    for ask in (
        lambda: lazy.loc[:, "carier"],
        lambda: lazy.drop(columns="carier"),
        lambda: lazy.astype({"carier": "category"}),
        lambda: lazy.groupby("carrier").agg({"dep_dely": "sum"}),
        lambda: lazy.nlargest(1, "dep_dely"),
    ):
        with pytest.raises(KeyError, match="did you mean"):
            ask()
    with pytest.raises(AttributeError, match="did you mean 'dep_delay'"):
        lazy.groupby("carrier").dep_dely
    with pytest.raises(NameError, match="carier"):
        lazy.query("carier == 'AA'")


def test_a_folder_of_a_partitioned_one_is_read_by_itself(tmp_path):
    df = pd.DataFrame({"k": ["a", "b"], "x": [1, 2]})
    df.to_parquet(tmp_path / "whole", partition_cols=["k"])
    assert dd.read_parquet(str(tmp_path / "whole" / "k=a")).x.sum().compute() == 1
    assert dd.read_parquet(str(tmp_path / "whole")).x.sum().compute() == 3


def test_partitions_have_at_least_one_row_and_number_at_least_one():
    df = pd.DataFrame({"a": [1, 2, 3]})
    assert dd.from_pandas(df, chunksize=2).divisions == (0, 2, 2)
    with pytest.raises(ValueError, match="chunksize must be at least 1, found 0"):
        dd.from_pandas(df, chunksize=0)
    with pytest.raises(ValueError, match="npartitions must be at least 1, found 0"):
        dd.from_pandas(df, npartitions=0)
