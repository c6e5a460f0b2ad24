"""Arrays of Python objects against NumPy's: what computes with them, what moves them, functions on blocks."""

import decimal
import pickle

import numpy as np
import pytest

import plait
import plait.array as da

WORDS = np.array([["a", None, "ccc", "dd", "e"], ["f", "gg", None, "h", "iii"], [1, 2.5, "x", None, "y"]], dtype=object)
PRICES = np.array([decimal.Decimal(i) / 4 for i in range(15)], dtype=object).reshape(3, 5)
SCHEDULERS = ("sync", "threads", "processes")


def lazy(x=WORDS, chunks=(2, 2)):
    return da.from_array(x, chunks=chunks[-x.ndim :])


def same(ours, expected):
    expected = np.asarray(expected)
    assert ours.dtype == expected.dtype and ours.shape == expected.shape
    for scheduler in SCHEDULERS:
        found = np.asarray(ours.compute(scheduler=scheduler))
        assert found.dtype == expected.dtype and found.shape == expected.shape
        assert found.tolist() == expected.tolist()
    assert np.asarray(pickle.loads(pickle.dumps(ours)).compute(scheduler="sync")).tolist() == expected.tolist()


def test_objects_go_in_and_come_out():
    same(lazy(), WORDS)
    same(lazy().persist(), WORDS)
    same(da.asarray(WORDS), WORDS)
    assert lazy().chunks == ((2, 1), (2, 2, 1)) and lazy().numblocks == (2, 3)
    assert lazy()[0, 0].compute() == "a" and "dtype=object" in repr(lazy())
    assert [part.shape for part in plait.compute(*lazy().grid().ravel())][0] == (2, 2)


def test_a_single_object_is_an_array_without_axes():
    one = np.empty((), dtype=object)
    one[()] = decimal.Decimal(3)
    same(lazy(one, ()), one)
    same(da.where(lazy(PRICES) > 1, lazy(PRICES), one), np.where(PRICES > 1, PRICES, one))


ELEMENTWISE = {
    "sum": lambda m, x: x + x * 2,
    "with a number": lambda m, x: 3 - x,
    "with numbers": lambda m, x: x * np.arange(5),
    "with objects": lambda m, x: x + PRICES[0],
    "comparison": lambda m, x: x > decimal.Decimal("1.5"),
    "negative": lambda m, x: -x,
    "ufunc": lambda m, x: np.maximum(x, decimal.Decimal(2)),
    "conversion": lambda m, x: x.astype(float),
    "where": lambda m, x: m.where(x > 1, x, -x),
    "broadcast": lambda m, x: x[:, :1] + x[:1],
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("chunks", [(2, 2), (3, 5), (1, 1)])
def test_elementwise_functions_are_pythons(name, chunks):
    same(ELEMENTWISE[name](da, lazy(PRICES, chunks)), ELEMENTWISE[name](np, PRICES))


def test_objects_are_compared_with_objects():
    same(lazy() == "a", WORDS == "a")
    same(lazy() == lazy().rechunk((3, 1)), np.ones((3, 5), dtype=bool))
    same(da.isnull(lazy()), np.equal(WORDS, None))
    same(da.notnull(lazy()), ~np.equal(WORDS, None))
    same(da.ones((3, 5), chunks=2).astype(object), np.ones((3, 5)).astype(object))
    assert (da.isnull(lazy()).sum() * 2).compute() == 6


MOVED = {
    "slice": lambda m, x: x[1:, ::-2],
    "single": lambda m, x: x[1],
    "new axis": lambda m, x: x[:, None, 2:4],
    "ellipsis": lambda m, x: x[..., -1],
    "list": lambda m, x: x[:, [3, 0, 0, 4]],
    "mask": lambda m, x: x[np.array([True, False, True])],
    "nothing": lambda m, x: x[:, 2:2],
    "transposed": lambda m, x: x.T,
    "exchanged": lambda m, x: x.swapaxes(0, 1),
    "reshaped": lambda m, x: x.reshape(5, 3),
    "flattened": lambda m, x: x.ravel(),
    "squeezed": lambda m, x: x[:, :1].squeeze(),
    "joined": lambda m, x: m.concatenate([x, x[:1]]),
    "beside numbers": lambda m, x: m.concatenate([x, np.arange(5)[None]]),
    "stacked": lambda m, x: m.stack([x, x[::-1]], axis=1),
}


@pytest.mark.parametrize("name", MOVED)
@pytest.mark.parametrize("chunks", [(2, 2), (3, 5), (1, 1)])
def test_what_moves_elements_moves_objects(name, chunks):
    same(MOVED[name](da, lazy(WORDS, chunks)), MOVED[name](np, WORDS))


@pytest.mark.parametrize("chunks", [(1, 5), (3, 1), {1: -1}, -1, ((1, 2), (4, 1))])
def test_objects_are_cut_otherwise(chunks):
    same(lazy().rechunk(chunks), WORDS)


def length(block):
    return np.vectorize(lambda x: len(str(x)), otypes=[int])(block)


def test_functions_make_blocks_of_objects_and_of_others():
    same(lazy().map_blocks(length), length(WORDS))
    same(da.arange(6, chunks=2).map_blocks(lambda block: block.astype(object) + 1, dtype=object), np.arange(1, 7).astype(object))
    same(lazy().map_blocks(lambda block: block[:, 0], dtype=object, drop_axis=1), WORDS[:, 0])
    same(lazy().map_blocks(lambda block: block[None], dtype=object, new_axis=0), WORDS[None])
    with pytest.raises(ValueError, match=r"returned a block of shape \(1, 2\)"):
        lazy().map_blocks(lambda block: block[:1], dtype=object).compute(scheduler="sync")
    with pytest.raises(ValueError, match="give dtype="):
        lazy().map_blocks(lambda block: block[5])


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
@pytest.mark.parametrize("chunks", [(2, 2), (3, 5)])
def test_reductions_are_pythons(axis, chunks):
    x = lazy(PRICES, chunks)
    for name in ("sum", "min", "max", "mean"):
        expected = np.empty((), object) if axis in (None, (0, 1)) else None
        found = getattr(PRICES, name)(axis=axis)
        if expected is not None:
            expected[()] = found
            found = expected
        same(getattr(x, name)(axis=axis), found)
        assert getattr(da, name)(x, axis=axis, keepdims=True).shape == getattr(PRICES, name)(axis=axis, keepdims=True).shape
    if not isinstance(axis, tuple):
        same(x.argmax(axis=axis), PRICES.argmax(axis=axis))
    same(x.sum(axis=0, dtype=float), PRICES.sum(axis=0, dtype=float))
    same(da.zeros_like(x), np.zeros_like(PRICES))


def test_objects_are_read_in_pieces():
    class Pieces:
        def __init__(self, values):
            self.values, self.shape, self.dtype = values, values.shape, values.dtype

        def __getitem__(self, part):
            return self.values[part]

    for values in (WORDS, np.array(["a", "bcd", "e"]), np.array(["2020-01-01", "2021-01-01"], "M8[ns]")):
        found = da.from_array(Pieces(values), chunks=2, lock=True)
        assert found.dtype == values.dtype and found.compute(scheduler="threads").tolist() == values.tolist()


def test_what_does_not_know_objects_says_so():
    for use in (lambda x: da.topk(x, 2), lambda x: da.tril(x), lambda x: x @ x.T, lambda x: x[da.arange(2), da.arange(2)]):
        with pytest.raises(NotImplementedError, match="of Python objects"):
            use(lazy())
    with pytest.raises(IndexError, match="out of bounds"):
        lazy()[5]
    with pytest.raises(ValueError, match="differ along other axes"):
        da.concatenate([lazy(), lazy()[:, :2]])


def test_which_objects_are_true():
    values = np.array([[1, 0], [None, "x"]], dtype=object)
    lazy = da.from_array(values, chunks=1)
    for name in ("count_nonzero", "argwhere", "flatnonzero"):
        np.testing.assert_array_equal(getattr(da, name)(lazy).compute(), getattr(np, name)(values))
    np.testing.assert_array_equal(da.count_nonzero(lazy, axis=0).compute(), np.count_nonzero(values, axis=0))
    total = da.from_array(np.array([1, 2], dtype=object), chunks=1).sum()
    assert total.blocks[()].compute() == total.compute() == 3


def test_functions_of_blocks_of_objects_and_masked_elements_get_what_is_lazy_among_their_arguments():
    whole = da.arange(4, chunks=2)
    objects = da.from_array(np.array(["a", None, 3], dtype=object), chunks=2)

    def told(block, count=0, word="", block_id=None):
        return np.array([f"{x} {np.sum(count)} {word} {block_id}" for x in block], dtype=object)

    found = da.map_blocks(told, objects, plait.delayed(7), word=plait.delayed("w"), dtype=object)
    assert found.compute().tolist() == ["a 7 w (0,)", "None 7 w (0,)", "3 7 w (1,)"]
    assert da.map_blocks(told, objects, count=whole, dtype=object).compute().tolist() == ["a 6  (0,)", "None 6  (0,)", "3 6  (1,)"]

    masked = da.ma.masked_greater(da.arange(6, chunks=3).reshape(2, 3).rechunk((1, 2)), 4)
    expected = np.ma.masked_greater(np.arange(6).reshape(2, 3), 4)
    for shift in (whole, masked):
        shifted = da.map_blocks(lambda block, by: block + by.sum(), masked, by=shift).compute()
        np.testing.assert_array_equal(shifted.filled(-1), (expected + shift.compute().sum()).filled(-1))
    starts = da.map_blocks(lambda block, block_info: block * 0 + block_info[0]["array-location"][1][0], masked, dtype=int).compute()
    assert starts.filled(-1).tolist() == [[0, 0, 2], [0, 0, -1]]
    np.testing.assert_array_equal(da.map_blocks(lambda block, by: block * by.count(), whole, by=masked, dtype=int).compute(), np.arange(4) * 5)
    np.testing.assert_array_equal(da.map_blocks(lambda block, by: block + len(by), whole, by=objects, dtype=int).compute(), np.arange(4) + 3)


def test_lists_have_the_type_that_all_their_elements_need():
    for values in ([1, "a"], [[1, 2], ["a", "b"]], [1.5, None], [None, "a"]):
        for made in (da.from_array(values, chunks=1), da.asarray(values), da.array(values)):
            expected = np.asarray(values)
            assert made.dtype == expected.dtype
            assert made.compute(scheduler="sync").tolist() == expected.tolist()
    lazy = da.asarray([da.ones(2, chunks=1).sum(), 3.0])
    assert isinstance(lazy, da.Array) and lazy.compute().tolist() == [2.0, 3.0]


def test_arrays_of_one_object():
    for made, expected in [
        (da.full((2, 3), "x", dtype=object, chunks=2), np.full((2, 3), "x", dtype=object)),
        (da.full(3, None, chunks=2), np.full(3, None)),
        (da.ones(3, dtype=object, chunks=2), np.ones(3, dtype=object)),
        (da.zeros_like(da.ones((2, 2), chunks=1), dtype=object), np.zeros((2, 2), dtype=object)),
        (da.full_like(da.ones(3, dtype=object, chunks=2), 7, shape=(2,), chunks=1), np.full(2, 7, dtype=object)),
        (da.ones_like(da.full(3, "x", dtype=object), dtype=int), np.ones(3, dtype=int)),
    ]:
        assert made.dtype == expected.dtype and made.shape == expected.shape
        assert made.compute(scheduler="sync").tolist() == expected.tolist()
    assert da.full((2, 3), "x", dtype=object, chunks=2).chunks == ((2,), (2, 1))


OBJECTS = np.array([[3, 1, 2], [5, 1, 4]], dtype=object)


@pytest.mark.parametrize(
    "step",
    [
        lambda m, x: m.flip(x, 1),
        lambda m, x: m.roll(x, 4),
        lambda m, x: m.roll(x, (1, -1), axis=(0, 1)),
        lambda m, x: m.tile(x, (2, 1, 2)),
        lambda m, x: m.tile(x, 0),
        lambda m, x: m.repeat(x, 2, axis=1),
        lambda m, x: m.take(x, [2, 0], axis=1),
        lambda m, x: m.cumsum(x, axis=1),
        lambda m, x: m.cumprod(x, axis=0),
        lambda m, x: m.clip(x, 2, 4),
        lambda m, x: m.isin(x, np.array([1, "a", 4], dtype=object)),
        lambda m, x: m.unique(x),
        lambda m, x: x[x[:, 0] > 3],
        lambda m, x: x[:, x[0] > 1],
        lambda m, x: x[x > 2],
    ],
)
def test_objects_move_and_are_selected_as_in_numpy(step):
    found, expected = step(da, da.from_array(OBJECTS, chunks=(1, 2))), step(np, OBJECTS)
    assert isinstance(found, da.Array) and found.dtype == expected.dtype
    assert found.compute(scheduler="sync").tolist() == expected.tolist()


def test_unique_objects_with_places_and_counts_and_lazy_places():
    lazy = da.from_array(OBJECTS, chunks=(1, 2))
    for found, expected in zip(da.unique(lazy, True, True, True), np.unique(OBJECTS, True, True, True), strict=True):
        assert found.compute().tolist() == expected.tolist()
    assert lazy[:, da.array([2, 0])].compute().tolist() == OBJECTS[:, [2, 0]].tolist()
    np.testing.assert_allclose(lazy.std().compute(), OBJECTS.astype(float).std(), rtol=1e-14)
    with pytest.raises(NotImplementedError, match="one lazy mask"):
        lazy[lazy[:, 0] > 3, lazy[0] > 1]


@pytest.mark.parametrize(
    ("index", "value"),
    [
        ((0, 1), "x"),
        (slice(1), None),
        ((slice(None), [0, 2]), "word"),
        ((slice(None), slice(None, None, -2)), [["a", "b"], ["c", "d"]]),
        (1, np.array([(1, 2), "q", 3.5], dtype=object)),
        (OBJECTS > 2, 0),
        ([1], [7, 8, 9]),
    ],
)
def test_objects_are_set(index, value):
    lazy, expected = da.from_array(OBJECTS, chunks=(1, 2)), OBJECTS.copy()
    kept = lazy.copy()
    lazy[index] = value
    expected[index] = value
    assert lazy.compute(scheduler="sync").tolist() == expected.tolist()
    assert kept.compute(scheduler="sync").tolist() == OBJECTS.tolist()
    with pytest.raises(NotImplementedError, match="lazy values"):
        lazy[0] = kept[1]
