"""Clusters and components: scikit-learn's results, the same whatever the blocks and the executor."""

import warnings

import numpy as np
import pytest
import sklearn.cluster
import sklearn.decomposition
import sklearn.metrics.pairwise
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import make_blobs, make_circles
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.estimator_checks import check_estimator

import plait
import plait.array as da
from plait.ml.cluster import KMeans, MiniBatchKMeans, SpectralClustering
from plait.ml.decomposition import PCA, IncrementalPCA, TruncatedSVD
from plait.ml.metrics import pairwise

BLOBS, TRUTH = make_blobs(3000, 4, centers=6, random_state=1)
LAZY = da.from_array(BLOBS, chunks=((1, 0, 1200, 1799), 4))


def test_clusters_are_found():
    for init in ("k-means||", "random"):
        model = KMeans(6, init=init, n_init=8, random_state=0).fit(LAZY)
        theirs = sklearn.cluster.KMeans(6, n_init=10, random_state=0).fit(BLOBS)
        assert model.inertia_ == pytest.approx(theirs.inertia_, rel=1e-4)
        assert adjusted_rand_score(model.labels_.compute(), theirs.labels_) > 0.99
        assert model.score(BLOBS) == pytest.approx(-model.inertia_)


def test_one_pass_from_given_centers_is_scikit_learns():
    first = BLOBS[:5]
    weights = np.random.default_rng(0).random(len(BLOBS))
    for weight in (None, weights):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = KMeans(5, init=first, max_iter=20, tol=0).fit(LAZY, sample_weight=weight)
            theirs = sklearn.cluster.KMeans(5, init=first, n_init=1, max_iter=20, tol=0).fit(BLOBS, sample_weight=weight)
        assert ours.cluster_centers_ == pytest.approx(theirs.cluster_centers_)
        assert ours.inertia_ == pytest.approx(theirs.inertia_)
        assert np.array_equal(ours.predict(LAZY).compute(), theirs.predict(BLOBS))
        assert ours.transform(LAZY).compute() == pytest.approx(theirs.transform(BLOBS))


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_centers_do_not_depend_on_blocks_or_executor(scheduler):
    expected = KMeans(6, random_state=0).fit(BLOBS)
    with plait.config.set(scheduler=scheduler):
        model = KMeans(6, random_state=0).fit(LAZY)
    assert np.array_equal(model.cluster_centers_, expected.cluster_centers_) and model.inertia_ == expected.inertia_
    assert np.array_equal(model.labels_.compute(), expected.labels_)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 5), st.integers(1, 60), st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(0, 1000))
def test_centers_of_any_rows_in_any_blocks(clusters, num_rows, cuts, seed):
    rows = np.random.default_rng(seed).integers(0, 4, (num_rows, 2)).astype(float)
    chunks = []
    for cut in cuts:
        chunks.append(min(cut, num_rows - sum(chunks)))
    chunks.append(num_rows - sum(chunks))
    if clusters > num_rows:
        with pytest.raises(ValueError, match=f"n_samples={num_rows} should be >= n_clusters={clusters}"):
            KMeans(clusters).fit(rows)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        a = KMeans(clusters, random_state=seed).fit(rows)
        b = KMeans(clusters, random_state=seed).fit(da.from_array(rows, chunks=(tuple(chunks), 2)))
    assert np.array_equal(a.cluster_centers_, b.cluster_centers_)
    distances = ((rows[:, None] - a.cluster_centers_) ** 2).sum(axis=2)
    assert a.inertia_ == pytest.approx(distances.min(axis=1).sum(), abs=1e-6)


def test_rows_several_times_the_memory_budget():
    rows = da.random.RandomState(0).random_sample((1_200_000, 10), chunks=(40_000, 10))
    with plait.config.set({"memory-budget": "24MB"}):
        assert KMeans(3, random_state=0, max_iter=3, tol=1e3).fit(rows).cluster_centers_.shape == (3, 10)
        assert PCA(2).fit(rows).components_.shape == (2, 10)


def test_bad_rows_and_parameters_are_named():
    bad = da.from_array(np.array([[1.0], [np.inf], [2.0]]), chunks=2)
    with pytest.raises(ValueError, match="X contains infinity.*row 1 of block 0"):
        KMeans(2).fit(bad)
    with pytest.raises(ValueError, match="init='best'"):
        KMeans(2, init="best").fit(BLOBS)
    with pytest.raises(ValueError, match="n_clusters=0"):
        KMeans(0).fit(BLOBS)
    with pytest.raises(ValueError, match="initial centers"):
        KMeans(2, init=np.zeros((3, 4))).fit(BLOBS)
    with pytest.raises(ValueError, match="negative"):
        KMeans(2).fit(BLOBS, sample_weight=-np.ones(len(BLOBS)))


def test_small_batches():
    model = MiniBatchKMeans(6, random_state=0, batch_size=300, n_init=3).fit(LAZY)
    assert adjusted_rand_score(model.predict(LAZY).compute(), TRUTH) > 0.9
    again = MiniBatchKMeans(6, random_state=0, batch_size=300, n_init=3).fit(da.from_array(BLOBS, chunks=(500, 4)))
    assert np.array_equal(model.cluster_centers_, again.cluster_centers_)


def test_rings_are_two_clusters():
    rings, truth = make_circles(1500, factor=0.3, noise=0.03, random_state=0)
    model = SpectralClustering(2, gamma=30.0, n_components=300, random_state=0).fit(da.from_array(rings, chunks=(400, 2)))
    assert adjusted_rand_score(model.labels_.compute(), truth) > 0.95


ROWS = np.random.default_rng(0).normal(size=(1200, 8)) @ np.random.default_rng(1).normal(size=(8, 8)) + 5


@pytest.mark.parametrize(
    "params",
    [{}, {"n_components": 3}, {"n_components": 0.8}, {"n_components": 3, "whiten": True}, {"n_components": 2, "svd_solver": "randomized", "random_state": 0}],
)
@pytest.mark.parametrize("solver", ["auto", "full"])
def test_components_are_scikit_learns(params, solver):
    lazy = da.from_array(ROWS, chunks=((0, 1, 399, 800), 8))
    params = {"svd_solver": solver, **params}
    ours, theirs = PCA(**params).fit(lazy), sklearn.decomposition.PCA(**{**params, "svd_solver": "full", "random_state": None}).fit(ROWS)
    for name in ("components_", "explained_variance_", "explained_variance_ratio_", "singular_values_", "mean_", "noise_variance_", "n_components_"):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, name), rel=1e-6, abs=1e-9), name
    assert ours.transform(lazy).compute() == pytest.approx(theirs.transform(ROWS), abs=1e-6)
    assert ours.inverse_transform(ours.transform(lazy)).compute() == pytest.approx(theirs.inverse_transform(theirs.transform(ROWS)), abs=1e-6)
    assert ours.score(lazy) == pytest.approx(theirs.score(ROWS))


def test_components_do_not_depend_on_blocks():
    a, b = PCA(3).fit(ROWS), PCA(3).fit(da.from_array(ROWS, chunks=(77, 3)))
    assert np.array_equal(a.components_, b.components_) and np.array_equal(a.mean_, b.mean_)


def test_truncated_and_incremental_decompositions_are_scikit_learns():
    lazy = da.from_array(ROWS, chunks=(350, 8))
    theirs = sklearn.decomposition.TruncatedSVD(3, algorithm="arpack").fit(ROWS)
    for algorithm in ("tsqr", "randomized"):
        ours = TruncatedSVD(3, algorithm=algorithm, random_state=0).fit(lazy)
        for name in ("components_", "explained_variance_", "explained_variance_ratio_", "singular_values_"):
            assert abs(getattr(ours, name)) == pytest.approx(abs(getattr(theirs, name)), rel=1e-4), name
        assert ours.transform(lazy).compute() == pytest.approx(ROWS @ ours.components_.T)
    ours = IncrementalPCA(3, batch_size=110).fit(lazy)
    theirs = sklearn.decomposition.IncrementalPCA(3, batch_size=110).fit(ROWS)
    assert ours.components_ == pytest.approx(theirs.components_) and ours.mean_ == pytest.approx(theirs.mean_)
    assert ours.transform(lazy).compute() == pytest.approx(theirs.transform(ROWS))


def test_distances_and_kernels_are_scikit_learns():
    few = BLOBS[:7]
    for name in ("pairwise_distances", "euclidean_distances", "rbf_kernel", "polynomial_kernel", "sigmoid_kernel", "linear_kernel", "pairwise_kernels"):
        made = getattr(pairwise, name)(LAZY, few)
        assert isinstance(made, da.Array) and made.shape == (3000, 7)
        assert made.compute() == pytest.approx(getattr(sklearn.metrics.pairwise, name)(BLOBS, few)), name
    places, distances = pairwise.pairwise_distances_argmin_min(LAZY, few)
    expected = sklearn.metrics.pairwise.pairwise_distances_argmin_min(BLOBS, few)
    assert np.array_equal(places.compute(), expected[0]) and distances.compute() == pytest.approx(expected[1], abs=1e-6)
    with pytest.raises(ValueError, match="Incompatible dimension"):
        pairwise.euclidean_distances(LAZY, few[:, :2])


@pytest.mark.parametrize("model", [KMeans(3), PCA(), TruncatedSVD(1), IncrementalPCA()], ids=lambda model: type(model).__name__)
def test_scikit_learns_rules(model):
    expected = {"check_sample_weight_equivalence_on_dense_data": "rows are drawn by their position: a row of weight 2 is not two rows"}
    for check in check_estimator(model, on_fail=None, on_skip=None, expected_failed_checks=expected if isinstance(model, KMeans) else {}):
        assert check["status"] != "failed", (check["check_name"], check["exception"])


def test_components_of_columns_far_from_zero():
    far = ROWS + 1e6
    ours, theirs = PCA(3).fit(da.from_array(far, chunks=(500, 8))), sklearn.decomposition.PCA(3, svd_solver="full").fit(far)
    assert ours.explained_variance_ == pytest.approx(theirs.explained_variance_, rel=1e-6)
    assert ours.components_ == pytest.approx(theirs.components_, abs=1e-6)


def test_batches_of_rows_larger_than_the_budget():
    rows = np.random.default_rng(0).normal(size=(8000, 4)) + np.repeat([[0, 0, 0, 0], [9, 9, 9, 9]], 4000, axis=0)
    with plait.config.set({"memory-budget": "96 KiB"}):
        found = MiniBatchKMeans(2, batch_size=64, n_init=1, max_iter=1, random_state=0).fit(da.from_array(rows, chunks=(500, 4)))
    np.testing.assert_allclose(np.sort(found.cluster_centers_.mean(axis=1)), [0, 9], atol=0.3)
