"""CSV files that change while they are read, or that are no tables, and options of read_csv."""

import os
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")
CHANGED = r"was changed after read_csv looked at it"


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def rows(n, start=0):
    return "a,b\n" + "".join(f"{i},{i % 7}.5\n" for i in range(start, start + n))


@pytest.mark.parametrize("blocksize", [None, 500])
@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_a_file_that_changes_after_it_was_looked_at_is_an_error(tmp_path, blocksize, scheduler):
    name = tmp_path / "rows.csv"
    changes = {
        "emptied": lambda: write(name, ""),
        "longer": lambda: write(name, rows(400)),
        "of the same size": lambda: write(name, rows(300).replace("7", "8")),
        "replaced": lambda: os.replace(write(tmp_path / "new", rows(300).replace("1", "2")), name),
        "appended": lambda: name.open("a").write("1,2\n"),
    }
    for change in changes.values():
        frame = dd.read_csv(write(name, rows(300)), blocksize=blocksize)
        os.utime(name, ns=(1, 1))
        frame = dd.read_csv(str(name), blocksize=blocksize)
        expected = pd.read_csv(name)
        equal(frame.compute(scheduler=scheduler).reset_index(drop=True), expected)
        change()
        for run in (frame, frame.a.sum(), frame.groupby("b").a.mean()):
            with pytest.raises(OSError, match=CHANGED) as error:
                run.compute(scheduler=scheduler)
            assert "rows.csv" in str(error.value)
        equal(dd.read_csv(str(name)).compute(), pd.read_csv(name)) if name.stat().st_size else None


def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path):
    name = tmp_path / "rows.csv"
    frame = dd.read_csv(write(name, rows(5000)), blocksize=10_000)
    assert frame.npartitions > 2

    def change(part):
        if part.a.iloc[0] == 0:
            write(name, rows(5000, 1_000_000))
        return part

    with pytest.raises(OSError, match=CHANGED):
        frame.map_partitions(change, meta=frame._meta).compute(scheduler="sync")


def test_a_compressed_file_that_changes(tmp_path):
    name = tmp_path / "rows.csv.gz"
    pd.read_csv(write(tmp_path / "plain.csv", rows(100))).to_csv(name, index=False)
    frame = dd.read_csv(str(name), blocksize=None)
    assert len(frame) == 100
    pd.DataFrame({"a": [1], "b": [2]}).to_csv(name, index=False)
    with pytest.raises(OSError, match=CHANGED):
        frame.compute()


def test_a_file_that_is_gone(tmp_path):
    frame = dd.read_csv(write(tmp_path / "rows.csv", rows(10)))
    os.remove(tmp_path / "rows.csv")
    with pytest.raises(FileNotFoundError, match="rows.csv"):
        frame.compute()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n".encode("utf-16"), r":1: the file is text in UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), r":1: the header has NUL bytes"),
        (b"a\x00,b\n1,2\n", r":1: the header has NUL bytes"),
        (b"\x00" * 3000, r":1: the header has NUL bytes"),
        (b"\xff\x01\x80,b\n1,2\n", r"not valid UTF-8"),
        (b'a,b\n1,2\n"3,4\n', r":3: a quoted field of the record that starts here is never closed"),
        (b"a,b\n1,2\n3\n", r":3: expected 2 fields, found 1"),
        (b"", r"there are no columns"),
    ],
)
def test_files_that_are_no_tables_are_errors_with_file_and_line(tmp_path, content, said):
    with pytest.raises(ValueError, match=rf"odd\.csv.*{said}|{said}"):
        dd.read_csv(write(tmp_path / "odd.csv", content)).compute()


def test_wide_and_long_lines_take_memory_in_proportion(tmp_path):
    names = ",".join(f"c{i}" for i in range(20_000))
    write(tmp_path / "wide.csv", names + "\n" + ",".join(map(str, range(20_000))) + "\n")
    write(tmp_path / "long.csv", "a,b\n" + "x" * 1_100_000 + ",1\n")
    write(tmp_path / "name.csv", "x" * 1_100_000 + ",b\n1,2\n")
    program = f"""
        import plait.dataframe as dd
        assert dd.read_csv({str(tmp_path / "wide.csv")!r}).c19999.sum().compute() == 19999
        assert len(dd.read_csv({str(tmp_path / "long.csv")!r}).compute().a[0]) == 1_100_000
        assert len(dd.read_csv({str(tmp_path / "name.csv")!r}).compute().columns[0]) == 1_100_000
        # Of this program alone: getrusage also counts what its parent had when it began.
        print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")][0])
    """
    found = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) < 700_000, "kilobytes"


@pytest.mark.parametrize("word", ["NaT", "nat", "NAT", "nan", "NaN", "NAN", ""])
@pytest.mark.parametrize("first", [True, False])
def test_missing_dates(tmp_path, word, first):
    days = ["2020-01-01", word, "2020-02-03", word]
    text = "d,x\n" + "".join(f"{day},{i}\n" for i, day in enumerate(days[1:] + days[:1] if first else days))
    name = write(tmp_path / "days.csv", text * 1)
    for options in ({}, {"keep_default_na": False}):
        for blocksize in (None, 15):
            found = dd.read_csv(name, parse_dates=["d"], blocksize=blocksize, **options).compute().reset_index(drop=True)
            equal(found, pd.read_csv(name, parse_dates=["d"], **options))


def test_a_word_among_dates_leaves_them_text(tmp_path):
    name = write(tmp_path / "days.csv", "d\n2020-01-01\nsoon\nNaT\n")
    equal(dd.read_csv(name, parse_dates=["d"]).compute(), pd.read_csv(name, parse_dates=["d"]))


def test_integers_beyond_64_bits_are_refused(tmp_path):
    huge = "99999999999999999999"
    for values in ([huge], [huge, "1"], ["1", huge], ["-9223372036854775809"]):
        name = write(tmp_path / "ids.csv", "id,x\n" + "".join(f"{v},1\n" for v in values))
        with pytest.raises(ValueError, match="column 'id' of .*ids.csv has an integer beyond 64 bits"):
            dd.read_csv(name)
        equal(dd.read_csv(name, usecols=["x"]).compute(), pd.read_csv(name, usecols=["x"]))
        equal(dd.read_csv(name, dtype={"id": "float64"}).compute(), pd.read_csv(name, dtype={"id": "float64"}))
        equal(dd.read_csv(name, dtype={"id": "str"}).compute(), pd.read_csv(name, dtype={"id": "str"}))
    # Behind the sample the run finds it.
    name = write(tmp_path / "late.csv", "id\n" + "1\n" * 300_000 + huge + "\n")
    with pytest.raises(ValueError, match=rf"late.csv:300002: column 'id' has the value '{huge}'"):
        dd.read_csv(name, blocksize=None).compute()
    for text in (f"id\n{huge}\nabc\n", f"id\n1.5\n{huge}\n", "id\n18446744073709551615\n"):
        equal(dd.read_csv(write(tmp_path / "mixed.csv", text)).compute(), pd.read_csv(tmp_path / "mixed.csv"))


def test_index_col_false_drops_fields_without_a_column(tmp_path):
    name = write(tmp_path / "rows.csv", "a,b\n1,2,\n3,4,5\n7,8\n")
    with pytest.raises(ValueError, match=":2: expected 2 fields, found 3"):
        dd.read_csv(name).compute()
    equal(dd.read_csv(name, index_col=False).compute(), pd.read_csv(name, index_col=False))


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a,b;1,x;2,y;", ";"),
        ("a,b;1,x;2,y", ";"),
        ('a,b~1,x\n~2,"y~z"~', "~"),
        ("a,b~1,x\r\n~~2,\r~", "~"),
        ("a,b\n1,x\n2,y\n", "\n"),
        ("a,b\r1,x\r2,y\r", "\r"),
        ("a|1|2|30|" + "4567|" * 5000, "|"),
    ],
)
def test_one_character_ends_lines_and_nothing_else_does(text, end, tmp_path):
    name = write(tmp_path / "lines.csv", text)
    for blocksize in (None, 7, 900):
        equal(dd.read_csv(name, lineterminator=end, blocksize=blocksize).compute(scheduler="sync").reset_index(drop=True), pd.read_csv(name, lineterminator=end))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"lineterminator": "ab"}, ValueError),
        ({"lineterminator": ","}, ValueError),
        ({"lineterminator": 3}, ValueError),
        ({"index_col": 0}, ValueError),
        ({"index_col": "a"}, ValueError),
        ({"nrows": 3}, ValueError),
        ({"chunksize": 3}, ValueError),
        ({"header": -3}, ValueError),
        ({"header": "a"}, ValueError),
        ({"commnt": "#"}, TypeError),
        ({"encoding": "utf-9"}, LookupError),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value.__name__,
)
def test_an_option_acts_or_is_refused_by_name(tmp_path, options, error):
    name = write(tmp_path / "rows.csv", rows(3))
    with pytest.raises(error, match=next(iter(options))):
        dd.read_csv(name, **options)


def test_to_csv_takes_its_scheduler_either_way(tmp_path):
    frame = dd.from_pandas(pd.DataFrame({"a": np.arange(5)}), npartitions=2)
    for options in ({"compute_kwargs": {"scheduler": "sync"}}, {"scheduler": "sync"}, {"scheduler": "sync", "compute_kwargs": {"scheduler": "sync"}}):
        names = frame.to_csv(str(tmp_path / "out-*.csv"), **options)
        assert [os.path.basename(name) for name in names] == ["out-0.csv", "out-1.csv"]
    with pytest.raises(ValueError, match="different schedulers"):
        frame.to_csv(str(tmp_path / "out-*.csv"), scheduler="sync", compute_kwargs={"scheduler": "threads"})
