"""What writing leaves on disk: a write may read what it replaces, and one that fails changes nothing."""

import os
import pathlib
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal


def sample(n=40):
    return pd.DataFrame({"x": np.arange(n), "k": list("abcd" * (n // 4))})


def names(folder):
    """Everything there, what is hidden too."""
    return sorted(os.listdir(folder))


def fails_late(part):
    if len(part) and part.x.iloc[0] >= 20:
        raise ValueError("a defect in the middle")
    return part


CHANGES = (lambda d: d, lambda d: d.repartition(npartitions=2), lambda d: d.sort_values("x", ascending=False))


@pytest.fixture
def parquet(tmp_path):
    folder = tmp_path / "data"
    dd.from_pandas(sample(), npartitions=4).to_parquet(folder)
    return folder


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("options", [{}, {"engine": "pyarrow", "use_dictionary": False}], ids=["native", "pandas"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_frame_is_written_into_the_folder_that_it_is_read_from(parquet, scheduler, overwrite, options, change):
    changed = change(dd.read_parquet(parquet)).assign(y=1)
    changed.to_parquet(parquet, overwrite=overwrite, compute_kwargs={"scheduler": scheduler}, **options)
    after = dd.read_parquet(parquet).compute().sort_values("x", ignore_index=True)
    equal(after, sample().assign(y=1))
    assert names(parquet.parent) == ["data"]


def test_fewer_parts_leave_no_old_ones_beside_them(parquet):
    dd.read_parquet(parquet).repartition(npartitions=1).to_parquet(parquet)
    assert names(parquet) == ["part.0.parquet"]
    equal(dd.read_parquet(parquet).compute(), sample())


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_write_that_fails_changes_nothing(parquet, scheduler, overwrite):
    before = {name: (parquet / name).stat().st_mtime_ns for name in names(parquet)}
    failing = dd.from_pandas(sample(), npartitions=4).map_partitions(fails_late, meta=sample().iloc[:0])
    with pytest.raises(ValueError, match="a defect in the middle"):
        failing.to_parquet(parquet, overwrite=overwrite, compute_kwargs={"scheduler": scheduler})
    assert {name: (parquet / name).stat().st_mtime_ns for name in names(parquet)} == before
    assert names(parquet.parent) == ["data"]
    equal(dd.read_parquet(parquet).compute(), sample())


def test_a_first_write_that_fails_leaves_no_folder(tmp_path):
    failing = dd.from_pandas(sample(), npartitions=4).map_partitions(fails_late, meta=sample().iloc[:0])
    with pytest.raises(ValueError, match="a defect"):
        failing.to_parquet(tmp_path / "a" / "b")
    with pytest.raises(ValueError, match="a defect"):
        failing.to_csv(str(tmp_path / "c-*.csv"))
    assert names(tmp_path) == []


def test_nothing_is_touched_before_a_lazy_write_runs(parquet):
    lazy = dd.from_pandas(sample(8), npartitions=1).to_parquet(parquet, overwrite=True, compute=False)
    equal(dd.read_parquet(parquet).compute(), sample())
    lazy.compute()
    equal(dd.read_parquet(parquet).compute(), sample(8))
    assert names(parquet) == ["part.0.parquet"]


def test_other_parquet_files_in_the_folder_are_refused_or_go_when_asked_for(parquet):
    sample(4).to_parquet(parquet / "extra.parquet")
    (parquet / "notes.txt").write_text("mine")
    lazy = dd.from_pandas(sample(8), npartitions=2)
    with pytest.raises(ValueError, match=r"extra\.parquet.*overwrite=True"):
        lazy.to_parquet(parquet)
    assert len(names(parquet)) == 6
    lazy.to_parquet(parquet, overwrite=True)
    assert names(parquet) == ["notes.txt", "part.0.parquet", "part.1.parquet"]
    equal(dd.read_parquet(parquet).compute(), sample(8))


def test_the_folder_keeps_its_mode(parquet):
    parquet.chmod(0o750)
    dd.read_parquet(parquet).to_parquet(parquet)
    assert parquet.stat().st_mode & 0o777 == 0o750


def test_a_link_to_a_folder_stays_a_link(parquet):
    link = parquet.parent / "link"
    link.symlink_to(parquet)
    dd.read_parquet(link).repartition(npartitions=2).to_parquet(link)
    assert link.is_symlink()
    assert names(parquet) == ["part.0.parquet", "part.1.parquet"]
    equal(dd.read_parquet(parquet).compute(), sample())


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("options", [{}, {"date_format": "%Y"}], ids=["native", "pandas"])
def test_csv_files_are_written_over_their_own_input(tmp_path, scheduler, options):
    pattern = str(tmp_path / "rows-*.csv")
    dd.from_pandas(sample(), npartitions=4).to_csv(pattern, index=False)
    changed = dd.read_csv(pattern).sort_values("x", ascending=False).repartition(npartitions=4).assign(y=2)
    written = changed.to_csv(pattern, index=False, scheduler=scheduler, **options)
    assert written == [str(tmp_path / f"rows-{i}.csv") for i in range(4)]
    assert names(tmp_path) == [f"rows-{i}.csv" for i in range(4)]
    equal(dd.read_csv(pattern).compute().sort_values("x", ignore_index=True), sample().assign(y=2))


def test_a_single_file_is_written_over_its_own_input(tmp_path):
    path = str(tmp_path / "rows.csv")
    sample().to_csv(path, index=False)
    dd.read_csv(path, blocksize=100).to_csv(path, single_file=True, index=False)
    equal(pd.read_csv(path), sample())


def test_names_in_relative_paths_hold_for_worker_processes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dd.from_pandas(sample(), npartitions=2).to_parquet("out", compute_kwargs={"scheduler": "processes"})
    dd.from_pandas(sample(), npartitions=2).to_csv("csv/part-*.csv", scheduler="processes")
    assert names(tmp_path / "out") == ["part.0.parquet", "part.1.parquet"]
    assert names(tmp_path / "csv") == ["part-0.csv", "part-1.csv"]


def test_modes_of_files(tmp_path):
    lazy = dd.from_pandas(sample(), npartitions=2)
    pattern = str(tmp_path / "rows-*.csv")
    lazy.to_csv(pattern, mode="x")
    with pytest.raises(FileExistsError, match="rows-0.csv"):
        lazy.to_csv(pattern, mode="x")
    with pytest.raises(NotImplementedError, match="mode='a'"):
        lazy.to_csv(pattern, mode="a")
    assert names(tmp_path) == ["rows-0.csv", "rows-1.csv"]


PROGRAM = """
import os, sys, pandas as pd, plait.dataframe as dd
def stop(part):
    if len(part) and part.x.iloc[0] >= 20:
        os.kill(os.getpid(), 9)
    return part
sample = pd.DataFrame({"x": range(40)})
dd.from_pandas(sample, npartitions=4).map_partitions(stop, meta=sample.iloc[:0]).to_parquet(sys.argv[1], compute_kwargs={"scheduler": "sync"})
"""


def test_what_a_killed_process_left_goes_at_the_next_write(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / "data")], env=environment)
    assert done.returncode == -9
    left = names(tmp_path)
    assert len(left) == 1 and left[0].startswith(".plait-")
    other = tmp_path / ".plait-anotherhost-1-2-3"
    other.mkdir()
    dd.from_pandas(sample(), npartitions=2).to_parquet(tmp_path / "data")
    assert names(tmp_path) == [other.name, "data"]
