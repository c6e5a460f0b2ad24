"""Parquet files in folders that are columns: to_parquet(partition_on=) and reading them back."""

import os

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import EXECUTORS, equal

SOURCE = pd.DataFrame(
    {
        "k": ["x", "y", "a/b", None, "x", "50% = half", "y"],
        "i": [10, 2, 10, 2, 1, 1, 10],
        "v": [1.5, None, 3.0, 4.0, 5.0, 6.0, 7.0],
        "o": ["p", "q", "p", "q", "p", "q", "p"],
    },
    index=pd.Index([3, 4, 5, 6, 7, 8, 9], name="row"),
)


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder) for path, _, names in os.walk(folder) for name in names)


def by_row(frame, columns):
    """In the order of the rows, with folders' categories as what they stand for, and columns in an order."""
    plain = frame.assign(**{c: frame[c].astype(SOURCE[c].dtype) for c in ("k", "i") if frame[c].dtype == "category"})
    return plain.sort_index()[columns]


@pytest.mark.parametrize("npartitions", [1, 3])
@pytest.mark.parametrize("on", ["k", ["i"], ["i", "k"]])
def test_rows_come_back_from_the_folders_of_their_values(on, npartitions, tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=npartitions).to_parquet(folder, partition_on=on)
    found = dd.read_parquet(folder)
    names = [on] if isinstance(on, str) else on
    assert list(found.columns) == [c for c in SOURCE.columns if c not in names] + names
    for executor in EXECUTORS:
        computed = found.compute(scheduler=executor)
        equal(by_row(computed, list(SOURCE.columns)), SOURCE)
    for name in names:
        assert list(found[name].cat.categories) == list(computed[name].cat.categories) == sorted(SOURCE[name].dropna().unique())


def test_files_are_named_as_hive_spark_and_dask_name_them(tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=2, sort=False).to_parquet(folder, partition_on=["i", "k"])
    assert files_below(folder) == [
        "i=1/k=50%25 %3D half/part.1.parquet", "i=1/k=x/part.1.parquet", "i=10/k=a%2Fb/part.0.parquet", "i=10/k=x/part.0.parquet",
        "i=10/k=y/part.1.parquet", "i=2/k=__HIVE_DEFAULT_PARTITION__/part.0.parquet", "i=2/k=y/part.0.parquet",
    ]  # fmt: skip


def test_the_same_rows_are_read_by_pandas_and_those_of_pandas_here(tmp_path):
    ours, theirs = str(tmp_path / "ours"), str(tmp_path / "theirs")
    rows = SOURCE.dropna(subset=["k"])
    dd.from_pandas(rows, npartitions=2).to_parquet(ours, partition_on=["k"])
    read = pd.read_parquet(ours).rename_axis("row")
    equal(by_row(read, list(rows.columns)), rows)
    rows.to_parquet(theirs, partition_cols=["i", "k"])
    equal(by_row(dd.read_parquet(theirs).compute(), list(rows.columns)), rows)


def test_columns_are_chosen_and_only_folders_need_no_file(tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=2).to_parquet(folder, partition_on=["i"], write_index=False)
    assert dd.read_parquet(folder, columns=["i", "v"]).compute().dtypes.astype(str).to_dict() == {"i": "category", "v": "float64"}
    only = dd.read_parquet(folder, columns="i").compute()
    assert sorted(only.astype("int64")) == sorted(SOURCE.i)
    assert len(dd.read_parquet(folder)) == len(SOURCE)


@pytest.mark.parametrize(
    "filters, test",
    [
        ([("i", "==", 10)], lambda d: d.i == 10),
        ([("i", ">=", 2)], lambda d: d.i >= 2),
        ([("i", "!=", 2), ("v", ">", 1.5)], lambda d: (d.i != 2) & (d.v > 1.5)),
        ([[("i", "in", [1, 2])], [("v", "==", 3.0)]], lambda d: d.i.isin([1, 2]) | (d.v == 3.0)),
        ([("i", "not in", [1, 2])], lambda d: ~d.i.isin([1, 2])),
        ([("k", "==", "x")], lambda d: d.k == "x"),
        ([("k", "<", "b")], lambda d: d.k < "b"),
    ],
)
def test_filters_see_the_values_of_folders(filters, test, tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=2).to_parquet(folder, partition_on=["i", "k"])
    found = dd.read_parquet(folder, filters=filters).compute()
    equal(by_row(found, list(SOURCE.columns)), SOURCE[test(SOURCE)])


def test_a_folder_that_a_filter_leaves_out_is_not_read(tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=1).to_parquet(folder, partition_on=["i"])
    found = dd.read_parquet(folder)
    wanted = found[found.i == 10]
    left_out = os.path.join(folder, "i=2", "part.0.parquet")
    stamp = os.stat(left_out)
    with open(left_out, "r+b") as file:  # of the same size and time, but no Parquet file any more
        file.write(b"\0" * stamp.st_size)
    os.utime(left_out, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    equal(by_row(wanted.compute(), list(SOURCE.columns)), SOURCE[SOURCE.i == 10])


def test_objects_are_written_by_pandas_into_the_same_folders(tmp_path):
    folder = str(tmp_path / "out")
    frame = SOURCE.assign(o=SOURCE.o.map(lambda text: [text]))
    dd.from_pandas(frame, npartitions=2, sort=False).to_parquet(folder, partition_on="k")
    assert files_below(folder) == [
        "k=50%25 %3D half/part.1.parquet", "k=__HIVE_DEFAULT_PARTITION__/part.0.parquet", "k=a%2Fb/part.0.parquet",
        "k=x/part.0.parquet", "k=x/part.1.parquet", "k=y/part.0.parquet", "k=y/part.1.parquet",
    ]  # fmt: skip


def test_a_folder_is_replaced_by_other_folders(tmp_path):
    folder = str(tmp_path / "out")
    frame = dd.from_pandas(SOURCE, npartitions=2)
    frame.to_parquet(folder, partition_on="k")
    frame.to_parquet(folder, partition_on="i")
    assert {name.split("=")[0] for name in files_below(folder)} == {"i"}
    (tmp_path / "out" / "notes.txt").write_text("kept")
    frame.to_parquet(folder, partition_on="k")
    assert {name.split("=")[0] for name in files_below(folder)} == {"k", "notes.txt"}
    frame.to_parquet(folder)
    assert files_below(folder) == ["notes.txt", "part.0.parquet", "part.1.parquet"]
    equal(dd.read_parquet(folder).compute(), SOURCE)


def test_a_frame_is_written_over_the_folders_that_it_is_read_from(tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=2).to_parquet(folder, partition_on="i")
    read = dd.read_parquet(folder)
    read.assign(v=read.v + 1).to_parquet(folder, partition_on="i")
    equal(by_row(dd.read_parquet(folder).compute(), list(SOURCE.columns)), SOURCE.assign(v=SOURCE.v + 1))


def test_partitions_without_rows_have_no_files(tmp_path):
    folder = str(tmp_path / "out")
    frame = dd.from_pandas(SOURCE, npartitions=3, sort=False)
    frame[frame.v > 6].to_parquet(folder, partition_on="i")
    assert files_below(folder) == ["i=10/part.2.parquet"]


@pytest.mark.parametrize(
    "on, message",
    [("nope", "'nope'"), (["k", "k"], "twice"), (["k", "i", "v", "o"], "every column")],
)
def test_wrong_columns_are_refused(on, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        dd.from_pandas(SOURCE, npartitions=2).to_parquet(str(tmp_path / "out"), partition_on=on)


def test_files_of_different_layouts_are_refused(tmp_path):
    SOURCE.to_parquet(tmp_path / "whole.parquet")
    dd.from_pandas(SOURCE, npartitions=1).to_parquet(str(tmp_path), partition_on="i", overwrite=True)
    SOURCE.to_parquet(tmp_path / "whole.parquet")
    with pytest.raises(ValueError, match="i=.*one layout"):
        dd.read_parquet(str(tmp_path))


def test_groups_of_a_folder_column_are_those_of_its_values(tmp_path):
    folder = str(tmp_path / "out")
    dd.from_pandas(SOURCE, npartitions=2).to_parquet(folder, partition_on="i")
    found = dd.read_parquet(folder).groupby("i", observed=True).v.sum().compute()
    assert found.to_dict() == SOURCE.groupby("i").v.sum().to_dict()
    assert np.issubdtype(found.index.categories.dtype, np.integer)
