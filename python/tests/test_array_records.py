"""Arrays of records (structured dtypes) and of long floats: moved, cut and joined as they are, with NumPy's functions on their blocks."""

import pickle

import numpy as np
import pytest

import plait
import plait.array as da

RECORD = np.dtype([("name", "S3"), ("n", "<i4"), ("at", "M8[D]"), ("place", "<f4", (2,))])


@pytest.fixture
def records():
    x = np.zeros((4, 6), dtype=RECORD)
    x["name"] = [b"a", b"bb", b"ccc", b"", b"e", b"f"]
    x["n"] = np.arange(24).reshape(4, 6)
    x["at"] = np.arange(24).reshape(4, 6).astype("M8[D]")
    x["place"] = np.arange(48).reshape(4, 6, 2)
    return x


STEPS = {
    "as it is": lambda m, x: x,
    "slices": lambda m, x: x[1:, ::-2],
    "places": lambda m, x: x[:, [5, 0, 0]],
    "a mask": lambda m, x: x[np.arange(4) % 2 == 0],
    "a mask of all axes": lambda m, x: x[np.arange(24).reshape(4, 6) % 5 == 0],
    "one record": lambda m, x: x[2, 3],
    "a new axis": lambda m, x: x[:, None],
    "transpose": lambda m, x: x.T,
    "reshape": lambda m, x: x.reshape(3, 8),
    "concatenate": lambda m, x: m.concatenate([x, x[:1]]),
    "stack": lambda m, x: m.stack([x, x], axis=-1),
    "a field": lambda m, x: x["n"],
    "a field of texts": lambda m, x: x["name"],
    "a field of dates": lambda m, x: x["at"],
    "a field of arrays": lambda m, x: x["place"],
    "fields": lambda m, x: x[["n", "at"]],
    "a field's sum": lambda m, x: x["n"].sum(axis=0),
    "one number of a field of arrays": lambda m, x: x["place"][..., 1].mean(),
    "repeat": lambda m, x: x.repeat(2, axis=0),
    "roll": lambda m, x: m.roll(x, 2, axis=1),
    "equal": lambda m, x: x == x[:1],
    "unequal": lambda m, x: x != x[::-1],
    "where": lambda m, x: m.where(x["n"] > 7, x, x[::-1]),
    "unique": lambda m, x: m.unique(x[["n"]] if m is np else x[["n"]]),
    "converted": lambda m, x: x[["n"]].astype([("n", "f8")]),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("chunks", [-1, (3, 2), (1, 4)])
def test_records_move_as_in_numpy(records, step, chunks):
    expected = STEPS[step](np, records)
    found = STEPS[step](da, da.from_array(records, chunks=chunks))
    assert found.dtype == expected.dtype
    if all(extent == extent for extent in found.shape):
        assert found.shape == expected.shape
    got = found.compute()
    assert got.dtype == expected.dtype
    np.testing.assert_array_equal(got, expected)


def test_functions_of_blocks_get_and_give_records(records):
    x = da.from_array(records, chunks=(2, 3))

    def counted(block):
        assert block.dtype == RECORD
        made = np.zeros(block.shape, dtype=[("n", "i4"), ("half", "f8")])
        made["n"], made["half"] = block["n"], block["n"] / 2
        return made

    found = x.map_blocks(counted)
    assert found.dtype.names == ("n", "half")
    np.testing.assert_array_equal(found["half"].compute(), records["n"] / 2)
    np.testing.assert_array_equal(x.map_blocks(lambda block: block["n"], dtype="i4").compute(), records["n"])
    np.testing.assert_array_equal(x.blocks[1, 1].compute(), records[2:, 3:])


def test_records_are_set(records):
    x = da.from_array(records, chunks=(2, 3))
    x[0] = x[3]
    x[1, 2] = (b"new", 7, "2020-01-01", (1, 2))
    records[0] = records[3]
    records[1, 2] = (b"new", 7, "2020-01-01", (1, 2))
    np.testing.assert_array_equal(x.compute(), records)


def test_records_travel_and_stay(records, tmp_path):
    x = da.from_array(records, chunks=(2, 3))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(x)).compute(), records)
    np.testing.assert_array_equal(x.persist()[1:].compute(scheduler="processes"), records[1:])
    np.testing.assert_array_equal(np.concatenate([np.concatenate(row, 1) for row in plait.compute(x.to_delayed().tolist())[0]]), records)
    da.to_npy_stack(tmp_path / "stack", x.rechunk((1, -1)))
    np.testing.assert_array_equal(da.from_npy_stack(tmp_path / "stack").compute(), records)


def test_delayed_records_become_an_array(records):
    x = da.from_delayed(plait.delayed(records), records.shape, dtype=RECORD)
    np.testing.assert_array_equal(x["n"].compute(), records["n"])


def test_other_byte_orders_become_the_machines():
    x = np.array([(1, 2.0)], dtype=[("a", ">i4"), ("b", ">f8")])
    found = da.from_array(x)
    assert found.dtype == x.dtype.newbyteorder("=")
    assert found["a"].compute().tolist() == [1]


def test_what_has_no_such_field_says_so(records):
    x = da.from_array(records)
    with pytest.raises(KeyError, match="nosuch"):
        x["nosuch"]
    with pytest.raises(IndexError, match="'n' is no index"):
        x["at"]["n"]
    with pytest.raises(IndexError, match="'n' is no index"):
        da.arange(3)["n"]
    with pytest.raises(TypeError, match="hold Python objects"):
        da.from_array(np.zeros(2, dtype=[("a", object)]))


@pytest.mark.parametrize("dtype", [np.longdouble, np.clongdouble])
def test_long_floats_keep_their_digits(dtype):
    x = np.arange(6).astype(dtype).reshape(2, 3) / 3
    y = da.from_array(x, chunks=(1, 2))
    for step in (lambda a: a, lambda a: a + 1, lambda a: a * a.T.reshape(2, 3), lambda a: a[:, ::-1], lambda a: np.exp(a), lambda a: a.astype(complex)):
        found = step(y)
        assert found.dtype == step(x).dtype
        np.testing.assert_array_equal(found.compute(), step(x))
    assert (da.arange(3) * dtype(2)).dtype == dtype
    for reduction in ("sum", "prod", "mean", "std", "max", "argmin", "nanmean", "any"):
        of_both = [np.asarray(getattr(module, reduction)(z, axis=1)) for module, z in ((np, x), (da, y))]
        assert of_both[0].dtype == of_both[1].dtype
        np.testing.assert_array_equal(*of_both)
    assert y.sum().compute() == x.sum() and y.argmax(keepdims=True).compute().tolist() == [[5]]


@pytest.mark.parametrize("dtype", ["M8[s]", "m8[D]", "U4", "S3", RECORD, np.longdouble, "M8[ns]"])
@pytest.mark.parametrize("name", ["zeros", "ones", "empty"])
def test_arrays_of_one_value_of_such_types(name, dtype):
    dtype = np.dtype(dtype)
    if name == "ones" and dtype.kind == "M":
        return  # which NumPy does not make
    made = getattr(np, name.replace("empty", "zeros"))((3, 5), dtype)
    lazy = getattr(da, name)((3, 5), dtype=dtype, chunks=2, name="one")
    assert lazy.chunks == ((2, 1), (2, 2, 1)) and lazy.dtype == dtype and lazy.name == "one"
    np.testing.assert_array_equal(lazy.compute(), made)
    like = getattr(da, f"{name}_like")(da.from_array(made, chunks=(3, 2)))
    assert like.chunks == ((3,), (2, 2, 1))
    np.testing.assert_array_equal(like.compute(), made)
    np.testing.assert_array_equal(getattr(da, f"{name}_like")(da.ones((3, 5), chunks=2), dtype=dtype).compute(), made)
    assert getattr(da, f"{name}_like")(lazy, dtype="i4", shape=4).compute().tolist() == getattr(np, name.replace("empty", "zeros"))(4, "i4").tolist()


def test_full_takes_dates_durations_and_texts():
    assert da.full(3, np.datetime64("2020-01-01"), chunks=2).compute().tolist() == np.full(3, np.datetime64("2020-01-01")).tolist()
    assert da.full((1, 2), "ab").compute().tolist() == [["ab", "ab"]]
    assert da.full(2, 5, dtype="m8[s]").dtype == np.dtype("m8[s]")
    found = da.full_like(da.zeros((2, 3), dtype="U3", chunks=1), "xyz")
    assert found.chunks == ((1, 1), (1, 1, 1)) and (found == "xyz").all().compute()
