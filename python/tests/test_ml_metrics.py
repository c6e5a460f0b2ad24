"""Metrics of lazy data against scikit-learn's of the same data in memory."""

import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as theirs

import plait
import plait.array as da
import plait.dataframe as dd
from plait.ml import metrics as ours
from plait.ml.linear_model import LogisticRegression

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 80)
GUESSES = np.where(RNG.random(80) < 0.7, LABELS, RNG.integers(0, 3, 80))
WEIGHTS = RNG.uniform(0, 2, 80)
NUMBERS = RNG.uniform(0, 5, (80, 2))
PREDICTED = NUMBERS + RNG.normal(0, 0.3, (80, 2)).clip(-0.5)
CHUNKS = [80, 13, ((0, 1, 60, 19),)]


def lazily(x, chunks):
    return da.from_array(x, chunks=(chunks[0] if isinstance(chunks, tuple) else chunks, *x.shape[1:]))


@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("accuracy_score", {}),
        ("accuracy_score", {"normalize": False}),
        ("balanced_accuracy_score", {}),
        ("precision_score", {"average": "macro"}),
        ("recall_score", {"average": None}),
        ("f1_score", {"average": "weighted"}),
        ("fbeta_score", {"beta": 2, "average": "micro"}),
        ("confusion_matrix", {}),
        ("confusion_matrix", {"normalize": "true", "labels": [2, 0]}),
    ],
)
def test_metrics_of_classes(name, arguments, weights, chunks):
    expected = getattr(theirs, name)(LABELS, GUESSES, sample_weight=weights, **arguments)
    for truth, guesses in [(lazily(LABELS, chunks), lazily(GUESSES, 17)), (LABELS, lazily(GUESSES, chunks)), (LABELS, GUESSES)]:
        found = getattr(ours, name)(truth, guesses, sample_weight=weights, **arguments)
        np.testing.assert_allclose(found, expected)
        if np.ndim(expected) == 0:
            assert isinstance(found, float) and found.compute() == found and f"{found:.3f}" == f"{expected:.3f}"


@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("outputs", ["uniform_average", "raw_values", [0.3, 0.7]])
@pytest.mark.parametrize(
    "name",
    [
        "mean_squared_error",
        "root_mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
        "mean_squared_log_error",
        "r2_score",
        "explained_variance_score",
    ],
)
def test_metrics_of_numbers(name, outputs, weights, chunks):
    metric, reference = getattr(ours, name), getattr(theirs, name)
    truth, predicted = lazily(NUMBERS, chunks), lazily(PREDICTED, 17)
    if outputs == "uniform_average":
        expected = reference(NUMBERS[:, 0], PREDICTED[:, 0], sample_weight=weights)
        assert metric(truth[:, 0], PREDICTED[:, 0], sample_weight=weights) == pytest.approx(expected, rel=1e-10)
        assert metric(truth[:, 0], predicted[:, 0], sample_weight=weights, compute=False).compute() == pytest.approx(expected, rel=1e-10)
    if name == "root_mean_squared_error" and outputs != "raw_values":
        return  # the mean of roots there
    expected = reference(NUMBERS, PREDICTED, sample_weight=weights, multioutput=outputs)
    np.testing.assert_allclose(metric(truth, predicted, sample_weight=weights, multioutput=outputs), expected, rtol=1e-10)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
@pytest.mark.parametrize("count", [2, 3])
def test_logarithmic_losses(weights, count):
    likely = RNG.dirichlet(np.ones(count), 80)
    likely[0] = np.eye(count)[0]
    labels = np.array(["a", "b", "c"])[LABELS % count]
    expected = theirs.log_loss(labels, likely, sample_weight=weights)
    for truth in (labels, da.from_array(labels, chunks=30), dd.from_pandas(pd.Series(labels), npartitions=1)):
        assert ours.log_loss(truth, lazily(likely, 80), sample_weight=weights) == pytest.approx(expected)
    if count == 2:
        assert ours.log_loss(da.from_array(LABELS % 2, chunks=30), likely[:, 1]) == pytest.approx(theirs.log_loss(LABELS % 2, likely[:, 1]))
    with pytest.raises(ValueError, match=f"but y_pred has probabilities of {count}"):
        ours.log_loss(lazily(np.arange(80) % 5, 13), likely)


def test_curves_and_areas_are_exact():
    truth, scores = (LABELS > 0).astype(int), RNG.normal(size=80).round(1) + LABELS
    assert ours.roc_auc_score(lazily(truth, 13), lazily(scores, 17), sample_weight=WEIGHTS) == theirs.roc_auc_score(truth, scores, sample_weight=WEIGHTS)
    for found, expected in zip(ours.roc_curve(lazily(truth, 13), scores), theirs.roc_curve(truth, scores)):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("labels", [LABELS, LABELS > 0, np.array(["one", "a long name", "three"])[LABELS]])
def test_the_report_is_that_of_scikit_learn(labels):
    guesses = np.roll(labels, 1)
    assert ours.classification_report(da.from_array(labels, chunks=13), da.from_array(guesses, chunks=40), digits=3) == theirs.classification_report(
        labels, guesses, digits=3
    )
    found, expected = (module.classification_report(labels, guesses, output_dict=True) for module in (ours, theirs))
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(expected))


def test_scorers_go_by_name():
    x = RNG.normal(size=(80, 2))
    y = (x[:, 0] > 0).astype(int)
    rows, labels = lazily(x, 30), lazily(y, 30)
    model = LogisticRegression().fit(rows, labels)
    for name in ("accuracy", "neg_log_loss", "roc_auc", "f1", "recall_macro"):
        assert ours.get_scorer(name)(model, rows, labels) == pytest.approx(theirs.get_scorer(name)(model, x, y)), name
    assert set(ours.SCORERS) <= set(theirs.get_scorer_names())
    assert ours.check_scoring(model)(model, rows, labels) == model.score(x, y)
    with pytest.raises(ValueError, match="'acuracy' is not a valid scoring value"):
        ours.get_scorer("acuracy")


def test_rows_that_do_not_go_together_are_refused():
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[80, 79\]"):
        ours.accuracy_score(lazily(LABELS, 13), GUESSES[:-1])
    with pytest.raises(ValueError, match="different number of output"):
        ours.mean_squared_error(lazily(NUMBERS, 13), PREDICTED[:, 0])
    with pytest.raises(ValueError, match="cannot be used when targets contain"):
        ours.mean_squared_log_error(da.array([-2.0]), [1.0])


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_every_executor_gives_the_same(scheduler):
    with plait.config.set(scheduler=scheduler):
        assert ours.r2_score(lazily(NUMBERS, 13), PREDICTED) == pytest.approx(theirs.r2_score(NUMBERS, PREDICTED))
        assert ours.f1_score(lazily(LABELS, 13), GUESSES, average="macro") == pytest.approx(theirs.f1_score(LABELS, GUESSES, average="macro"))


def test_a_score_is_a_plain_float_elsewhere():
    assert type(pickle.loads(pickle.dumps(ours.accuracy_score(LABELS, GUESSES)))) is float


@pytest.mark.parametrize("bad", [np.nan, np.inf], ids=str)
@pytest.mark.parametrize("place", [0, 1, 2], ids=["y_true", "y_pred", "sample_weight"])
@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error", "r2_score", "mean_absolute_percentage_error", "explained_variance_score"])
def test_numbers_that_are_none_have_no_score(name, place, bad):
    given = [NUMBERS[:, 0].copy(), PREDICTED[:, 0].copy(), WEIGHTS.copy()]
    given[place][41] = bad
    with pytest.raises(ValueError, match="NaN|infinity"):
        getattr(theirs, name)(*given[:2], sample_weight=given[2])
    with pytest.raises(ValueError, match=r"Input (y_true|y_pred|sample_weight) contains (NaN|infinity.*): row 11 of block 1"):
        getattr(ours, name)(*(lazily(each, 30) for each in given[:2]), sample_weight=lazily(given[2], 30))


def test_probabilities_that_are_none_have_no_loss():
    likely = np.full((80, 3), 1 / 3)
    likely[41, 1] = np.nan
    with pytest.raises(ValueError, match="Input y_pred contains NaN: row 11 of block 1, column 1"):
        ours.log_loss(lazily(LABELS, 30), lazily(likely, 30))


@pytest.mark.parametrize("name", ["average_precision", "neg_brier_score", "neg_median_absolute_error", "d2_absolute_error_score"])
def test_scorers_that_only_scikit_learn_has_take_lazy_rows(name):
    x, y = NUMBERS, (NUMBERS[:, 0] > 2).astype(int)
    lazy_x, lazy_y = lazily(x, 13), lazily(y, 13)
    fitted = LogisticRegression().fit(x, y)
    expected = theirs.get_scorer(name)(fitted, x, y, sample_weight=WEIGHTS)
    assert ours.get_scorer(name)(fitted, lazy_x, lazy_y, sample_weight=lazily(WEIGHTS, 13)) == pytest.approx(expected)
    assert ours.get_scorer(name)(fitted, x, y, sample_weight=WEIGHTS) == pytest.approx(expected)


@pytest.mark.parametrize("weights", [None, RNG.uniform(0, 2, 5000)])
@pytest.mark.parametrize("decimals", [1, 12])
def test_areas_of_more_scores_than_memory_holds(weights, decimals):
    truth = np.where(RNG.random(5000) < 0.3, "yes", "no")
    scores = ((truth == "yes") + RNG.normal(size=5000)).round(decimals)
    expected = theirs.roc_auc_score(truth, scores, sample_weight=weights)
    with plait.config.set({"memory-budget": "128 KiB"}):
        lazy_weights = None if weights is None else lazily(weights, 700)
        found = ours.roc_auc_score(lazily(truth, 500), lazily(scores, 500), sample_weight=lazy_weights)
        assert found == pytest.approx(expected, rel=1e-12) and found.compute() == found
        with pytest.raises(ValueError, match="NaN"):
            ours.roc_auc_score(lazily(truth, 500), lazily(np.where(scores > 2, np.nan, scores), 500))
