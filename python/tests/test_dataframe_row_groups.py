"""Row groups that no filter lets through are not read, and the answer is pandas' own: labels, missing values and all."""

import operator
import pathlib
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import plait.dataframe as dd

ROWS = 120
COLUMNS = {
    "n": np.arange(ROWS) // 2,
    "u": (np.arange(ROWS) * 3).astype("uint64"),
    "small": (np.arange(ROWS) - 60).astype("int8"),
    "x": np.where(np.arange(ROWS) % 7 == 0, np.nan, np.arange(ROWS) / 8),
    "f": np.where(np.arange(ROWS) < 20, np.nan, np.arange(ROWS) / 8).astype("float32"),
    "t": pd.date_range("2024-01-01", periods=ROWS, freq="h").as_unit("us"),
    "z": pd.date_range("2024-01-01", periods=ROWS, freq="h", tz="Europe/Berlin").as_unit("ms"),
    "k": [None if i % 11 == 0 else f"{i // 5:03}" for i in range(ROWS)],
    "i": pd.array([None if i % 9 == 0 else i for i in range(ROWS)], dtype="Int64"),
    "b": np.arange(ROWS) >= 70,
    "back": np.arange(ROWS)[::-1],
}
VALUES: dict[str, list[Any]] = {
    "n": [-1, 0, 17, 17.5, 59, 10**12],
    "u": [0, 100, 357, 99.0],
    "small": [-60, 0, 59, 1000],
    "x": [-0.5, 0.125, 7.0, 14.875, 20],
    "f": [0.125, 2.5, 5, 11.75],
    "t": [pd.Timestamp("2024-01-02 03:00"), "2024-01-03", pd.Timestamp("2023-01-01"), pd.Timestamp("2024-01-02 03:00:00.000000001")],
    "z": [pd.Timestamp("2024-01-02 03:00", tz="Europe/Berlin"), pd.Timestamp("2024-01-03", tz="UTC")],
    "k": ["", "003", "0035", "023", "zzz"],
    "i": [0, 40, 200],
    "b": [True, False],
    "back": [0, 59, 60, 119],
}
OPS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, pathlib.Path]:
    """The same rows with a range, with labels, and in several files."""
    folder = tmp_path_factory.mktemp("groups")
    frame = pd.DataFrame(COLUMNS)
    frame.to_parquet(folder / "range.parquet", row_group_size=10)
    frame.set_axis([f"row {i}" for i in range(ROWS)]).to_parquet(folder / "labels.parquet", row_group_size=10)
    for part in range(3):
        frame[40 * part : 40 * part + 40].to_parquet(folder / f"part.{part}.parquet", row_group_size=7)
    return frame, folder


def compared(frame: Any, column: str, op: str, value: Any, flip: bool) -> Any:
    return OPS[op](value, frame[column]) if flip and not isinstance(value, str) else OPS[op](frame[column], value)


TERMS = st.sampled_from(sorted(VALUES)).flatmap(lambda column: st.tuples(st.just(column), st.sampled_from(sorted(OPS)), st.sampled_from(VALUES[column]), st.booleans()))


@settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=list(HealthCheck))
@given(groups=st.lists(st.lists(TERMS, min_size=1, max_size=3), min_size=1, max_size=2), name=st.sampled_from(["range", "labels", "part.*"]))
def test_filtered_rows_are_pandas_own(files: tuple[pd.DataFrame, pathlib.Path], groups: list, name: str) -> None:
    frame, folder = files
    read, expected = dd.read_parquet(str(folder / f"{name}.parquet")), frame
    if name == "labels":
        expected = frame.set_axis([f"row {i}" for i in range(ROWS)])

    def chosen(rows: Any) -> list[Any]:
        return [rows[_all(compared(rows, *term) for term in terms)] for terms in groups]

    def _all(conditions: Any) -> Any:
        first, *others = conditions
        for other in others:
            first = first & other
        return first

    for lazy, own in zip(chosen(read), chosen(expected), strict=True):
        pd.testing.assert_frame_equal(lazy.compute(scheduler="sync"), own)
        assert len(lazy) == len(own)
    sums = dd.concat([part.n for part in chosen(read)]).sum().compute(scheduler="sync")
    assert sums == sum(part.n.sum() for part in chosen(expected))


@pytest.mark.parametrize(
    "choose",
    [
        lambda f: f[f.n.between(10, 20)],
        lambda f: f[f.t.between(pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03"), inclusive="left")],
        lambda f: f[f.k.isin(["004", "005"])],
        lambda f: f[f.n.isin([30, 3])],
        lambda f: f[(f.n > 50) | (f.n < 3)],
        lambda f: f[~(f.n > 50)],
        lambda f: f.rename(columns={"n": "m", "back": "n"}).pipe(lambda g: g[g.n > 100]),
        lambda f: f.assign(n=f.back).pipe(lambda g: g[g.n > 100]),
        lambda f: f.assign(y=f.x * 2).pipe(lambda g: g[(g.n > 40) & (g.y > 1)]),
        lambda f: f[f.n > 40].pipe(lambda g: g[g.back > 3]),
        lambda f: f[f.n > f.n.mean()],
        lambda f: f.assign(c=f.k.astype("category")).pipe(lambda g: g[g.n > 50]),
        lambda f: f.x[f.n > 50],
        lambda f: f[f.n > 1000],
    ],
)
def test_other_ways_to_choose_rows(files: tuple[pd.DataFrame, pathlib.Path], choose: Any) -> None:
    frame, folder = files
    lazy, own = choose(dd.read_parquet(str(folder / "range.parquet"))).compute(), choose(frame)
    if isinstance(own, pd.DataFrame):
        pd.testing.assert_frame_equal(lazy, own)
    else:
        pd.testing.assert_series_equal(lazy, own)


def explained(lazy: Any) -> str:
    return str(lazy.explain())


def test_explain_shows_what_the_reader_leaves_out(files: tuple[pd.DataFrame, pathlib.Path]) -> None:
    _, folder = files
    read = dd.read_parquet(str(folder / "range.parquet"))
    rows = read[(read.n > 10) & (read.n <= 20) & (read.k == "003")]
    text = explained(rows.x.sum())
    assert "row groups with" in text
    for part in ("10 < n", "n <= 20", "k == 003"):
        assert part in text
    assert "row groups with" in explained(dd.read_parquet(str(folder / "range.parquet"), filters=[("n", ">", 10)]).x.sum())


def test_a_reader_that_somebody_sees_whole_leaves_nothing_out(files: tuple[pd.DataFrame, pathlib.Path]) -> None:
    frame, folder = files
    read = dd.read_parquet(str(folder / "range.parquet"))
    share = read[read.n > 50].x.sum() / read.x.sum()
    assert "row groups with" not in explained(share)
    assert share.compute() == pytest.approx(frame[frame.n > 50].x.sum() / frame.x.sum())


def test_filters_of_two_results_are_alternatives(files: tuple[pd.DataFrame, pathlib.Path]) -> None:
    frame, folder = files
    read = dd.read_parquet(str(folder / "range.parquet"))
    both = read[read.n > 50].x.sum() - read[read.n < 3].x.sum()
    assert "50 < n or n < 3" in explained(both) or "n < 3 or 50 < n" in explained(both)
    assert both.compute() == pytest.approx(frame[frame.n > 50].x.sum() - frame[frame.n < 3].x.sum())
