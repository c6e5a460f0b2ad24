"""Runs that begin again because the data was not as their sample: what starts one is a typed detail, never a text."""

import os
import tempfile

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd

SCHEDULERS = ["sync", "threads", "processes"]


@pytest.fixture
def late_float(tmp_path):
    """A file whose column x turns out to hold floats, and y text, far behind what is sampled."""
    path = tmp_path / "late.csv"
    lines = [f"{i},{i},{i}" for i in range(200_000)]
    lines[150_000] = "150000,0.5,150000"
    lines[160_000] = "160000,160000,word"
    path.write_text("\n".join(["id,x,y", *lines]) + "\n")
    return path


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_column_that_turns_out_wider_is_read_again(late_float, scheduler):
    # Another name for each scheduler: what one run has learnt of a file serves the next.
    path = late_float.rename(late_float.with_name(f"{scheduler}.csv"))
    frame = dd.read_csv(str(path), blocksize=200_000)
    assert frame.x.dtype == np.dtype("int64")
    result = frame.compute(scheduler=scheduler)
    expected = pd.read_csv(path)
    assert result.x.dtype == np.dtype("float64")
    np.testing.assert_array_equal(result.x, expected.x)
    assert result.y.iloc[160_000] == "word"
    assert frame.x.sum().compute(scheduler=scheduler) == expected.x.sum()


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_split_inside_quotes_is_made_again(tmp_path, scheduler):
    rows = ["1,2\n"] * 25_000
    path = tmp_path / "quotes.csv"
    path.write_text("a,b\n" + "".join(rows) + '1,"' + "3,4\n" * 25_000 + '"\n' + "".join(rows))
    result = dd.read_csv(str(path), blocksize=150_000, dtype={"b": "str"}).compute(scheduler=scheduler)
    assert len(result) == 50_001
    assert result.b.str.len().max() == 100_000


class Failing:
    """Counts its calls in a folder, one file each, and fails with an error that names the file of the frame."""

    def __init__(self, folder, path, error):
        self.folder, self.path, self.error = str(folder), str(path), error

    def __call__(self, part):
        if len(part):
            os.close(tempfile.mkstemp(dir=self.folder)[0])
            raise self.error(f"{self.path}:7: column 'x' has the value '0.5'")
        return part


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("error", [ValueError, RuntimeError])
def test_an_error_of_the_user_that_names_the_file_starts_nothing_again(tmp_path, scheduler, error):
    path = tmp_path / "plain.csv"
    path.write_text("x\n" + "1\n" * 10)
    calls = tmp_path / "calls"
    calls.mkdir()
    frame = dd.read_csv(str(path)).map_partitions(Failing(calls, path, error), meta={"x": "int64"})
    with pytest.raises(error, match="has the value '0.5'"):
        frame.compute(scheduler=scheduler)
    assert len(os.listdir(calls)) == 1
