"""Reading Parquet files: row groups as partitions, types of several files together, damaged and odd files."""

import datetime
import pathlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import plait.dataframe as dd

# Uncompressed bytes of a partition that the reader aims at.
PART_BYTES = 32 << 20


@pytest.fixture
def numbers(tmp_path: pathlib.Path) -> tuple[str, pd.DataFrame]:
    """A file of 12 row groups of 5 MB: a partition holds several of them, and not all."""
    rows = 12 * 320_000
    frame = pd.DataFrame(
        {
            "n": np.arange(rows),
            "x": np.random.default_rng(1).random(rows),
            "kind": np.array(["a", "b", "c"])[np.arange(rows) % 3],
        }
    )
    path = str(tmp_path / "numbers.parquet")
    frame.to_parquet(path, row_group_size=320_000, compression=None)
    return path, frame


def test_a_partition_is_some_row_groups(numbers: tuple[str, pd.DataFrame]) -> None:
    path, frame = numbers
    read = dd.read_parquet(path)
    assert 1 < read.npartitions < 12
    assert len(read) == len(frame)
    pd.testing.assert_frame_equal(read.compute(), frame)
    # The labels go on from part to part.
    pd.testing.assert_frame_equal(read.tail(3), frame.tail(3))


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_a_stream_of_batches_gives_what_pandas_gives(numbers: tuple[str, pd.DataFrame], scheduler: str, capsys: pytest.CaptureFixture[str]) -> None:
    path, frame = numbers
    read = dd.read_parquet(path)
    chosen = read[(read.n % 7 == 3) & (read.kind != "b")]
    expected = frame[(frame.n % 7 == 3) & (frame.kind != "b")]
    groups = chosen.assign(y=chosen.x * 2).groupby("kind").agg({"y": "mean", "n": "max"})
    pd.testing.assert_frame_equal(groups.compute(scheduler=scheduler), expected.assign(y=expected.x * 2).groupby("kind").agg({"y": "mean", "n": "max"}))
    pd.testing.assert_frame_equal(chosen.compute(scheduler=scheduler), expected)
    pd.testing.assert_frame_equal(chosen.head(5, npartitions=-1), expected.head(5))
    print(chosen.x.sum().explain())
    assert "batch by batch" in capsys.readouterr().out


def test_two_columns_of_one_name_are_an_error_that_names_file_and_column(tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "twice.parquet")
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    with pytest.raises(ValueError, match="twice.parquet.*two columns named 'a'"):
        dd.read_parquet(path)


VALUES = {
    "text": ["a", "b"],
    "dates": [pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03")],
    "zoned": [pd.Timestamp("2024-01-02", tz="UTC"), pd.Timestamp("2024-01-03", tz="UTC")],
    "days": [datetime.date(2024, 1, 2), datetime.date(2024, 1, 3)],
    "float": [0.5, 1.5],
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("missing", [[None, None], [np.nan, np.nan]], ids=["None", "NaN"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_part_without_any_value_goes_with_every_other(tmp_path: pathlib.Path, values: list, missing: list, order: tuple[int, int]) -> None:
    parts = [pd.DataFrame({"c": values, "n": [1, 2]}), pd.DataFrame({"c": missing, "n": [3, 4]})]
    for number, part in enumerate(order):
        parts[part].to_parquet(tmp_path / f"part.{number}.parquet")
    read = dd.read_parquet(str(tmp_path))
    whole = read.compute()
    with_values = whole[whole.n < 3]
    pd.testing.assert_series_equal(with_values.c.reset_index(drop=True), parts[0].c.astype(read.c.dtype))
    assert whole[whole.n > 2].c.isna().all()
    assert read.c.isna().sum().compute() == 2


def test_integers_are_floats_in_every_part_where_one_has_a_missing_value(tmp_path: pathlib.Path) -> None:
    pq.write_table(pa.table({"n": pa.array([1, 2])}), tmp_path / "part.0.parquet")
    pq.write_table(pa.table({"n": pa.array([3, None])}), tmp_path / "part.1.parquet")
    read = dd.read_parquet(str(tmp_path))
    assert read.n.dtype == "float64"
    np.testing.assert_array_equal(read.n.compute().to_numpy(), [1.0, 2.0, 3.0, np.nan])


def test_types_that_no_type_holds_are_an_error_that_names_file_and_column(tmp_path: pathlib.Path) -> None:
    pd.DataFrame({"c": ["a"]}).to_parquet(tmp_path / "part.0.parquet")
    pd.DataFrame({"c": [1]}).to_parquet(tmp_path / "part.1.parquet")
    with pytest.raises(TypeError, match=r"column 'c' of '.*part.1.parquet'"):
        dd.read_parquet(str(tmp_path))


def test_a_file_that_has_changed_since_it_was_looked_at_is_an_error(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "data.parquet"
    pd.DataFrame({"x": range(10)}).to_parquet(path)
    read = dd.read_parquet(str(path))
    pd.DataFrame({"x": range(1000)}).to_parquet(path)
    with pytest.raises(OSError, match=r"data.parquet' has changed"):
        read.compute()


def test_files_without_rows_and_row_groups(tmp_path: pathlib.Path) -> None:
    empty = pd.DataFrame({"x": np.array([], "int64"), "s": pd.Series([], dtype="str")})
    empty.to_parquet(tmp_path / "part.0.parquet")
    pd.testing.assert_frame_equal(dd.read_parquet(str(tmp_path)).compute(), empty)
    pq.ParquetWriter(tmp_path / "part.1.parquet", pa.schema({"x": pa.int64(), "s": pa.string()})).close()
    pd.DataFrame({"x": [1], "s": ["a"]}).to_parquet(tmp_path / "part.2.parquet")
    read = dd.read_parquet(str(tmp_path))
    assert read.x.sum().compute() == 1
    assert read.s.compute().to_list() == ["a"]


@pytest.mark.parametrize("flip", range(0, 4000, 97))
def test_a_damaged_file_is_an_error_or_an_answer(tmp_path: pathlib.Path, flip: int) -> None:
    path = tmp_path / "data.parquet"
    pd.DataFrame({"x": range(300), "s": ["text", "other", "third"] * 100}).to_parquet(path)
    damaged = bytearray(path.read_bytes())
    damaged[flip % len(damaged)] ^= 0xFF
    path.write_bytes(bytes(damaged))
    try:
        dd.read_parquet(str(path)).compute()
    except (OSError, ValueError, TypeError, KeyError, MemoryError, NotImplementedError) as error:
        assert "data.parquet" in str(error) or not isinstance(error, OSError)


@pytest.fixture
def labelled(tmp_path: pathlib.Path) -> tuple[str, pd.DataFrame]:
    """A folder of two files, whose rows are labelled by `i`."""
    frame = pd.DataFrame({"x": range(6), "y": list("aabbcc")}, index=pd.Index(range(10, 16), name="i"))
    dd.from_pandas(frame, npartitions=2).to_parquet(tmp_path / "labelled")
    return str(tmp_path / "labelled"), frame


@pytest.mark.parametrize("columns", [None, ["x"], []], ids=str)
@pytest.mark.parametrize("index", [None, "i", ["i"]], ids=str)
def test_the_index_of_the_files_may_be_named(labelled: tuple[str, pd.DataFrame], index: object, columns: list | None) -> None:
    path, frame = labelled
    pd.testing.assert_frame_equal(dd.read_parquet(path, index=index, columns=columns).compute(), frame if columns is None else frame[columns])


@pytest.mark.parametrize(
    "options",
    [{"index": False}, {"index": False, "columns": ["i", "x"]}, {"columns": ["x", "i"]}, {"index": "x"}, {"index": "x", "columns": ["i"]}],
    ids=str,
)
def test_an_index_of_the_files_that_is_not_wanted_is_a_column(labelled: tuple[str, pd.DataFrame], options: dict) -> None:
    path, frame = labelled
    expected = frame.reset_index()
    expected = expected.set_index(options["index"]) if options.get("index") else expected
    found = dd.read_parquet(path, **options).compute()
    found = found if options.get("index") else found.reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected[options.get("columns", list(expected.columns))])


def test_files_without_labels_get_no_column_of_them(tmp_path: pathlib.Path) -> None:
    frame = pd.DataFrame({"x": range(4)})
    dd.from_pandas(frame, npartitions=2).to_parquet(tmp_path / "plain", write_index=False)
    assert dd.read_parquet(tmp_path / "plain", index=False).compute().x.tolist() == [0, 1, 2, 3]
    assert dd.read_parquet(tmp_path / "plain", index=False).columns.tolist() == ["x"]


def test_filters_may_name_the_index(labelled: tuple[str, pd.DataFrame]) -> None:
    path, frame = labelled
    pd.testing.assert_frame_equal(dd.read_parquet(path, filters=[("i", ">", 12)]).compute(), frame[frame.index > 12])


def test_filters_may_ask_for_missing_values(tmp_path: pathlib.Path) -> None:
    frame = pd.DataFrame({"x": [1.0, None, 3.0, None], "n": pd.array([None, 1, 2, 3], dtype="Int64")})
    frame.to_parquet(tmp_path / "missing.parquet")
    read = dd.read_parquet(tmp_path / "missing.parquet", filters=[("x", "is", np.nan), ("n", "is not", pd.NA)])
    pd.testing.assert_frame_equal(read.compute(), frame[frame.x.isna() & frame.n.notna()])
    with pytest.raises(ValueError, match="is for missing values, found 3"):
        dd.read_parquet(tmp_path / "missing.parquet", filters=[("x", "is", 3)])


@pytest.mark.parametrize("compute", [True, False])
def test_a_file_of_all_statistics_for_other_readers(tmp_path: pathlib.Path, compute: bool) -> None:
    frame = pd.DataFrame({"x": range(6), "k": list("aabbcc")})
    folder = tmp_path / "out"
    written = dd.from_pandas(frame, npartitions=3).to_parquet(folder, write_metadata_file=True, compute=compute)
    if not compute:
        written.compute()
    together = pq.read_metadata(folder / "_metadata")
    assert together.num_rows == 6
    assert [together.row_group(i).column(0).file_path for i in range(3)] == [f"part.{i}.parquet" for i in range(3)]
    pd.testing.assert_frame_equal(dd.read_parquet(folder).compute(), frame)
