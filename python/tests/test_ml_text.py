"""Vectorizers of texts, against scikit-learn: vocabularies, counts and hashes are the same whatever the partitions and the executor."""

import pickle
import threading
import warnings

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import sklearn.feature_extraction
import sklearn.feature_extraction.text as theirs
import sklearn.model_selection
from hypothesis import given, settings
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression as TheirLogistic
from sklearn.pipeline import Pipeline
from sklearn.utils.estimator_checks import check_estimator

import plait
import plait.array as da
import plait.bag as db
import plait.dataframe as dd
from plait.ml.feature_extraction import text as ours
from plait.ml.linear_model import LogisticRegression
from plait.ml.model_selection import GridSearchCV

TEXTS = ["The cat sat on the mat.", "", "A dog; THE dog_2 ate 42 mats!", "Ünïcode ΟΔΟΣ İstanbul straße ﬁn", "the cat", "  ", "日本語 テキスト x", "cat cat cat dog"] * 3
WORDS = st.sampled_from(["the", "Cat", "dog", "ΣΑΣ", "İx", "été", "ÀÉ", "ab_1", "x", "42", "日本", "𐐀𐐁", "e\u0301a", "K", "\ud800z"])
DOCUMENTS = st.lists(st.one_of(st.text(max_size=12), st.lists(WORDS, max_size=8).map(" ".join)), min_size=1, max_size=9)
PARAMETERS = [
    {},
    {"lowercase": False},
    {"ngram_range": (1, 2)},
    {"ngram_range": (2, 3)},
    {"stop_words": "english"},
    {"stop_words": ["the", "cat"]},
    {"min_df": 2},
    {"max_df": 0.5},
    {"max_features": 3},
    {"max_features": 3, "binary": True},
    {"binary": True, "dtype": np.float32},
    {"vocabulary": {"dog": 1, "cat": 0, "the cat": 2}, "ngram_range": (1, 2)},
    {"vocabulary": ["mat", "cat"]},
    {"analyzer": "char_wb", "ngram_range": (2, 3)},
    {"token_pattern": r"\w+"},
    {"tokenizer": str.split},
    {"strip_accents": "unicode"},
]


def bag(texts, npartitions=3):
    """Texts in so many partitions, of which the second is empty."""
    parts = [list(part) for part in np.array_split(np.array(texts, dtype=object), npartitions)]
    parts.insert(1, [])
    return db.from_delayed([plait.delayed(part) for part in parts])


def check_same(found, expected):
    expected = expected.sorted_indices()  # in fit_transform scikit-learn leaves columns in the order in which terms came
    assert scipy.sparse.issparse(found) and found.format == "csr" and found.dtype == expected.dtype
    assert found.shape == expected.shape
    np.testing.assert_array_equal(found.indptr, expected.indptr)
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_allclose(found.data, expected.data, rtol=1e-12 if found.dtype != np.float32 else 1e-6)


def quietly(function, *args):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args)


@pytest.mark.parametrize("how", PARAMETERS, ids=str)
@pytest.mark.parametrize("name", ["CountVectorizer", "TfidfVectorizer"])
def test_vocabulary_and_counts(name, how):
    if name == "TfidfVectorizer" and how.get("dtype") is None:
        how = {**how, "sublinear_tf": True}
    expected, found = getattr(theirs, name)(**how), getattr(ours, name)(**how)
    counts = quietly(expected.fit_transform, TEXTS)
    check_same(quietly(found.fit_transform, bag(TEXTS)).compute(), counts)
    assert found.vocabulary_ == expected.vocabulary_
    assert found.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()
    others = ["cat on a mat", "unknown", ""]
    check_same(found.transform(bag(others)).compute(), expected.transform(others))
    in_memory = clone(found)
    check_same(quietly(in_memory.fit_transform, iter(TEXTS)), counts)
    check_same(in_memory.transform(others), expected.transform(others))


@pytest.mark.parametrize(
    "how",
    [{}, {"alternate_sign": False}, {"norm": None, "n_features": 7}, {"norm": "l1", "binary": True, "n_features": 16}, {"ngram_range": (1, 3)}, {"analyzer": "char"}],
    ids=str,
)
def test_hashed_counts(how):
    expected = theirs.HashingVectorizer(**how).transform(TEXTS)
    vectorizer = ours.HashingVectorizer(**how)
    check_same(vectorizer.fit_transform(bag(TEXTS)).compute(), expected)
    check_same(vectorizer.transform(TEXTS), expected)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.integers(1, 4), st.booleans(), st.sampled_from([(1, 1), (1, 2)]))
def test_any_texts_in_any_partitions(texts, npartitions, lowercase, ngram_range):
    how = {"lowercase": lowercase, "ngram_range": ngram_range}
    hashed = theirs.HashingVectorizer(n_features=32, norm=None, **how)
    try:
        expected_hashes = hashed.transform(texts)
    except UnicodeEncodeError:  # half of a surrogate pair, which scikit-learn's hash does not take
        expected_hashes = None
    documents = bag(texts, npartitions)
    if expected_hashes is not None:
        check_same(ours.HashingVectorizer(n_features=32, norm=None, **how).transform(documents).compute(scheduler="sync"), expected_hashes)
    try:
        expected = theirs.CountVectorizer(**how).fit(texts)
    except ValueError as error:
        with pytest.raises(ValueError, match=str(error)[:20]):
            ours.CountVectorizer(**how).fit(documents)
        return
    found = ours.CountVectorizer(**how).fit(documents)
    assert found.vocabulary_ == expected.vocabulary_
    check_same(found.transform(documents).compute(scheduler="sync"), expected.transform(texts))


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_the_same_on_every_executor(scheduler):
    with plait.config.set(scheduler=scheduler):
        for how in ({"ngram_range": (1, 2), "stop_words": "english"}, {"tokenizer": lambda text: text.split("t")}):
            expected = quietly(theirs.CountVectorizer(**how).fit, TEXTS)
            found = quietly(ours.CountVectorizer(**how).fit, bag(TEXTS))
            assert found.vocabulary_ == expected.vocabulary_
            check_same(found.transform(bag(TEXTS)).compute(), expected.transform(TEXTS))
        check_same(ours.HashingVectorizer().transform(bag(TEXTS)).compute(), theirs.HashingVectorizer().transform(TEXTS))
        check_same(ours.TfidfVectorizer().fit_transform(bag(TEXTS)).compute(), theirs.TfidfVectorizer().fit_transform(TEXTS))


@pytest.mark.parametrize("dtype", ["str", "object", "string"])
def test_a_series_of_texts(dtype):
    series = pd.Series(TEXTS, dtype=dtype)
    found = ours.CountVectorizer().fit_transform(dd.from_pandas(series, npartitions=3)).compute()
    check_same(found, theirs.CountVectorizer().fit_transform(TEXTS))


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_document_is_named(missing):
    documents = db.from_sequence(["a cat", missing, "dog"], npartitions=1)
    for refuse in (ours.CountVectorizer().fit, lambda each: ours.HashingVectorizer().transform(each).compute()):
        with pytest.raises(ValueError, match=r"invalid document.*document 1 of its partition is missing; fill it"):
            refuse(documents)


def test_bytes_are_decoded_as_the_parameters_say():
    documents = ["fünf Öfen".encode("latin-1"), "ein Ofen"]
    how = {"encoding": "latin-1"}
    check_same(ours.CountVectorizer(**how).fit_transform(bag(documents, 2)).compute(), theirs.CountVectorizer(**how).fit_transform(documents))
    with pytest.raises(UnicodeDecodeError):
        ours.CountVectorizer().fit(bag(documents, 2))


def test_what_is_no_document_is_refused():
    with pytest.raises(ValueError, match="Iterable over raw text documents expected, string object received"):
        ours.CountVectorizer().fit("a text")
    with pytest.raises(TypeError, match=r"a bag or one column of a frame; found a frame of the columns \['text'\]"):
        ours.CountVectorizer().fit(dd.from_pandas(pd.DataFrame({"text": TEXTS}), npartitions=1))
    with pytest.raises(TypeError, match="a bag or a series; found a lazy Array"):
        ours.HashingVectorizer().transform(da.ones(3))
    with pytest.raises(TypeError, match="document 0 of its partition is of type int, expected a text or bytes"):
        ours.CountVectorizer().fit(db.from_sequence([1, 2]))


def test_no_terms():
    with pytest.raises(ValueError, match="empty vocabulary; perhaps the documents only contain stop words"):
        ours.CountVectorizer().fit(bag(["", "a"]))
    with pytest.raises(ValueError, match="After pruning, no terms remain"):
        ours.CountVectorizer(min_df=2).fit(bag(["cat", "dog"]))
    with pytest.raises(ValueError, match="max_df corresponds to < documents than min_df"):
        ours.CountVectorizer(max_df=1, min_df=2).fit(bag(["cat", "dog"]))


@pytest.mark.parametrize(
    "items",
    [[{"dog": 1, "cat": 2.5}, {"dog": 3, "run": "fast"}, {}], [[("a", 1), ("b", -2)], [("a", 1), ("a", 1)]], [["x", "y", "x"], ["z"]]],
    ids=["dict", "pair", "string"],
)
def test_features_by_their_hash(items, request):
    how = {"n_features": 10, "input_type": request.node.callspec.id}
    expected = sklearn.feature_extraction.FeatureHasher(**how).transform(items)
    documents = db.from_delayed([plait.delayed(lambda: [])(), plait.delayed(lambda: items)()])
    check_same(ours.FeatureHasher(**how).fit_transform(documents).compute(), expected)


@pytest.mark.parametrize("how", [{}, {"norm": None}, {"use_idf": False}, {"smooth_idf": False, "sublinear_tf": True}], ids=str)
def test_weights_of_terms(how):
    counts = theirs.CountVectorizer().fit_transform(TEXTS)
    expected = theirs.TfidfTransformer(**how).fit(counts)
    lazy = ours.CountVectorizer().fit_transform(bag(TEXTS))
    found = ours.TfidfTransformer(**how).fit(lazy)
    check_same(found.transform(lazy).compute(), expected.transform(counts))
    assert getattr(found, "idf_", 0) == pytest.approx(getattr(expected, "idf_", 0))
    dense = da.from_array(counts.toarray(), chunks=(7, 3))
    check_same(ours.TfidfTransformer(**how).fit_transform(dense).compute(), expected.transform(counts))
    with pytest.raises(ValueError, match="X has 2 features, but TfidfTransformer is expecting"):
        found.transform(da.ones((3, 2)))


def test_sparse_rows_are_a_collection():
    lazy = ours.CountVectorizer().fit_transform(bag(TEXTS))
    expected = theirs.CountVectorizer().fit_transform(TEXTS)
    assert np.isnan(lazy.shape[0]) and lazy.shape[1] == expected.shape[1] and lazy.numblocks == (4, 1)
    assert "count_vectorizer" in lazy.name and "count_vectorizer" in plait.explain(lazy)
    for other in (pickle.loads(pickle.dumps(lazy)), lazy.persist(), plait.persist(lazy)[0]):
        check_same(other.compute(), expected)
    assert lazy.compute_chunk_sizes().shape == expected.shape
    np.testing.assert_array_equal(lazy.todense(), expected.toarray())
    np.testing.assert_allclose(lazy @ np.ones(lazy.shape[1]), expected.sum(axis=1).A1 if hasattr(expected.sum(axis=1), "A1") else expected.sum(axis=1))
    check_same(lazy.map_blocks(lambda block: block * 2.0).compute(), expected * 2.0)
    check_same(lazy.to_delayed()[0, 0].compute(), expected[:8])
    for refuse in (lambda: lazy + 1, lambda: lazy[0], lambda: lazy.sum()):
        with pytest.raises((NotImplementedError, TypeError)):
            refuse()


def test_models_and_tables_travel():
    found = ours.CountVectorizer(stop_words=["the"]).fit(bag(TEXTS))
    other = pickle.loads(pickle.dumps(found))
    check_same(other.transform(bag(TEXTS)).compute(), theirs.CountVectorizer(stop_words=["the"]).fit_transform(TEXTS))


class Counting:
    """Counts the fits of a vectorizer, in whatever thread."""

    fits = 0
    lock = threading.Lock()

    def fit_transform(self, raw_documents, y=None):
        with Counting.lock:
            Counting.fits += 1
        return super().fit_transform(raw_documents, y)


class CountingOurs(Counting, ours.TfidfVectorizer):
    pass


class CountingTheirs(Counting, theirs.TfidfVectorizer):
    pass


@pytest.mark.parametrize("vectorizer", [CountingOurs(), CountingTheirs()], ids=["ours", "theirs"])
@pytest.mark.parametrize("model", [LogisticRegression(), TheirLogistic()], ids=["our model", "their model"])
def test_candidates_share_the_vectorizer_of_a_fold(vectorizer, model):
    Counting.fits = 0
    labels = np.array(["cat" in text for text in TEXTS]).astype(int)
    pipeline = Pipeline([("texts", vectorizer), ("model", model)])
    search = GridSearchCV(pipeline, {"model__C": [0.1, 1.0, 10.0]}, cv=3, refit=False).fit(TEXTS, labels)
    assert Counting.fits == 3
    expected = sklearn.model_selection.GridSearchCV(Pipeline([("texts", theirs.TfidfVectorizer()), ("model", TheirLogistic())]), {"model__C": [0.1, 1.0, 10.0]}, cv=3)
    assert search.cv_results_["mean_test_score"] == pytest.approx(expected.fit(TEXTS, labels).cv_results_["mean_test_score"])


RULES = [ours.CountVectorizer(), ours.HashingVectorizer(), ours.FeatureHasher(), ours.TfidfTransformer(), ours.TfidfVectorizer()]


@pytest.mark.parametrize("estimator", RULES, ids=str)
def test_the_rules_of_scikit_learn_are_kept(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = {each["check_name"]: f"{type(each['exception']).__name__}: {each['exception']}" for each in results if each["status"] == "failed"}
    assert failed == {}


@pytest.mark.parametrize("dtype", [object, str], ids=["objects", "texts"])
def test_documents_may_be_an_array(dtype):
    texts = np.array(["a cat", "the dog", "the cat"], dtype=dtype)
    found = ours.CountVectorizer().fit(da.from_array(texts, chunks=2))
    check_same(found.transform(da.from_array(texts, chunks=1)).compute(), theirs.CountVectorizer().fit_transform(texts.tolist()))


class _Read:
    """Documents of a partition; says in a file each time that it is asked."""

    def __init__(self, path):
        self.path = path

    def __call__(self, document):
        with open(self.path, "a") as said:
            said.write("x")
        return document


@pytest.mark.parametrize("vectorizer", ["CountVectorizer", "TfidfVectorizer"])
@pytest.mark.parametrize(("budget", "times"), [("1 GiB", 1), ("24 KiB", 2)])
def test_documents_are_read_once_where_there_is_room_for_what_is_found(tmp_path, vectorizer, budget, times):
    documents = ["aa bb bb", "", "cc aa", "dd dd cc"] * 100
    lazy = bag(documents, 3).map(_Read(tmp_path / "asked"))
    with plait.config.set({"memory-budget": budget}):
        rows = getattr(ours, vectorizer)(min_df=150).fit_transform(lazy)
    found = plait.compute(rows, scheduler="sync")[0]
    check_same(found, getattr(theirs, vectorizer)(min_df=150).fit_transform(documents).sorted_indices())
    assert (tmp_path / "asked").stat().st_size == times * len(documents)


def test_rows_that_were_counted_on_the_way_travel():
    rows = ours.CountVectorizer().fit_transform(bag(TEXTS))
    check_same(pickle.loads(pickle.dumps(rows)).compute(), theirs.CountVectorizer().fit_transform(TEXTS))
    with plait.config.set(scheduler="processes"):
        check_same(ours.CountVectorizer().fit_transform(bag(TEXTS)).compute(), theirs.CountVectorizer().fit_transform(TEXTS))
