"""Arrays as a user meets them."""

import pickle
import re

import numpy as np
import pytest

import plait
import plait.array as da


def test_an_array_knows_itself_without_computing():
    x = da.ones((10, 6), chunks=(4, 3), dtype="f4")
    assert x.shape == (10, 6) and x.ndim == 2 and x.size == 60 and x.nbytes == 240 and x.itemsize == 4
    assert x.chunks == ((4, 4, 2), (3, 3)) and x.chunksize == (4, 3) and x.numblocks == (3, 2) and x.npartitions == 6
    assert x.dtype == np.float32 and len(x) == 10
    assert repr(x + 1) == "plait.array<add, shape=(10, 6), dtype=float32, chunksize=(4, 3), chunktype=numpy.ndarray>"
    assert x.name.startswith("ones_like-")
    assert len((x + 1).sum().__dask_graph__()) > 6


def test_the_first_example_of_the_documentation():
    x = da.random.default_rng(1).random((100, 100), chunks=(10, 10))
    y = (x + x.T).mean(axis=0)
    values = x.compute()
    np.testing.assert_allclose(y.compute(), (values + values.T).mean(axis=0))
    assert isinstance(y.compute(), np.ndarray)
    assert isinstance(y.mean().compute(), np.float64)


def test_several_results_share_one_run():
    x = da.random.random((100, 100), chunks=10)
    a, b, c = plait.compute(x.sum(), x.mean(), x)
    np.testing.assert_allclose([a, b], [c.sum(), c.mean()])


def test_numpy_functions_give_lazy_arrays():
    x = da.arange(6, chunks=4)
    for lazy, expected in [
        (np.sin(x), np.sin(np.arange(6))),
        (np.add(np.arange(6), x), np.arange(6) * 2),
        (np.concatenate([x, x]), np.concatenate([np.arange(6)] * 2)),
        (np.sum(x), 15),
        (np.where(x > 2, x, 0), [0, 0, 0, 3, 4, 5]),
        (np.arange(6) + x, np.arange(6) * 2),
        (np.float32(2) * x, np.arange(6) * np.float32(2)),
        (np.clip(x, 1, 3), np.clip(np.arange(6), 1, 3)),
    ]:
        assert isinstance(lazy, da.Array)
        np.testing.assert_allclose(lazy.compute(), expected, rtol=1e-15)


def test_functions_of_numpy_that_have_no_lazy_form_compute_their_arrays_and_say_so():
    x = da.arange(6, chunks=4)
    in_memory = np.arange(6)
    with pytest.warns(FutureWarning, match="numpy.kron has no lazy form"):
        np.testing.assert_array_equal(np.kron(x, [1, 10]), np.kron(in_memory, [1, 10]))
    with pytest.warns(FutureWarning, match="numpy.linalg.matrix_power"):
        np.testing.assert_array_equal(np.linalg.matrix_power(x.reshape(2, 3)[:, :2], 3), np.linalg.matrix_power(in_memory.reshape(2, 3)[:, :2], 3))
    with pytest.warns(FutureWarning, match="numpy.column_stack") as said:
        stacked = np.column_stack((x, in_memory))
    np.testing.assert_array_equal(stacked, np.column_stack((in_memory, in_memory)))
    assert said[0].filename == __file__


def test_conversions_compute():
    x = da.arange(3, chunks=2)
    np.testing.assert_array_equal(np.asarray(x), [0, 1, 2])
    assert int(x.sum()) == 3 and float(x.max()) == 2.0 and bool((x >= 0).all())
    assert [int(i) for i in x] == [0, 1, 2]
    with pytest.raises(ValueError, match="ambiguous"):
        bool(x)


@pytest.mark.parametrize(
    "extents, chunks, balanced",
    [(1000, 400, (500, 500)), (220, 100, (110, 110)), (10, 9, (9, 1)), (100, (20, 50, 30), (20, 50, 30)), (10, (3, 3, 2, 2), (3, 3, 3, 1))],
)
def test_balanced_blocks_are_dasks(extents, chunks, balanced):
    x = da.ones(extents).rechunk((chunks,), balance=True)
    assert x.chunks == (balanced,)
    assert x.sum().compute() == extents


def test_the_limit_of_a_block_may_be_a_float():
    assert da.ones(1000, chunks=100).rechunk("auto", block_size_limit=1e3).chunks == ((100,) * 10,)


def test_masks_give_unknown_extents_that_can_be_found():
    x = da.arange(10, chunks=4)
    y = x[x % 3 == 0]
    assert y.ndim == 1 and y.shape[0] != y.shape[0]  # NaN
    with pytest.raises(ValueError, match="compute_chunk_sizes"):
        len(y)
    np.testing.assert_array_equal(y.compute(), [0, 3, 6, 9])
    assert y.compute_chunk_sizes().chunks == ((2, 1, 1),)
    np.testing.assert_array_equal((y + 1)[::-1].compute(), [10, 7, 4, 1])


def test_items_may_be_set_and_only_this_array_changes():
    x = da.arange(5, chunks=2)
    same, more = x, x + 1
    x[x > 2] = 0
    x[1:3] = [7, 8]
    np.testing.assert_array_equal(x.compute(), [0, 7, 8, 0, 0])
    assert same is x
    np.testing.assert_array_equal(more.compute(), [1, 2, 3, 4, 5])


def test_masks_of_rows_stay_lazy():
    x = da.map_blocks(lambda: 1 // 0, chunks=((4,),), dtype=int)
    y = da.ones((4, 3), chunks=2)[x > 0]  # computes nothing
    assert y.shape[0] != y.shape[0] and y.shape[1] == 3


def test_an_array_like_one_of_unknown_extent():
    x = da.arange(6, chunks=4)
    y = x[x % 2 == 0]
    np.testing.assert_array_equal(da.zeros_like(y).compute(), [0, 0, 0])
    np.testing.assert_array_equal(da.full_like(y, 2.5, dtype=float).compute(), [2.5, 2.5, 2.5])


def test_empty_arrays_and_blocks_are_no_mistake():
    assert da.asarray([]).compute().shape == (0,)
    assert da.from_array(np.zeros((0, 3)), chunks=(0, 3)).chunks == ((0,), (3,))
    x = da.from_array(np.array([7]), chunks=((0, 1, 0),))
    assert x[0].compute() == 7 and (x + np.arange(3)).compute().tolist() == [7, 8, 9]
    found = da.arange(6, chunks=2)
    found = found[found > 3].compute_chunk_sizes()
    assert found.chunks == ((0, 0, 2),)
    assert found[0].compute() == 4 and da.ones_like(found).compute().tolist() == [1, 1]


@pytest.mark.parametrize("dtype", ["i8", "u8", "i4", "f4", "?"])
def test_results_have_numpys_own_types(dtype):
    x = da.ones(3, chunks=2, dtype=dtype)
    assert type(x.compute()[0]) is type(np.ones(3, dtype)[0])
    assert type(x.sum().compute()) is type(np.ones(3, dtype).sum())
    assert isinstance(da.arange(3).sum().compute(), np.int64)


def test_out_changes_the_handle_that_was_given():
    x, into = da.arange(4, chunks=2), da.zeros(4, chunks=2)
    for function, expected in ((lambda: np.sin(x, out=into), np.sin(np.arange(4))), (lambda: da.cumsum(x, axis=0, out=into), [0, 1, 3, 6])):
        assert function() is into
        np.testing.assert_allclose(into.compute(), expected)
    total = da.zeros(())
    assert np.sum(x, out=total) is total and total.compute() == 6
    with pytest.raises(ValueError, match="out= has shape"):
        np.sum(x, out=into)


def test_persisted_arrays_are_computed_once():
    x = da.random.random(10, chunks=4).persist()
    np.testing.assert_array_equal(x.compute(), x.compute())
    np.testing.assert_array_equal((x + 1).compute(), x.compute() + 1)


def test_persisted_arrays_are_pickled_with_their_blocks():
    x = da.random.random((10, 3), chunks=4).persist()
    again = pickle.loads(pickle.dumps(x.T + 1))
    np.testing.assert_array_equal(again.compute(), x.compute().T + 1)
    selected = x[x > 0.5].persist()  # how many there are was found by computing
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(selected)).compute(), selected.compute())


def test_lazy_arrays_can_be_pickled():
    x = (da.arange(10, chunks=4) * 2 + da.from_array(np.ones(10), chunks=5)).sum()
    assert pickle.loads(pickle.dumps(x)).compute() == x.compute()
    rng = pickle.loads(pickle.dumps(da.random.default_rng(3)))
    np.testing.assert_array_equal(rng.random(3).compute(), da.random.default_rng(3).random(3).compute())


def test_results_never_share_the_users_memory():
    memory = np.arange(6)
    for lazy in (da.from_array(memory, chunks=6), da.from_array(memory, chunks=2), da.from_array(memory, chunks=6)[1:]):
        result = lazy.compute()
        assert not np.shares_memory(result, memory)
        result[0] = 7
    assert memory[0] == 0


def test_names_follow_from_content():
    assert (da.ones(3, chunks=2) + 1).name == (da.ones(3, chunks=2) + 1).name
    assert da.from_array(np.arange(3)).name == da.from_array(np.arange(3)).name
    assert da.from_array(np.arange(3)).name != da.from_array(np.arange(1, 4)).name


MISTAKES = [
    (lambda: da.ones((3,), chunks=3) + da.ones((4,), chunks=4), ValueError, r"shapes \(3,\) and \(4,\)"),
    (lambda: da.ones((100, 2), chunks=10).rechunk(((40, 50), 2)), ValueError, "rechunk: chunks along axis 0 sum to 90, but the array has 100 rows"),
    (lambda: da.ones(10, chunks=0), ValueError, "chunk extent along axis 0 is 0"),
    (lambda: da.ones(10, chunks=-3), ValueError, "chunk extent along axis 0 is -3"),
    (lambda: da.ones(10, chunks=(12, -2)), ValueError, "-2"),
    (lambda: da.ones((4, 4), chunks=(2, 2, 2)), ValueError, "3 axes, but the array has 2"),
    (lambda: da.ones((4, 4), chunks=2).sum(axis=2), IndexError, "axis 2"),
    (lambda: da.ones((4, 4), chunks=2).transpose(0, 2), IndexError, "axis 2"),
    (lambda: da.ones((4, 4), chunks=2)[5], IndexError, "index 5 is out of bounds for axis 0 with size 4"),
    (lambda: da.ones((4, 4), chunks=2)[0, 0, 0], IndexError, "too many indices"),
    (lambda: da.ones((4, 4), chunks=2).reshape(5, 5), ValueError, r"shape \(4, 4\).*\(5, 5\)"),
    (lambda: da.ones((2, 3), chunks=2) @ da.ones((2, 3), chunks=2), ValueError, r"\(2, 3\)"),
    (lambda: da.concatenate([da.ones((2, 3)), da.ones((3, 3))], axis=1), ValueError, r"array 1 has shape \(3, 3\)"),
    (lambda: da.ones((2, 3)).squeeze(0), ValueError, "axis 0 has extent 2"),
    (lambda: da.ones(3, chunks="many"), ValueError, "many"),
    (lambda: da.ones(-3), ValueError, "negative"),
    (lambda: da.from_tiledb, AttributeError, "plait.array.from_tiledb is not there yet"),
    (lambda: da.ones(3).to_tiledb, AttributeError, "Array.to_tiledb is not there yet"),
    (lambda: da.random.default_rng(1).normal(0, -1, size=3), ValueError, "scale"),
    (lambda: da.ones(3, dtype="i1") + 300, OverflowError, "Python integer 300 out of bounds for int8"),
    (lambda: da.ones((4, 4))[[0, 1], [2, 3]], NotImplementedError, r"more than one list .* x.vindex\[\[0, 1\], \[2, 3\]\]"),
    (lambda: da.ones(4, chunks=2)[da.ones(3, chunks=2) > 0], IndexError, "mask has shape"),
    (lambda: da.ones((4, 2), chunks=2)[da.ones(3, chunks=2) > 0], IndexError, "mask along axis 0 has shape"),
    (lambda: da.ones(4).vindex[[9]], IndexError, "index 9 is out of bounds for axis 0 with size 4"),
    (lambda: da.ones(4, chunks=2).blocks[2], IndexError, "block 2 is out of range: axis 0 has 2 blocks"),
    (lambda: set_item(da.ones(4, dtype=int), 0, np.nan), ValueError, "cannot convert float NaN to int64"),
    (lambda: set_item(da.ones(4, dtype="u1"), 0, 300), OverflowError, "300 out of bounds for uint8"),
    (lambda: set_item(da.ones(4), 0, 1j), TypeError, "complex elements cannot be set"),
    (lambda: set_item(da.ones(4), 0, np.ma.masked), TypeError, "the value is masked, but the array has no mask"),
    (lambda: da.ones(4, chunks=2)[da.ones(4, chunks=2) > 0][0], ValueError, "compute_chunk_sizes"),
    (lambda: da.ones(4, chunks=2)[da.ones(4, chunks=2) > 0][:2], ValueError, "compute_chunk_sizes"),
    (lambda: set_item(da.ones(4), slice(3), [1, 2]), ValueError, r"shape \(2,\) into the place of shape \(3,\)"),
    (lambda: set_item(da.ones(4), 4, 1), IndexError, "index 4 is out of bounds for axis 0 with size 4"),
    (lambda: set_item(da.ones(4)[da.ones(4) > 0], 0, 1), ValueError, "compute_chunk_sizes"),
    (lambda: da.ones((3, 4)).cumsum(axis=2), IndexError, "axis 2"),
    (lambda: da.histogram(da.ones(3), bins=4), ValueError, "range="),
    (lambda: da.einsum("ij,kj", da.ones((2, 3)), da.ones(3)), ValueError, "names 2 axes"),
    (lambda: da.einsum("ij,jk", da.ones((2, 3)), da.ones((2, 3))), ValueError, "axis 'j' has extents 3 and 2"),
    (lambda: da.pad(da.ones(3), 1, mode="mirror"), ValueError, "mode 'mirror' is not supported"),
    (lambda: da.pad(da.ones(3), -1), ValueError, r"pad_width along axis 0 is \(-1, -1\), expected 0 or more"),
    (lambda: da.pad(da.ones(3), 1, mode="edge", end_values=1), ValueError, "unsupported arguments for mode 'edge': end_values"),
    (lambda: da.pad(da.ones(3), 1.5), TypeError, "pad_width is 1.5, expected a whole number"),
    (lambda: da.cumsum(da.ones(3), 0, method="quick"), ValueError, "cumsum: method is 'quick', expected"),
    (lambda: da.topk(da.ones(3), 1, axis=1), IndexError, "topk: axis 1 is out of range"),
    (lambda: da.topk(da.ones(3), 1.5), TypeError, "topk: k is 1.5"),
    (lambda: da.argtopk(da.ones(3)[da.ones(3) > 0], 1), ValueError, "compute_chunk_sizes"),
    (lambda: da.quantile(da.ones(3), 2, axis=0), ValueError, "q is 2, expected a number between 0 and 1"),
    (lambda: da.percentile(da.ones(3), 101), ValueError, "q is 101, expected a number between 0 and 100"),
    (lambda: da.quantile(da.ones(3), 0.5, axis=0, method="best"), ValueError, "'best' is not a valid method; expected one of"),
    (lambda: da.histogram(da.ones(3), bins=[3, 2, 1]), ValueError, "bins must increase monotonically"),
    (lambda: da.histogram(da.ones(3), bins=0, range=(0, 1)), ValueError, "bins is 0, expected 1 or more"),
    (lambda: da.histogram(da.ones(3), bins=2, range=(0, np.inf)), ValueError, "expected finite ends"),
    (lambda: da.histogram(da.ones(3), [0, 1], weights=da.ones(4)), ValueError, r"weights have shape \(4,\)"),
    (lambda: da.histogramdd((da.ones(3), da.ones(3)), bins=([0, 1],)), ValueError, "bins are given for 1 axes"),
    (lambda: da.bincount(da.ones(3)), TypeError, "the array is float64, expected integers"),
    (lambda: da.bincount(da.arange(3), minlength=-1), ValueError, "minlength is -1, expected 0 or more"),
    (lambda: da.digitize(da.ones(3), [1, 3, 2]), ValueError, "monotonically"),
    (lambda: da.searchsorted(da.ones((3, 3)), 1), ValueError, "axes of the array is 2, expected one"),
    (lambda: da.diagonal(da.ones(3)), ValueError, "axes of the array is 1, expected two or more"),
    (lambda: da.diagonal(da.ones((3, 3)), axis2=2), IndexError, "axis 2 is out of range"),
    (lambda: da.diag(da.ones((1, 1, 1))), ValueError, "expected one or two"),
    (lambda: da.einsum("i->ii", da.ones(3)), ValueError, "axis 'i' stands twice in the result"),
    (lambda: da.einsum("i", da.ones(3), dtype="i8"), TypeError, "does not cast to int64"),
    (lambda: da.nonzero(da.asarray(3)), ValueError, "no axes"),
    (lambda: da.select([], []), ValueError, "no conditions"),
    (lambda: da.bincount(da.arange(5, chunks=2), minlength=3).compute(), ValueError, "minlength=5"),
    (lambda: da.flip(da.ones(3), 1.5), TypeError, "flip: axis is 1.5, expected a whole number"),
    (lambda: da.ones(3).sum(axis="rows"), TypeError, "sum: axis is 'rows', expected a whole number"),
    (lambda: da.ones((2, 3)).sum(axis=(0, 5)), IndexError, "sum: axis 5 is out of range: the array has 2 axes"),
    (lambda: da.repeat(da.ones(3), -1), ValueError, "repeat: repeats is -1, expected 0 or more"),
    (lambda: da.ones(2.5), TypeError, "ones: the shape is 2.5, expected a whole number or a tuple of them"),
    (lambda: da.random.default_rng(1).gumble(size=3), AttributeError, "gumble"),
    (lambda: (da.arange(3, chunks=2)[da.arange(3, chunks=2) > 0] + da.arange(3, chunks=2)).compute(), ValueError, "block by block"),
]


def set_item(array, index, value):
    array[index] = value


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_mistakes_fail_on_the_users_line(number):
    mistake, kind, text = MISTAKES[number]
    with pytest.raises(kind, match=text):
        mistake()


def test_a_failure_of_the_run_names_the_line_that_made_the_operation():
    positions = da.from_array(np.array([0, 9]), chunks=1)
    x = da.arange(3)[positions]
    with pytest.raises(IndexError, match="index 9 is out of bounds") as caught:
        x.compute()
    notes = str(caught.value) + "\n".join(getattr(caught.value, "__notes__", []))
    assert re.search(r"test_array\.py:\d+", notes)


@pytest.mark.parametrize("numbers", [(3.5,), (np.float32(3),), (np.uint8(1), np.uint8(9), np.uint8(2)), (np.uint64(3),), (0, 5.5), (1, 4, 0.5)])
def test_ranges_have_the_types_of_numpy(numbers):
    found, expected = da.arange(*numbers).compute(), np.arange(*numbers)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == expected.dtype


def test_drawings_and_explanations(tmp_path, capsys):
    z = (da.random.random((20, 20), chunks=10) + 1).mean(axis=0)
    print(z.explain())
    assert "As written" in capsys.readouterr().out
    assert "<table>" in z._repr_html_()
    z.visualize(filename=str(tmp_path / "graph.svg"))
    assert (tmp_path / "graph.svg").read_text().lstrip().startswith("<")


def test_python_functions_map_over_blocks():
    x = da.arange(12, chunks=5).reshape(3, 4)
    np.testing.assert_array_equal(x.map_blocks(lambda block: block * 2).compute(), np.arange(12).reshape(3, 4) * 2)
    y = da.map_blocks(np.add, x, 10, dtype=float)
    assert y.dtype == float
    np.testing.assert_array_equal(y.compute(), np.arange(12).reshape(3, 4) + 10.0)
    sums = x.rechunk((2, -1)).map_blocks(lambda block: block.sum(axis=1), drop_axis=1)
    np.testing.assert_array_equal(sums.compute(), [6, 22, 38])
    with pytest.raises(ZeroDivisionError):
        x.map_blocks(lambda block: block // (1 // 0), dtype=int).compute()
