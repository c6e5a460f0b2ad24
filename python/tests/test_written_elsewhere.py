"""Files that are written to places of fsspec, here its memory, come back as they were; what fails leaves nothing there."""

import fsspec
import numpy as np
import pandas as pd
import pytest

import plait
import plait.array as da
import plait.bag as db
import plait.dataframe as dd

FRAME = pd.DataFrame({"x": range(6), "y": list("aabbcc")})
SCHEMA = {"name": "N", "type": "record", "fields": [{"name": "n", "type": "int"}]}


@pytest.fixture
def memory():
    system = fsspec.filesystem("memory")
    system.store.clear()
    return system


@pytest.fixture
def lazy():
    return dd.from_pandas(FRAME, npartitions=3)


def files(system):
    return sorted(system.find("/"))


def equal(found, expected=FRAME):
    pd.testing.assert_frame_equal(found.reset_index(drop=True), expected, check_dtype=False)


def test_csv_files(memory, lazy):
    assert lazy.to_csv("memory://out/n-*.csv", index=False) == [f"memory://out/n-{i}.csv" for i in range(3)]
    equal(dd.read_csv("memory://out/n-*.csv").compute())
    lazy.to_csv("memory://one.csv", single_file=True, index=False, sep=";")
    equal(pd.read_csv(memory.open("/one.csv"), sep=";"))
    with pytest.raises(FileExistsError, match="n-0.csv"):
        lazy.to_csv("memory://out/n-*.csv", mode="x")


def test_json_files(memory, lazy):
    lazy.to_json("memory://out/*.json.gz", compression="gzip")
    assert files(memory) == [f"/out/{i}.json.gz" for i in range(3)]
    equal(dd.read_json("memory://out/*.json.gz").compute())


def test_orc_files(memory, lazy):
    lazy.to_orc("memory://out", write_index=False)
    equal(dd.read_orc("memory://out").compute())


def test_a_folder_of_parquet_files(memory, lazy):
    lazy.to_parquet("memory://out", write_metadata_file=True)
    assert files(memory) == ["/out/_metadata", *(f"/out/part.{i}.parquet" for i in range(3))]
    equal(dd.read_parquet("memory://out").compute())
    with pytest.raises(ValueError, match="part.2.parquet; overwrite=True"):
        lazy.repartition(npartitions=2).to_parquet("memory://out")
    lazy.repartition(npartitions=2).to_parquet("memory://out", overwrite=True, write_index=False)
    assert files(memory) == ["/out/part.0.parquet", "/out/part.1.parquet"]
    equal(dd.read_parquet("memory://out").compute())


def test_parquet_files_in_folders_of_a_column(memory, lazy):
    lazy.to_parquet("memory://out", partition_on="y")
    assert {path.split("/")[2] for path in files(memory)} == {"y=a", "y=b", "y=c"}
    equal(dd.read_parquet("memory://out").compute().astype({"y": "str"}).sort_values("x")[["x", "y"]])


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_lines_of_a_bag(memory, scheduler):
    names = db.from_sequence(["a", "b", "c"], npartitions=2).map(str.upper).to_textfiles("memory://out/*.txt.gz", scheduler=scheduler)
    assert names == ["memory://out/0.txt.gz", "memory://out/1.txt.gz"]
    assert db.read_text("memory://out/*.txt.gz").map(str.strip).compute(scheduler="sync") == ["A", "B", "C"]


def test_records_of_a_bag(memory):
    pytest.importorskip("fastavro")
    records = [{"n": n} for n in range(4)]
    db.from_sequence(records, npartitions=2).to_avro("memory://out/*.avro", schema=SCHEMA)
    assert db.read_avro("memory://out/*.avro").compute(scheduler="sync") == records


def test_an_array(memory):
    pytest.importorskip("zarr")
    x = np.arange(12).reshape(3, 4)
    da.from_array(x, chunks=2).to_zarr("memory://out.zarr")
    np.testing.assert_array_equal(da.from_zarr("memory://out.zarr").compute(), x)


def test_what_is_written_later(memory, lazy):
    later = [
        *lazy.to_csv("memory://csv/*.csv", compute=False),
        lazy.to_parquet("memory://parquet", compute=False),
        *db.from_sequence("ab", npartitions=2).to_textfiles("memory://lines/*.txt", compute=False),
    ]
    assert files(memory) == []
    plait.compute(*later, scheduler="threads")
    assert files(memory) == [
        *(f"/csv/{i}.csv" for i in range(3)),
        "/lines/0.txt",
        "/lines/1.txt",
        *(f"/parquet/part.{i}.parquet" for i in range(3)),
    ]


def test_what_fails_leaves_nothing(memory, tmp_path, lazy):
    def fail(part):
        if 5 in list(part):
            raise OSError("no more")
        return part

    with plait.config.set({"spill.directory": str(tmp_path)}):
        with pytest.raises(OSError, match="no more"):
            lazy.map_partitions(lambda part: part.assign(x=fail(part.x)), meta=lazy).to_csv("memory://csv/*.csv", scheduler="sync")
        with pytest.raises(OSError, match="no more"):
            db.from_sequence([1, 5], npartitions=2).map_partitions(fail).map(str).to_textfiles("memory://lines/*", scheduler="sync")
    assert files(memory) == []
    assert list(tmp_path.iterdir()) == []


def test_file_urls_are_paths_of_this_machine(tmp_path, lazy):
    lazy.to_csv(f"file://{tmp_path}/csv/*.csv", index=False)
    lazy.to_parquet(f"file://{tmp_path}/parquet")
    db.from_sequence("ab").to_textfiles(f"file://{tmp_path}/lines/*.txt")
    equal(dd.read_csv(f"file://{tmp_path}/csv/*.csv").compute())
    equal(dd.read_parquet(f"file://{tmp_path}/parquet").compute())
    assert len(list((tmp_path / "lines").iterdir())) == 2


@pytest.mark.parametrize("write", ["to_csv", "to_json", "to_orc", "to_parquet"])
def test_options_for_a_path_of_this_machine_are_refused(tmp_path, lazy, write):
    with pytest.raises(ValueError, match="storage_options= is for remote files"):
        getattr(lazy, write)(tmp_path / "out", storage_options={"anon": True})
    assert list(tmp_path.iterdir()) == []


def test_options_of_bags_and_arrays_for_a_path_of_this_machine_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(ValueError, match="storage_options= is for remote files"):
        db.from_sequence("ab").to_textfiles(f"{tmp_path}/*.txt", storage_options={"anon": True})
    with pytest.raises(ValueError, match="storage_options= is for remote files"):
        db.read_text(f"{tmp_path}/a.txt", storage_options={"anon": True})
    zarr = pytest.importorskip("zarr")
    with pytest.raises(ValueError, match="storage_options= is for places that fsspec writes"):
        da.ones(3).to_zarr(zarr.create_array(store=zarr.storage.MemoryStore(), shape=3, dtype=float), storage_options={"anon": True})
