"""Options of read_csv that the engine's reader does not have: pandas reads the blocks, and the rows are those of pandas."""

import os

import pandas as pd
import pytest

import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")
FIRST = "# made up\nname,amount,id\nAl,1.5,1\nBo,2,2\n# in the middle\nCy,,3\n"
SECOND = "# made up\nname,amount,id\nDi,4,4\nEd,5,5\n"


@pytest.fixture
def files(tmp_path):
    names = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    for name, text in zip(names, (FIRST, SECOND)):
        with open(name, "w") as file:
            file.write(text)
    return names


def assert_same(lazy, expected):
    pd.testing.assert_frame_equal(lazy.compute().reset_index(drop=True), expected.reset_index(drop=True))


@pytest.mark.parametrize("blocksize", [None, 5, 17, 30])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"converters": {"id": lambda text: int(text) * 2}},
        {"usecols": ["id", "name"]},
        {"usecols": lambda label: label != "name"},
        {"header": None, "skiprows": 2},
        {"header": 0, "names": ["x", "y", "z"], "usecols": ["z"]},
        {"dtype": {"id": "float32"}},
        {"skip_blank_lines": False},
    ],
    ids=lambda options: "-".join(options) or "comment",
)
def test_blocks_have_the_rows_of_the_files(files, options, blocksize):
    options = {"comment": "#", **options}
    expected = pd.concat([pd.read_csv(name, **options) for name in files])
    assert_same(dd.read_csv(files, blocksize=blocksize, **options), expected)


@pytest.mark.parametrize("blocksize", [None, 5, 17])
@pytest.mark.parametrize("skiprows", [[0, 2], range(1), lambda number: number in (0, 3)], ids=["list", "range", "function"])
def test_lines_are_left_out_by_their_numbers(files, skiprows, blocksize):
    assert_same(dd.read_csv(files[1], skiprows=skiprows, blocksize=blocksize), pd.read_csv(files[1], skiprows=skiprows))


def test_each_row_knows_its_file(files):
    both = dd.read_csv(files, comment="#", include_path_column=True, blocksize=20)
    found = both.compute()
    assert isinstance(found.path.dtype, pd.CategoricalDtype) and both.path.cat.categories.tolist() == files
    assert found.path.astype(str).tolist() == [files[0]] * 3 + [files[1]] * 2
    short = dd.read_csv(files, comment="#", include_path_column="file", converters={"file": os.path.basename})
    assert short.file.compute().astype(str).tolist() == ["a.csv"] * 3 + ["b.csv"] * 2
    with pytest.raises(ValueError, match="already contain the column name: id"):
        dd.read_csv(files, comment="#", include_path_column="id")


def test_categories_of_all_blocks_come_together(files):
    lazy = dd.read_csv(files, comment="#", dtype={"name": "category"}, blocksize=17)
    assert not lazy.name.cat.known
    found = lazy.compute().name
    assert found.astype(str).tolist() == ["Al", "Bo", "Cy", "Di", "Ed"] and sorted(found.cat.categories) == ["Al", "Bo", "Cy", "Di", "Ed"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_encodings(tmp_path, encoding):
    name = tmp_path / "e.csv"
    name.write_text("a,b\n\u00e9,1\n\u00fc,2\n", encoding=encoding)
    assert_same(dd.read_csv(name, encoding=encoding, blocksize=6), pd.read_csv(name, encoding=encoding))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a###b\n1###2\n3###4\n", {"sep": "###", "engine": "python"}),
        ("a  b\n1    2\n3 4\n", {"sep": r"\s+"}),
        ("a;b\n1,5;2.000\n3,5;4\n", {"sep": ";", "decimal": ",", "thousands": "."}),
        ("a, b\n1, x\n2, y\n", {"skipinitialspace": True}),
        ("a,b\n01.02.2020,1\n05.06.2021,2\n", {"parse_dates": ["a"], "date_format": "%d.%m.%Y"}),
    ],
    ids=["marks", "spaces", "commas", "space behind", "dates"],
)
def test_other_ways_to_write_values(tmp_path, text, options):
    name = tmp_path / "t.csv"
    name.write_text(text)
    assert_same(dd.read_csv(name, blocksize=8, **options), pd.read_csv(name, **options))


def test_lines_at_the_end_are_left_out(tmp_path):
    name = tmp_path / "f.csv"
    name.write_text("a,b\n1,2\n3,4\ntotal,9\n")
    options = {"skipfooter": 1, "engine": "python"}
    assert_same(dd.read_csv(name, **options), pd.read_csv(name, **options))


def test_lines_that_end_as_on_windows(tmp_path):
    name = tmp_path / "w.csv"
    name.write_bytes(b"a,b\r\n1,2\r\n3,4\r\n")
    assert_same(dd.read_csv(name, lineterminator="\r\n", blocksize=5), pd.read_csv(name))


def test_a_value_that_is_not_of_the_type_of_the_first_ones_is_told(tmp_path):
    name = tmp_path / "late.csv"
    name.write_text("a,b\n" + "1,x\n" * 300 + ",y\n")
    with pytest.raises(ValueError, match="column 'a' of .*late.csv' has dtype float64, but int64 at the beginning"):
        dd.read_csv(name, comment="#", blocksize=100, sample=50).compute()
    assert dd.read_csv(name, comment="#", blocksize=100, sample=50, assume_missing=True).a.sum().compute() == 300


def test_files_of_other_columns_are_told(files, tmp_path):
    (tmp_path / "c.csv").write_text("name,id\nFi,6\n")
    with pytest.raises(ValueError, match="Columns do not match"):
        dd.read_csv([*files, str(tmp_path / "c.csv")], comment="#").compute()


@pytest.mark.parametrize("blocksize", ["default", 9])
def test_files_elsewhere(blocksize):
    system = pytest.importorskip("fsspec").filesystem("memory")
    system.pipe({f"/of_a_test/{name}.csv": text.encode() for name, text in (("a", "x,y\n1,p\n2,q\n"), ("b", "x,y\n3,r\n"))})
    found = dd.read_csv("memory://of_a_test/*.csv", blocksize=blocksize).compute(scheduler="threads")
    system.rm("/of_a_test", recursive=True)
    assert found.x.tolist() == [1, 2, 3] and found.y.tolist() == ["p", "q", "r"]
