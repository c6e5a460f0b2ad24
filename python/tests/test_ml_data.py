"""Splits of rows, random data, naive Bayes, and estimators of scikit-learn on lazy data."""

import datetime
import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn.linear_model
import sklearn.naive_bayes
from sklearn.base import clone

import plait
import plait.array as da
import plait.bag as db
import plait.dataframe as dd
from plait.ml import datasets, utils
from plait.ml.feature_extraction.text import HashingVectorizer
from plait.ml.linear_model import LinearRegression, LogisticRegression, SGDClassifier, SGDRegressor
from plait.ml.model_selection import train_test_split
from plait.ml.naive_bayes import GaussianNB
from plait.ml.preprocessing import StandardScaler
from plait.ml.wrappers import Incremental, ParallelPostFit

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("chunks", [100, 7, ((0, 1, 60, 39),)])
def test_a_split_depends_on_the_seed_and_on_positions_alone(chunks):
    x = np.arange(200).reshape(100, 2)
    y = np.arange(100)
    rows, labels = da.from_array(x, chunks=(chunks[0] if isinstance(chunks, tuple) else chunks, 1)), da.from_array(y, chunks=33)
    x_train, x_test, y_train, y_test = train_test_split(rows, labels, test_size=0.2, random_state=42)
    assert (x_train.shape, x_test.shape, y_train.shape, y_test.shape) == ((80, 2), (20, 2), (80,), (20,))
    assert x_train.shape[0].compute() == 80 and f"{x_train.shape[0].compute():,}" == "80"
    np.testing.assert_array_equal(x_train.compute()[:, 0] // 2, y_train.compute())
    assert sorted([*y_train.compute(), *y_test.compute()]) == list(range(100))
    reference = train_test_split(da.from_array(y, chunks=100), test_size=0.2, random_state=42)[1]
    np.testing.assert_array_equal(y_test, reference)
    assert y_test.compute().tolist() != train_test_split(labels, test_size=0.2, random_state=1)[1].compute().tolist()


def test_a_split_chooses_every_row_equally_often():
    hits = sum(np.isin(np.arange(50), train_test_split(da.arange(50, chunks=9), test_size=10, random_state=seed)[1].compute()) for seed in range(400))
    assert hits.sum() == 4000 and abs(hits - 80).max() < 45


def test_sizes_of_a_split():
    x = da.arange(10, chunks=4)
    assert [len(each) for each in train_test_split(x)] == [9, 1]
    assert [len(each) for each in train_test_split(x, train_size=3)] == [3, 7]
    assert [len(each) for each in train_test_split(x, train_size=0.3, test_size=0.5)] == [3, 5]
    assert [each.compute().tolist() for each in train_test_split(x, test_size=3, shuffle=False)] == [list(range(7)), [7, 8, 9]]
    assert sorted(train_test_split(x, test_size=3, blockwise=False, random_state=0)[0].compute().tolist()) != list(range(7))
    labels = np.array([0] * 60 + [1] * 40)
    train, test = train_test_split(da.from_array(labels, chunks=7), test_size=0.5, stratify=labels, random_state=0)
    assert (train.sum().compute(), test.sum().compute()) == (20, 20)
    for wrong in ({"test_size": 1.5}, {"test_size": 11}, {"test_size": 6, "train_size": 6}, {"test_size": 10}):
        with pytest.raises(ValueError, match="size"):
            train_test_split(x, **wrong)
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[10, 9\]"):
        train_test_split(x, x[:9])


def test_rows_of_frames_go_together():
    frame = dd.from_pandas(pd.DataFrame({"x": range(1000), "y": range(1000)}), npartitions=4)
    x_train, x_test, y_train, y_test = train_test_split(frame[["x"]], frame.y, test_size=0.3, random_state=0, shuffle=True)
    assert x_test.compute().x.tolist() == y_test.compute().tolist() and x_train.compute().x.tolist() == y_train.compute().tolist()
    assert len(x_train) + len(x_test) == 1000 and 240 < len(x_test) < 360
    with pytest.raises(TypeError, match="mixed types"):
        train_test_split(frame, da.arange(1000))
    mixed = train_test_split(frame, da.arange(1000, chunks=300), convert_mixed_types=True, random_state=0)
    np.testing.assert_array_equal(mixed[0].compute()[:, 0], mixed[2].compute())


@pytest.mark.parametrize("weights", [None, RNG.uniform(0.1, 2, 90)])
def test_naive_bayes(weights):
    x = RNG.normal(size=(90, 3)) + np.repeat([[0, 0, 0], [2, 1, 0], [0, 3, 1]], 30, axis=0)
    y = np.repeat(["a", "b", "c"], 30)
    expected = sklearn.naive_bayes.GaussianNB().fit(x, y, weights)
    rows = da.from_array(x, chunks=(40, 2))
    found = GaussianNB().fit(rows, da.from_array(y, chunks=40), weights)
    for name in ("theta_", "var_", "class_prior_", "class_count_", "epsilon_"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name))
    np.testing.assert_array_equal(found.predict(rows), expected.predict(x))
    np.testing.assert_allclose(found.predict_proba(rows), expected.predict_proba(x))


def test_random_data_is_the_same_for_a_seed_and_can_be_learnt_from():
    x, y = datasets.make_classification(2000, 10, n_informative=5, random_state=0, chunks=300, scale=3.0)
    assert x.shape == (2000, 10) and x.chunks[0] == (300,) * 6 + (200,)
    np.testing.assert_array_equal(x, datasets.make_classification(2000, 10, n_informative=5, random_state=0, chunks=300, scale=3.0)[0])
    assert LogisticRegression().fit(x, y).score(x, y) > 0.85
    x, y, coef = datasets.make_regression(500, 8, n_informative=3, coef=True, bias=2.0, random_state=0, chunks=100)
    model = LinearRegression().fit(x, y)
    np.testing.assert_allclose(model.coef_, coef, atol=1e-8)
    assert model.intercept_ == pytest.approx(2.0) and np.count_nonzero(coef) == 3
    x, y = datasets.make_blobs(300, centers=4, cluster_std=0.1, random_state=0, chunks=(100, 2))
    assert set(y.compute()) == {0, 1, 2, 3} and GaussianNB().fit(x, y).score(x, y) > 0.99
    x, y = datasets.make_counts(500, 20, random_state=0)
    assert y.dtype == np.int64 and int(y.min().compute()) >= 0 and len(x.chunks[0]) == 5
    with pytest.raises(ValueError, match="must be in one block"):
        datasets.make_blobs(100, chunks=(50, 1))


def test_a_random_frame_has_the_rate_that_is_asked_for():
    days = datetime.date(2020, 1, 1), datetime.date(2020, 2, 1)
    x, y = datasets.make_classification_df(5000, response_rate=0.2, predictability=0.3, random_state=0, dates=days)
    assert x.npartitions == 10 and len(x) == 5000 and list(x.columns)[:2] == ["date", "feature_0"]
    assert y.mean().compute() == pytest.approx(0.2, abs=0.03)
    assert x.date.min().compute() >= pd.Timestamp(days[0]) and x.date.max().compute() < pd.Timestamp(days[1])


def test_an_estimator_in_memory_predicts_lazy_rows():
    x = RNG.normal(size=(100, 2))
    y = (x[:, 0] > 0).astype(int)
    rows, labels = da.from_array(x, chunks=(30, 2)), da.from_array(y, chunks=30)
    own = sklearn.linear_model.LogisticRegression()
    wrapped = ParallelPostFit(own).fit(rows, labels)
    expected = clone(own).fit(x, y)
    assert isinstance(wrapped.predict(rows), da.Array)
    np.testing.assert_array_equal(wrapped.predict(rows), expected.predict(x))
    np.testing.assert_allclose(wrapped.predict_proba(rows), expected.predict_proba(x))
    assert wrapped.score(rows, labels) == expected.score(x, y) and wrapped.coef_.tolist() == expected.coef_.tolist()
    assert ParallelPostFit(expected).predict(rows).compute().tolist() == expected.predict(x).tolist()
    assert not hasattr(wrapped, "transform") and pickle.loads(pickle.dumps(wrapped)).predict(x).tolist() == expected.predict(x).tolist()


def test_an_estimator_learns_from_block_after_block():
    x = RNG.normal(size=(200, 2))
    y = (x[:, 0] > 0).astype(int)
    rows, labels = da.from_array(x, chunks=(60, 1)), da.from_array(y, chunks=50)
    wrapped = Incremental(sklearn.linear_model.SGDClassifier(random_state=0), shuffle_blocks=False).fit(rows, labels)
    expected = sklearn.linear_model.SGDClassifier(random_state=0)
    for first in range(0, 200, 60):
        expected.partial_fit(x[first : first + 60], y[first : first + 60], classes=[0, 1])
    np.testing.assert_allclose(wrapped.coef_, expected.coef_)
    assert wrapped.score(rows, labels) > 0.85 and wrapped.partial_fit(rows, labels) is wrapped
    assert SGDClassifier(random_state=0).fit(rows, labels).score(x, y) > 0.85
    assert SGDRegressor(random_state=0).fit(rows, labels * 2.0).predict(rows).shape == (200,)
    with pytest.raises(ValueError, match="but y has 199 rows|inconsistent"):
        Incremental(sklearn.linear_model.SGDClassifier()).fit(rows, y[:-1])


def test_helpers():
    x = da.from_array(np.array([[3.0, 4.0], [0.0, 0.0]]), chunks=1)
    assert utils.row_norms(x).compute().tolist() == [5, 0] and utils.handle_zeros_in_scale(x[1]).compute().tolist() == [1, 1]
    u, v = np.array([[1.0, -1.0]]), np.array([[-2.0, 1.0], [1.0, 2.0]])
    assert utils.svd_flip(u, v)[1].tolist() == [[2, -1], [1, 2]]
    assert utils.check_chunks(1000, 5, 4) == (250, 5) and utils.is_frame_base(dd.from_pandas(pd.DataFrame({"a": [1]}), npartitions=1))
    with pytest.raises(ValueError, match="Mismatched"):
        utils.check_matching_blocks(x, da.ones((2, 2)))
    with pytest.raises(AssertionError):
        utils.assert_estimator_equal(LinearRegression().fit([[0.0], [1.0]], [0, 1]), LinearRegression().fit([[0.0], [1.0]], [0, 2]))


def counted_rows(calls):
    """Rows of which each block is made by a function that counts, and their labels, made of them."""

    def made(block):
        calls.append(len(block))
        return block * 2.0

    rows = da.from_array(RNG.normal(size=(400, 3)), chunks=(100, 3)).map_blocks(made, dtype=np.float64)
    return rows, (rows[:, 0] > 0).astype(int)


def test_rows_that_are_split_are_made_once_for_all_fits():
    calls = []
    x, y = counted_rows(calls)
    calls.clear()
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=0)
    scaler = StandardScaler().fit(x_train)
    model = LogisticRegression().fit(scaler.transform(x_train), y_train)
    assert model.score(scaler.transform(x_test), y_test) > 0.95
    assert sorted(calls) == [100] * 4
    assert np.array_equal(pickle.loads(pickle.dumps(x_test)).compute(), x_test.compute())


def test_rows_that_are_split_are_not_kept_for_those_who_only_compute_nor_beyond_the_budget():
    calls = []
    x, y = counted_rows(calls)
    x_train, x_test = train_test_split(x, test_size=0.25, random_state=0)
    calls.clear()
    x_train.sum().compute(), x_test.sum().compute()
    assert len(calls) == 8
    calls.clear()
    with plait.config.set({"memory-budget": "20kB"}):
        StandardScaler().fit(x_train), StandardScaler().fit(x_train)
    assert len(calls) == 8


def test_objects_and_sparse_rows_are_split_with_the_rows_beside_them():
    numbers = np.arange(60)
    objects = da.from_array(np.array([f"t{i}" for i in numbers], dtype=object), chunks=25)
    counts = HashingVectorizer(n_features=8).transform(db.from_sequence([f"t{i}" for i in numbers], npartitions=4))
    split = train_test_split(da.from_array(numbers, chunks=20), objects, counts, test_size=0.2, random_state=3)
    for places, texts, rows in (split[0::2], split[1::2]):
        assert texts.compute().tolist() == [f"t{i}" for i in places.compute()]
        expected = HashingVectorizer(n_features=8).transform(texts.compute().tolist())
        assert rows.shape == (len(places), 8) and (rows.compute() != expected).nnz == 0


def test_frames_are_split_by_positions_once_their_rows_are_counted():
    frame = pd.DataFrame({"a": range(60), "kind": list("xyyyy") * 12}, index=[f"r{i}" for i in range(60)])
    lazy = dd.from_pandas(frame, npartitions=7, sort=False)
    lazy, frame = lazy[lazy.a != 30], frame[frame.a != 30]
    train, test = train_test_split(lazy, shuffle=False, test_size=0.2)
    assert train.compute().equals(frame[:47]) and test.compute().equals(frame[47:])
    train, test, train_kinds, test_kinds = train_test_split(lazy[["a"]], lazy.kind, stratify=lazy.kind, test_size=10, random_state=0)
    assert test_kinds.compute().value_counts().to_dict() == {"x": 2, "y": 8}
    assert test.compute().index.equals(test_kinds.compute().index) and len(train) == len(train_kinds) == 49
    with pytest.raises(ValueError, match="shuffle=False"):
        train_test_split(lazy, stratify=lazy.kind, shuffle=False)
    with pytest.raises(ValueError, match="inconsistent numbers"):
        train_test_split(lazy, stratify=frame.kind[:5])


def test_partitions_of_a_frame_draw_their_rows_each_by_itself():
    lazy = dd.from_pandas(pd.DataFrame({"a": range(400)}), npartitions=4)
    _, test = train_test_split(lazy, test_size=0.5, random_state=0)
    drawn = test.a.compute().to_numpy()
    places = {tuple(drawn[drawn // 100 == part] % 100) for part in range(4)}
    assert len(places) == 4
