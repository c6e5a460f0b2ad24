"""What programs see of Dask beyond NumPy: chunks, random numbers."""

import numpy as np
import pytest

import plait.array as da

dask_array = pytest.importorskip("dask.array")


def both(make):
    return make(da), make(dask_array)


CHUNKS = [
    lambda m: m.ones((10000, 10000)),
    lambda m: m.ones((100, 100), chunks=30),
    lambda m: m.ones((100, 100), chunks=(30, -1)),
    lambda m: m.ones((100, 100), chunks={0: 7}),
    lambda m: m.ones((100,), chunks=(40, 60)),
    lambda m: m.ones((1000, 1000), chunks="1MB"),
    lambda m: m.ones((1000, 1000), chunks=(100, "1MiB")),
    lambda m: m.ones((1000, 100000), chunks=(100, 1000)).rechunk({0: -1, 1: "auto"}),
    lambda m: m.ones((1000, 1000), chunks=100).rechunk("2MB"),
    lambda m: m.ones((1000, 1000), chunks=(10, 1000)).rechunk(("auto", "auto")),
    lambda m: m.ones((100, 100), chunks=30).rechunk({1: 50}),
    lambda m: m.ones((100, 100), chunks=30).rechunk((None, 50)),
    lambda m: m.ones((4, 6), chunks=(2, 3)).reshape(24),
    lambda m: m.ones((4, 6, 5), chunks=(2, 3, 2)).reshape(24, 5),
    lambda m: m.ones((4, 6, 5), chunks=(2, 3, 2)).reshape(4, 30),
    lambda m: m.ones((120,), chunks=50).reshape(4, 30),
    lambda m: m.ones((120,), chunks=7).reshape(10, 3, 4),
    lambda m: m.ones((20, 6), chunks=(7, 6)).reshape(5, 4, 6),
    lambda m: m.ones((100,), chunks=30)[::-1],
    lambda m: m.ones((100,), chunks=30)[5:89:7],
    lambda m: m.ones((100,), chunks=30)[40:],
    lambda m: m.ones((100, 8), chunks=(30, 4))[3, None, 2:6],
    lambda m: m.ones((100,), chunks=30) + m.ones((100,), chunks=40),
    lambda m: m.ones((5, 100), chunks=(5, 30)) + m.ones((100,), chunks=40),
    lambda m: m.concatenate([m.ones((4, 6), chunks=3), m.ones((4, 5), chunks=2)], axis=1),
    lambda m: m.stack([m.ones((4, 6), chunks=3)] * 2),
    lambda m: m.broadcast_to(m.ones((4, 1), chunks=3), (2, 4, 5)),
    lambda m: m.ones((40, 60), chunks=(10, 15)).sum(axis=0),
    lambda m: m.ones((40, 60), chunks=(10, 15)).mean(axis=1, keepdims=True),
    lambda m: m.ones((40, 60), chunks=(10, 15)) @ m.ones((60, 9), chunks=(20, 4)),
    lambda m: m.ones((4, 6), chunks=3).T,
    lambda m: m.arange(10, chunks=4),
    lambda m: m.linspace(0, 1, 10, chunks=4),
    lambda m: m.eye(10, chunks=4),
    lambda m: m.expand_dims(m.ones(4, chunks=3), 0),
    lambda m: m.ediff1d(m.ones((4, 6), chunks=(2, 3)), to_begin=[1.0, 2.0], to_end=0.0),
]


@pytest.mark.parametrize("number", range(len(CHUNKS)))
def test_chunks_are_dasks(number):
    ours, theirs = both(CHUNKS[number])
    assert ours.chunks == theirs.chunks
    assert ours.dtype == theirs.dtype
    assert ours.chunksize == theirs.chunksize
    assert ours.npartitions == theirs.npartitions


@pytest.mark.parametrize("make", [lambda m: m.ones((2, 3), chunks=2), lambda m: m.ones((2, 3), chunks=2) * 2,
                                  lambda m: m.arange(5, chunks=2).sum(), lambda m: m.ones(3, chunks=3)[m.ones(3, chunks=3) > 0]])
def test_the_repr_is_dasks(make):
    ours, theirs = both(make)
    assert repr(ours).replace("plait.array", "dask.array") == repr(theirs)


SIZE, CUT = (7, 5), (3, 2)
DISTRIBUTIONS = [
    ("random", (), {}), ("normal", (2, 3), {}), ("uniform", (-1, 4), {}), ("exponential", (2,), {}), ("poisson", (3,), {}),
    ("binomial", (10, 0.3), {}), ("gamma", (2, 3), {}), ("beta", (2, 3), {}), ("standard_normal", (), {}), ("chisquare", (3,), {}),
    ("geometric", (0.2,), {}), ("lognormal", (0, 0.5), {}), ("weibull", (2,), {}), ("triangular", (0, 1, 2), {}), ("laplace", (), {}),
]


@pytest.mark.parametrize("name,args,kwargs", DISTRIBUTIONS)
def test_seeded_streams_are_dasks(name, args, kwargs):
    for start in (lambda m: m.random.default_rng(42), lambda m: m.random.RandomState(42)):
        ours, theirs = (getattr(start(m), name if name != "random" else "random")(*args, size=SIZE, chunks=CUT, **kwargs) for m in (da, dask_array))
        np.testing.assert_array_equal(ours.compute(), theirs.compute())
        assert ours.dtype == theirs.dtype


def test_seeded_integers_choices_and_permutations_are_dasks():
    ours, theirs = both(lambda m: m.random.default_rng(7).integers(0, 1000, size=SIZE, chunks=CUT))
    np.testing.assert_array_equal(ours.compute(), theirs.compute())
    ours, theirs = both(lambda m: m.random.RandomState(7).randint(0, 1000, size=SIZE, chunks=CUT))
    np.testing.assert_array_equal(ours.compute(), theirs.compute())
    ours, theirs = both(lambda m: m.random.default_rng(7).choice(10, size=20, chunks=6))
    np.testing.assert_array_equal(ours.compute(), theirs.compute())
    ours, theirs = both(lambda m: m.random.default_rng(7).choice(np.array([2.5, 3.5, 4.5]), size=20, chunks=6))
    np.testing.assert_array_equal(ours.compute(), theirs.compute())
    for start in (lambda m: m.random.default_rng(7), lambda m: m.random.RandomState(7)):
        ours, theirs = both(lambda m, start=start: start(m).multinomial(20, [0.2, 0.3, 0.5], size=(6, 4), chunks=3))
        np.testing.assert_array_equal(ours.compute(), theirs.compute())
        assert ours.chunks == theirs.chunks
    ours, theirs = both(lambda m: m.random.RandomState(7).permutation(20))
    np.testing.assert_array_equal(ours.compute(), theirs.compute())


def test_the_functions_of_the_module_use_one_seeded_state():
    def draw(m):
        m.random.seed(3)
        return m.random.random(10, chunks=4), m.random.normal(size=10, chunks=4)

    for ours, theirs in zip(*both(draw), strict=True):
        np.testing.assert_array_equal(ours.compute(), theirs.compute())


def test_parameters_may_be_arrays():
    scale = np.linspace(1, 2, 5)
    ours, theirs = both(lambda m: m.random.default_rng(1).normal(0, m.from_array(scale, chunks=2), size=(6, 5), chunks=2))
    np.testing.assert_array_equal(ours.compute(), theirs.compute())


def test_chunk_invariant_numbers_do_not_depend_on_chunks():
    one, other = (da.random.default_rng(5, chunk_invariant=True).normal(size=(20, 9), chunks=chunks).compute() for chunks in (20, (3, 4)))
    np.testing.assert_array_equal(one, other)
