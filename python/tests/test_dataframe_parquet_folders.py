"""Folders of Parquet files: rows that are appended, divisions that files tell, types of the columns, metadata."""

import pathlib
import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import plait.dataframe as dd


def lazy(frame: pd.DataFrame, npartitions: int = 2) -> Any:
    return dd.from_pandas(frame, npartitions=npartitions)


def frame_of(first: int, count: int = 4) -> pd.DataFrame:
    labels = pd.Index(range(first, first + count), name="i")
    return pd.DataFrame({"x": range(first, first + count), "k": [f"k{n}" for n in range(count)]}, index=labels)


def test_appended_rows_come_behind_those_that_are_there(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "folder"
    for first in (0, 4, 8):
        lazy(frame_of(first)).to_parquet(folder, append=True)
    assert sorted(path.name for path in folder.iterdir()) == [f"part.{n}.parquet" for n in range(6)]
    pd.testing.assert_frame_equal(dd.read_parquet(folder).compute(), pd.concat([frame_of(first) for first in (0, 4, 8)]))


def test_appended_parts_are_numbered_behind_the_last_one(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path)
    (tmp_path / "part.0.parquet").unlink()
    lazy(frame_of(4)).to_parquet(tmp_path, append=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["part.1.parquet", "part.2.parquet", "part.3.parquet"]


def test_rows_are_appended_to_folders_that_are_columns(tmp_path: pathlib.Path) -> None:
    for first in (0, 4):
        lazy(frame_of(first)).to_parquet(tmp_path, append=True, partition_on="k")
    assert sorted(dd.read_parquet(tmp_path).x.compute()) == list(range(8))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.rename(columns={"x": "y"}), "Appended columns not the same: [^']*x[^']*k.* in the files, .*y.*k.* in the frame"),
        (lambda frame: frame.reset_index(), "Appended columns not the same"),
        (lambda frame: frame.rename_axis("j"), "Appended index not the same: .*i.* in the files, .*j.* in the frame"),
        (lambda frame: frame.set_index(frame.index.astype(str)), "Appended dtypes differ: the index is int64 in the files, str in the frame"),
        (lambda frame: frame.astype({"k": "category"}), "column 'k' is str in the files, category of str in the frame"),
        (lambda frame: frame.astype({"x": float}), "Appended dtypes differ: column 'x' is int64 in the files, float64 in the frame"),
        (lambda frame: frame.set_index(frame.index - 1), "overlap"),
    ],
)
def test_what_does_not_go_with_the_files_is_not_appended(tmp_path: pathlib.Path, change: Any, message: str) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path)
    with pytest.raises(ValueError, match=message):
        lazy(change(frame_of(4))).to_parquet(tmp_path, append=True)
    # What Arrow's writer writes is checked in the same way.
    with pytest.raises(ValueError, match=message):
        lazy(change(frame_of(4))).to_parquet(tmp_path, append=True, custom_metadata={"a": "b"})
    assert len(dd.read_parquet(tmp_path)) == 4


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_categories_of_another_type_are_not_appended(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0).astype({"k": "category"})).to_parquet(tmp_path)
    numbers = frame_of(4).assign(k=pd.Categorical([1, 2, 3, 4]))
    with pytest.raises(ValueError, match="column 'k' is category of str in the files, category of int64 in the frame"):
        lazy(numbers).to_parquet(tmp_path, append=True)
    lazy(frame_of(4).assign(k=pd.Categorical(list("mnop")))).to_parquet(tmp_path, append=True)
    assert dd.read_parquet(tmp_path).k.compute().tolist() == ["k0", "k1", "k2", "k3", "m", "n", "o", "p"]


@pytest.mark.parametrize(("before", "now"), [(["k"], None), (None, ["k"]), (["k"], ["x"])])
def test_rows_are_appended_to_the_same_folders_only(tmp_path: pathlib.Path, before: Any, now: Any) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, partition_on=before)
    there = contents(tmp_path)
    with pytest.raises(ValueError, match="partition_on= says"):
        lazy(frame_of(4)).to_parquet(tmp_path, append=True, partition_on=now)
    assert contents(tmp_path) == there


def test_rows_without_labels_are_not_appended_to_labelled_ones(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0).set_axis(list('abcd'))).to_parquet(tmp_path)
    with pytest.raises(ValueError, match="write_index=False appends rows without one"):
        lazy(frame_of(4)).to_parquet(tmp_path, append=True, write_index=False)


def fails_at(part: pd.DataFrame, label: int) -> pd.DataFrame:
    if label in part.index:
        raise RuntimeError("no such luck")
    return part


@pytest.mark.parametrize("options", [{}, {"partition_on": "k"}, {"custom_metadata": {"a": "b"}}])
def test_appending_that_fails_midway_changes_nothing(tmp_path: pathlib.Path, options: dict) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, write_metadata_file=True, **options)
    there = contents(tmp_path)
    with pytest.raises(RuntimeError, match="no such luck"):
        lazy(frame_of(4, 9), 3).map_partitions(fails_at, 12).to_parquet(tmp_path, append=True, **options)
    assert contents(tmp_path) == there
    assert [path.name for path in tmp_path.parent.iterdir() if path.name.startswith(".plait")] == []


def test_python_objects_are_appended_in_the_type_of_the_files(tmp_path: pathlib.Path) -> None:
    def objects(values: list) -> Any:
        return lazy(pd.DataFrame({"o": pd.Series(values, dtype=object)}))

    objects(["a", "b"]).to_parquet(tmp_path)
    objects([None, "c"]).to_parquet(tmp_path, append=True, ignore_divisions=True)
    there = contents(tmp_path)
    with pytest.raises((ValueError, TypeError), match="column o"):
        objects(["d", (1, 2)]).to_parquet(tmp_path, append=True, ignore_divisions=True)
    assert contents(tmp_path) == there
    assert [pq.read_schema(path).field("o").type for path in sorted(tmp_path.iterdir())] == [pa.string()] * 4
    assert dd.read_parquet(tmp_path).o.compute().tolist()[:2] == ["a", "b"]


def test_rows_with_labels_that_are_there_are_appended_when_that_is_said(tmp_path: pathlib.Path) -> None:
    for _ in range(2):
        lazy(frame_of(0)).to_parquet(tmp_path, append=True, ignore_divisions=True)
    assert dd.read_parquet(tmp_path).compute().index.tolist() == [0, 1, 2, 3] * 2


def test_appending_overwrites_nothing(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, name_function=lambda n: f"rows-{n % 2}.parquet")
    with pytest.raises(ValueError, match="gives its name again"):
        lazy(frame_of(4)).to_parquet(tmp_path, append=True, name_function=lambda n: f"rows-{n % 2}.parquet")
    with pytest.raises(ValueError, match="overwrite=True removes"):
        lazy(frame_of(4)).to_parquet(tmp_path, append=True, overwrite=True)
    assert len(dd.read_parquet(tmp_path)) == 4


def test_a_file_of_metadata_follows_the_files(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, write_metadata_file=True)
    lazy(frame_of(4)).to_parquet(tmp_path, append=True)
    assert pq.read_metadata(tmp_path / "_metadata").num_rows == 8


def test_files_tell_divisions(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0, 9), 3).to_parquet(tmp_path)
    assert not dd.read_parquet(tmp_path).known_divisions
    read = dd.read_parquet(tmp_path, calculate_divisions=True)
    assert read.divisions == (0, 3, 6, 8)
    assert read.loc[4:5].npartitions == 1
    pd.testing.assert_frame_equal(read.loc[4:5].compute(), frame_of(0, 9).loc[4:5])
    assert read[["x"]].divisions == read.divisions == dd.read_parquet(tmp_path, filters=[("x", ">", 3)], calculate_divisions=True).divisions


@pytest.mark.parametrize(
    ("labels", "divisions"),
    [
        (pd.RangeIndex(2, 14, 2), (2, 8, 12)),
        (pd.Index(list("abcdef"), name="i"), ("a", "d", "f")),
        (pd.date_range("2020", periods=6, tz="Europe/Berlin"), tuple(pd.to_datetime(["2020-01-01", "2020-01-04", "2020-01-06"]).tz_localize("Europe/Berlin"))),
        (pd.Index([0, 0, 0, 0, 0, 1], name="i"), (None, None, None)),
        (pd.Index([0.0, 1.0, 2.0, 3.0, 4.0, None], name="i"), (None, None, None)),
    ],
)
def test_divisions_of_kinds_of_labels(tmp_path: pathlib.Path, labels: pd.Index, divisions: tuple) -> None:
    frame = pd.DataFrame({"x": range(6)}, index=labels)
    for number in range(2):
        frame.iloc[3 * number : 3 * number + 3].to_parquet(tmp_path / f"part.{number}.parquet")
    read = dd.read_parquet(tmp_path, calculate_divisions=True)
    assert read.divisions == divisions
    pd.testing.assert_frame_equal(read.compute(), frame, check_freq=False)


def test_a_column_becomes_the_index_as_the_rows_are(tmp_path: pathlib.Path) -> None:
    frame = pd.DataFrame({"x": [3, 1, 2, 6, 5, 4], "y": range(6)})
    lazy(frame).to_parquet(tmp_path)
    read = dd.read_parquet(tmp_path, index="x")
    assert not read.known_divisions
    pd.testing.assert_frame_equal(read.compute(), frame.set_index("x"))
    known = dd.read_parquet(tmp_path, index="x", calculate_divisions=True)
    assert known.divisions == (1, 4, 6)
    pd.testing.assert_frame_equal(known.compute(), frame.set_index("x"))
    assert known.loc[5].compute().y.tolist() == [4]


@pytest.mark.parametrize("dtype_backend", ["numpy_nullable", "pyarrow"])
def test_columns_have_the_types_that_are_asked_for(tmp_path: pathlib.Path, dtype_backend: Any) -> None:
    frame = pd.DataFrame({"i": [1, 2, 3], "f": [0.5, None, 1.5], "b": [True, False, True], "s": ["a", None, "c"], "t": pd.date_range("2020", periods=3)})
    frame.to_parquet(tmp_path / "part.0.parquet")
    # Whole numbers beyond 2^53 stay what they are beside one that is missing.
    large = pa.table({"n": pa.array([2**60 + 1, None, 3])})
    pq.write_table(large, tmp_path / "large.parquet")
    for path in ("part.0.parquet", "large.parquet"):
        read = dd.read_parquet(tmp_path / path, dtype_backend=dtype_backend)
        expected = pd.read_parquet(tmp_path / path, dtype_backend=dtype_backend)
        assert read.dtypes.astype(str).tolist() == [str(dtype).removeprefix('large_') for dtype in expected.dtypes]
        assert read.compute().astype(object).equals(expected.astype(object))
    with pytest.raises(ValueError, match="dtype_backend must be"):
        dd.read_parquet(tmp_path / "part.0.parquet", dtype_backend="polars")


def test_files_have_the_types_that_are_said(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, schema={"x": pa.int16()})
    stored = pq.read_schema(tmp_path / "part.1.parquet")
    assert stored.field("x").type == pa.int16()
    assert dd.read_parquet(tmp_path).dtypes["x"] == "int16"
    pd.testing.assert_frame_equal(dd.read_parquet(tmp_path).compute(), frame_of(0), check_dtype=False)
    with pytest.raises(ValueError, match="names \\['z'\\]"):
        lazy(frame_of(0)).to_parquet(tmp_path, schema={"z": pa.int16()})


def test_files_carry_metadata(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, custom_metadata={b"made": b"here"})
    metadata = pq.read_schema(tmp_path / "part.1.parquet").metadata
    assert metadata[b"made"] == b"here"
    assert b"pandas" in metadata
    pd.testing.assert_frame_equal(dd.read_parquet(tmp_path).compute(), frame_of(0))
    with pytest.raises(ValueError, match="pandas"):
        lazy(frame_of(0)).to_parquet(tmp_path, custom_metadata={"pandas": "mine"})


def test_a_whole_schema_says_all_types(tmp_path: pathlib.Path) -> None:
    schema = pa.schema([("x", pa.float32()), ("k", pa.large_string()), ("i", pa.int8())])
    lazy(frame_of(0)).to_parquet(tmp_path, schema=schema)
    stored = pq.read_schema(tmp_path / "part.0.parquet")
    assert [stored.field(name).type for name in ("x", "k", "i")] == [pa.float32(), pa.large_string(), pa.int8()]
    pd.testing.assert_frame_equal(dd.read_parquet(tmp_path).compute(), frame_of(0), check_dtype=False, check_index_type=False)


def test_values_that_a_schema_has_no_place_for_are_an_error_that_writes_nothing(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ValueError, match="column x"):
        lazy(frame_of(298)).to_parquet(tmp_path / "folder", schema={"x": pa.int8()})
    assert not (tmp_path / "folder").exists()


def test_rows_are_appended_in_the_types_of_a_schema(tmp_path: pathlib.Path) -> None:
    for first in (0, 4):
        lazy(frame_of(first)).to_parquet(tmp_path, append=True, schema={"x": pa.int16()})
    assert dd.read_parquet(tmp_path).compute().x.tolist() == list(range(8))
    with pytest.raises(ValueError, match="column 'x' is int16 in the files, int32 in schema="):
        lazy(frame_of(8)).to_parquet(tmp_path, append=True, schema={"x": pa.int32()})
    with pytest.raises(ValueError, match="column 'x' is int16 in the files, int64 in the frame"):
        lazy(frame_of(8)).to_parquet(tmp_path, append=True)


def test_filtered_rows_are_appended_to_numbered_ones(tmp_path: pathlib.Path) -> None:
    frame = pd.DataFrame({"x": range(8)})
    numbered, rest = lazy(frame[:4]), lazy(frame.set_axis(range(0, 8)))
    numbered.to_parquet(tmp_path)
    rest[rest.x > 4].to_parquet(tmp_path, append=True, ignore_divisions=True)
    for order in (None, ["x"]):
        pd.testing.assert_frame_equal(dd.read_parquet(tmp_path, columns=order).compute(), frame.drop(index=4), check_index_type=False)


def test_columns_are_compressed_each_in_its_way(tmp_path: pathlib.Path) -> None:
    lazy(frame_of(0)).to_parquet(tmp_path, compression={"x": "gzip", "k": "snappy"})
    group = pq.ParquetFile(tmp_path / "part.0.parquet").metadata.row_group(0)
    assert {group.column(n).path_in_schema: group.column(n).compression for n in range(2)} == {"x": "GZIP", "k": "SNAPPY"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_rows_that_are_numbered_go_with_rows_that_are_labelled(tmp_path: pathlib.Path, order: tuple[int, int]) -> None:
    frames = [pd.DataFrame({"x": range(4)}), pd.DataFrame({"x": range(4, 8)}, index=[9, 8, 7, 6])]
    for place, number in enumerate(order):
        frames[number].to_parquet(tmp_path / f"part.{place}.parquet")
    read, expected = dd.read_parquet(tmp_path), pd.concat([frames[number] for number in order])
    for make in (lambda d: d, lambda d: d[d.x > 2], lambda d: d.loc[[7]], lambda d: d.x + d.x, lambda d: d[["x"]].assign(y=d.x)):
        pd.testing.assert_frame_equal(make(read).compute().to_frame() if make(read).ndim == 1 else make(read).compute(), pd.DataFrame(make(expected)))
    assert read.index.compute().tolist() == expected.index.tolist()
    assert read.reset_index().compute()["index"].tolist() == expected.index.tolist()


# --- What a partition is ---


@pytest.fixture
def row_groups(tmp_path):
    """Two files of five row groups with ten rows each."""
    p = pd.DataFrame({"x": np.arange(100), "k": list("abcde") * 20})
    for i in range(2):
        p.iloc[i * 50 : (i + 1) * 50].to_parquet(tmp_path / f"{i}.parquet", row_group_size=10, index=False)
    return str(tmp_path), p


@pytest.mark.parametrize(
    ("how", "lengths"),
    [
        ({"split_row_groups": True}, [10] * 10),
        ({"split_row_groups": 2}, [20, 20, 10] * 2),
        ({"split_row_groups": False}, [50, 50]),
        ({"split_row_groups": 99}, [50, 50]),
        ({"split_row_groups": "adaptive"}, [50, 50]),
        ({"split_row_groups": "infer", "blocksize": "1 MiB"}, [50, 50]),
        ({"blocksize": 1}, [10] * 10),
        ({"blocksize": None}, [50, 50]),
    ],
)
def test_row_groups_are_partitions_as_they_are_asked_for(row_groups, how, lengths):
    folder, p = row_groups
    f = dd.read_parquet(folder, **how)
    assert f.map_partitions(len).compute().tolist() == lengths
    assert f.npartitions == len(lengths)
    pd.testing.assert_frame_equal(f.compute().reset_index(drop=True), p)
    assert f[f.x > 70].x.sum().compute() == p[p.x > 70].x.sum()


@pytest.mark.parametrize("split", [0, -1, "no", 1.5])
def test_a_wrong_number_of_row_groups_is_refused(row_groups, split):
    with pytest.raises(ValueError, match="split_row_groups must be .* found " + re.escape(repr(split))):
        dd.read_parquet(row_groups[0], split_row_groups=split)
