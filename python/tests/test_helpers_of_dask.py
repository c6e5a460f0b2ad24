"""What stands beside the collections: sizes of objects, data for examples, helpers of tests; compared with Dask's."""

import array
import random

import dask.array.utils
import dask.dataframe.utils
import dask.datasets
import dask.sizeof
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import plait
import plait.array as da
import plait.dataframe as dd
from plait.sizeof import SimpleSizeof, sizeof

NUMBERS = pd.DataFrame({"a": range(1000), "b": np.arange(1000.0), "t": [f"text {i}" for i in range(1000)]})


@pytest.mark.parametrize(
    "value",
    [
        *(1, 1.5, "text", b"bytes", bytearray(10), memoryview(b"abc"), array.array("d", [1, 2]), [], [1, 2], (1, "x"), {1, 2}, frozenset({3})),
        *({"a": [1, 2], "b": {"c": 3}}, list(range(1000)), {"k": set(range(100))}),
        *(np.ones(100), np.ones((3, 4))[:, ::2], np.broadcast_to(1.0, (1000, 1000)), np.ones(0)),
        *(NUMBERS, NUMBERS.a, NUMBERS.index, NUMBERS.set_index(["a", "b"]).index, NUMBERS.t, pd.DataFrame()),
        pa.table({"a": [1, 2, 3]}),
        pa.chunked_array([[1, 2], [3]]),
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_sizes_are_those_of_dask(value):
    random.seed(0)
    ours = sizeof(value)
    random.seed(0)
    assert ours == dask.sizeof.sizeof(value)


def test_sizes_of_objects_in_columns_are_near_those_of_dask():
    frame = NUMBERS.astype({"t": object})
    for value in (frame, frame.t, frame.set_index("t").index):
        assert abs(sizeof(value) / dask.sizeof.sizeof(value) - 1) < 0.2


def test_sizes_are_registered():
    class Mine:
        pass

    class Simple(SimpleSizeof, list):
        def __sizeof__(self):
            return 1000

    sizeof.register(Mine, lambda value: 123)
    assert sizeof(Mine()) == 123
    assert 1000 <= sizeof(Simple([1] * 5000)) < 1100


def test_cores_are_those_that_the_process_may_use():
    import dask.system

    assert plait.system.CPU_COUNT == plait.system.cpu_count() == dask.system.cpu_count()


def test_a_time_series_is_dasks_with_the_same_seed():
    options = {"start": "2000-01-01", "end": "2000-01-04", "freq": "1h", "seed": 42, "dtypes": {"x": float, "id": int, "name": str, "c": "category"}, "id_lam": 7}
    ours, theirs = plait.datasets.timeseries(**options), dask.datasets.timeseries(**options)
    assert ours.npartitions == theirs.npartitions == 3
    assert tuple(map(pd.Timestamp, ours.divisions)) == tuple(map(pd.Timestamp, theirs.divisions))
    # Texts are pandas' default ones; those of Dask here have another mark for a missing value.
    texts = {"name": "str"}
    pd.testing.assert_frame_equal(ours.compute(), theirs.compute().astype(texts), check_freq=False)
    pd.testing.assert_frame_equal(ours[["id"]].loc["2000-01-02"].compute(), theirs[["id"]].loc["2000-01-02"].compute(), check_freq=False)


def test_a_time_series_is_another_one_each_time():
    one, other = (plait.datasets.timeseries(end="2000-01-02", freq="1h") for _ in range(2))
    assert list(one.columns) == ["name", "id", "x", "y"]
    assert not one.x.compute().equals(other.x.compute())


def test_a_time_series_refuses_what_it_cannot_make():
    with pytest.raises(ValueError, match="column 'x' is to be of dtype 'blob'; expected float, int, str or 'category'"):
        plait.datasets.timeseries(dtypes={"x": "blob"})
    with pytest.raises(ValueError, match="no whole partition of 1D"):
        plait.datasets.timeseries("2000-01-01", "2000-01-01")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.ones(3), np.ones(3)),
        (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
        (np.ones(3), np.ones(4)),
        (np.ones(3), np.ones(3, "f4")),
        (np.ones(3), np.full(3, 1.1)),
        ([1, 2], np.array([1, 2])),
        (1.5, 1.5),
        (np.array(["a"]), np.array(["b"])),
        (np.array(["a"]), np.array(["a"])),
        (np.array([1, "x"], dtype=object), np.array([1, "x"], dtype=object)),
    ],
)
def test_equal_arrays_are_those_that_dask_calls_equal(a, b):
    def outcome(assert_eq):
        try:
            return assert_eq(a, b)
        except AssertionError:
            return AssertionError

    assert outcome(da.assert_eq) == outcome(dask.array.utils.assert_eq)


def test_lazy_arrays_must_keep_what_they_say():
    assert da.assert_eq(da.arange(10, chunks=3) + 1, np.arange(1, 11))
    assert da.assert_eq(da.ones((3, 4), chunks=2).sum(), 12.0)
    with pytest.raises(AssertionError, match="found values"):
        da.assert_eq(da.ones(3), np.zeros(3))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (NUMBERS, NUMBERS),
        (NUMBERS, NUMBERS.iloc[::-1]),
        (NUMBERS, NUMBERS + NUMBERS),
        (NUMBERS.a, NUMBERS.a),
        (NUMBERS.a, NUMBERS.b),
        (NUMBERS.a, NUMBERS.a.rename("other")),
        (NUMBERS.index, NUMBERS.index),
        (1.5, 1.5),
        (1.5, 2.5),
        (float("nan"), float("nan")),
    ],
)
def test_equal_frames_are_those_that_dask_calls_equal(a, b):
    def outcome(assert_eq):
        try:
            return assert_eq(a, b)
        except AssertionError:
            return AssertionError

    assert outcome(dd.assert_eq) == outcome(dask.dataframe.utils.assert_eq)


def test_lazy_frames_are_compared_with_frames():
    lazy = dd.from_pandas(NUMBERS, npartitions=3)
    assert dd.assert_eq(lazy, NUMBERS)
    assert dd.assert_eq(lazy.a + 1, NUMBERS.a + 1)
    assert dd.assert_eq(lazy.a.sum(), NUMBERS.a.sum())
    with pytest.raises(AssertionError):
        dd.assert_eq(lazy, NUMBERS * 2)


def specification(module, index):
    column = module.ColumnSpec
    columns = [
        column(dtype=int, number=2, prefix="p"),
        column(dtype=int, prefix="n", method="normal"),
        column(dtype="int32", prefix="r", low=3, high=9, random=True),
        column(dtype="int64", prefix="b", method="binomial", args=(10, 0.5)),
        column(dtype=float, number=2),
        column(dtype=str, prefix="s", random=True, length=4),
        column(dtype=str, prefix="t", choices=["x", "yy"]),
        column(dtype="category", prefix="c", choices=["Y", "N"]),
        column(dtype="category", nunique=12),
    ]
    return module.DatasetSpec(npartitions=3, nrecords=50, index_spec=index, column_specs=columns)


@pytest.mark.parametrize("index", ["RangeIndexSpec", "DatetimeIndexSpec"])
def test_a_frame_by_specification_is_dasks_with_the_same_seed(index):
    import dask.dataframe.io.demo

    options = {"step": 2} if index == "RangeIndexSpec" else {"start": "2020-01-01", "freq": "1h", "partition_freq": "1D", "dtype": "datetime64[ns]"}
    specs = [specification(module, getattr(module, index)(**options)) for module in (dd.demo, dask.dataframe.io.demo)]
    ours, theirs = dd.demo.with_spec(specs[0], seed=7), dask.dataframe.io.demo.with_spec(specs[1], seed=7)
    assert tuple(ours.divisions) == tuple(theirs.divisions)
    expected = theirs.compute()
    texts = {name: "str" for name in ("s1", "t1")}
    pd.testing.assert_frame_equal(ours.compute(), expected.astype(texts), check_freq=False, check_index_type=False)


def test_a_frame_by_specification_has_columns_of_each_kind():
    frame = dd.demo.with_spec(dd.demo.DatasetSpec(nrecords=10, npartitions=2))
    assert list(frame.columns) == ["i1", "f1", "c1", "s1"] and len(frame) == 10 and frame.npartitions == 2
    with pytest.raises(ValueError, match="column 'x1' is to be of dtype 'datetime64'"):
        dd.demo.with_spec(dd.demo.DatasetSpec(column_specs=[dd.demo.ColumnSpec(prefix="x", dtype="datetime64")]))
    with pytest.raises(ValueError, match="index_spec is 3"):
        dd.demo.with_spec(dd.demo.DatasetSpec(index_spec=3))


def test_people_are_the_same_for_a_seed():
    one, other = (plait.datasets.make_people(npartitions=3, records_per_partition=4, seed=5) for _ in range(2))
    assert one.npartitions == 3
    people = one.compute(scheduler="sync")
    assert people == other.compute(scheduler="threads")
    assert len(people) == 12
    assert set(people[0]) == {"age", "name", "occupation", "telephone", "address", "credit-card"}
    assert people != plait.datasets.make_people(npartitions=3, records_per_partition=4, seed=6).compute(scheduler="sync")
    with pytest.raises(ValueError, match="locale 'de'"):
        plait.datasets.make_people(locale="de")
    with pytest.raises(ValueError, match="found 0 and 1"):
        plait.datasets.make_people(npartitions=0, records_per_partition=1)


def test_hashes_of_bytes_are_the_same_everywhere():
    data = np.arange(6)
    assert plait.hashing.hash_buffer(data) == plait.hashing.hash_buffer(data.tobytes()) == plait.hashing.hash_buffer(memoryview(data))
    assert plait.hashing.hash_buffer(data) != plait.hashing.hash_buffer(data + 1)
    assert plait.hashing.hash_buffer_hex(b"x") == "442a44457137672b3218c1007dc8f76a"
    assert plait.hashing.hash_buffer(b"x", hasher=lambda data: data * 2) == b"xx"
    with pytest.raises(TypeError, match="shows its bytes; found str"):
        plait.hashing.hash_buffer("x")


def test_templates_come_from_the_folders_that_libraries_add(tmp_path, monkeypatch):
    jinja2 = pytest.importorskip("jinja2")
    (tmp_path / "size.html").write_text("{{ size | format_bytes }}, {{ size | twice }}")
    monkeypatch.setattr(plait.widgets, "TEMPLATE_PATHS", [str(tmp_path)])
    monkeypatch.setitem(plait.widgets.FILTERS, "twice", lambda x: 2 * x)
    assert plait.widgets.get_template("size.html").render(size=2048) == "2.00 kiB, 4096"
    with pytest.raises(jinja2.TemplateNotFound, match=f"no template 'other.html'.*{tmp_path.name}"):
        plait.widgets.get_template("other.html")


def test_a_dispatch_is_described_by_what_it_does_for_everything():
    kind = plait.utils.Dispatch("kind")

    @kind.register(object)
    def kind_of_object(x):
        """The kind of a thing."""
        return "object"

    assert kind.__doc__ == "The kind of a thing." and kind(3) == "object"
