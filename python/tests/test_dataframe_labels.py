"""Rows by label against pandas: slices and lists of labels, with divisions and without."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")


def labelled(kind):
    rng = np.random.default_rng(5)
    labels = {
        "int": np.arange(0, 60, 2),
        "float": np.arange(30) / 2,
        "text": np.array(sorted(f"k{i:02}" for i in range(30))),
        "date": pd.date_range("2019-12-20", periods=30, freq="D"),
        "zone": pd.date_range("2019-12-20", periods=30, freq="D", tz="Europe/Berlin"),
        "repeated": np.repeat(np.arange(10), 3),
    }[kind]
    return pd.DataFrame({"x": rng.normal(size=30), "s": [f"row {i}" for i in range(30)]}, index=labels)


KEYS = {
    "int": [4, 5, 20, -3, 100, 0],
    "float": [2.0, 2.25, 14.5, 7, -1.0],
    "text": ["k04", "k04x", "a", "z", "k29"],
    "date": [pd.Timestamp("2020-01-02"), "2020-01", "2019", "2020-01-05", "2019-12-25"],
    "zone": [pd.Timestamp("2020-01-02", tz="Europe/Berlin"), "2020-01", "2020-01-05"],
    "repeated": [3, 0, 9, 4],
}


def ways_to_know(df):
    """With divisions, and without."""
    known = dd.from_pandas(df, npartitions=5)
    assert known.known_divisions
    yield known
    yield dd.from_pandas(df, npartitions=5, sort=False)


@pytest.mark.parametrize("kind", KEYS)
def test_slices_of_labels(kind):
    df = labelled(kind)
    for lazy in ways_to_know(df):
        for start in [None, *KEYS[kind]]:
            for stop in [None, *KEYS[kind]]:
                if kind == "zone" and isinstance(start, str) != isinstance(stop, str) and None not in (start, stop):
                    continue  # pandas compares no text with a moment that has a zone
                equal(lazy.loc[start:stop].compute(), df.loc[start:stop], check_freq=False)
        equal(lazy.x.loc[KEYS[kind][0] :].compute(), df.x.loc[KEYS[kind][0] :], check_freq=False)
        equal(lazy.loc[: KEYS[kind][0], ["s"]].compute(), df.loc[: KEYS[kind][0], ["s"]], check_freq=False)


@pytest.mark.parametrize("step", [-1, 2, -3])
@pytest.mark.parametrize("kind", KEYS)
def test_slices_of_labels_with_a_step(kind, step):
    df = labelled(kind).sort_index(kind="stable")
    for lazy in ways_to_know(df):
        for start in [None, df.index[5]]:
            equal(lazy.loc[start::step].compute(), df.loc[start::step], check_freq=False)
    with pytest.raises(ValueError, match="step of a slice cannot be zero"):
        dd.from_pandas(df, npartitions=2).loc[::0]


@pytest.mark.parametrize("kind", KEYS)
def test_lists_of_labels(kind):
    df = labelled(kind)
    picks = list(dict.fromkeys([df.index[3], df.index[22], df.index[0], df.index[29]]))
    for lazy in ways_to_know(df):
        equal(lazy.loc[picks].compute(), df.loc[picks], check_freq=False)
        equal(lazy.loc[picks[::-1], "x"].compute(), df.loc[picks[::-1], "x"], check_freq=False)
        equal(lazy.loc[[picks[0]] * 2].compute(), df.loc[[picks[0]] * 2], check_freq=False)
        equal(lazy.loc[picks[0]].compute(), df.loc[[picks[0]]], check_freq=False)
        equal(lazy.loc[[]].compute(), df.loc[[]], check_freq=False)


@pytest.mark.parametrize("kind, label", [("int", 5), ("int", 1000), ("int", 2.5), ("text", "k04x"), ("float", 2.25), ("date", pd.Timestamp("2020-01-02 12:00"))])
def test_a_label_that_no_row_has_is_a_key_error(kind, label):
    for lazy in ways_to_know(labelled(kind)):
        with pytest.raises(KeyError):
            lazy.loc[[lazy.compute().index[2], label]].compute()
        with pytest.raises(KeyError):
            lazy.loc[label].compute()


def test_only_partitions_that_can_hold_the_labels_are_made(capsys):
    lazy = dd.from_pandas(labelled("int"), npartitions=5)
    assert lazy.loc[4:8].npartitions == 1
    assert lazy.loc[4:20].npartitions == 2
    for rows in (lazy.loc[4:8], lazy.loc[[4, 50]], lazy.loc[4]):
        print(rows.explain())
        assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")


def test_labels_count_where_nobody_else_looks_at_them():
    df = labelled("int")
    lazy = dd.from_pandas(df, npartitions=5)
    assert len(lazy[lazy.x > 0].loc[10:30]) == len(df[df.x > 0].loc[10:30])
    assert len(lazy[lazy.x > 0].x.rolling(2).sum()) == (df.x > 0).sum()
