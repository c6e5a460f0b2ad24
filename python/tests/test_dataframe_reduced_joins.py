"""Joins whose sides are reduced by the keys of each other before they are joined: the rows are pandas', whoever runs them."""

import numpy as np
import pandas as pd
import pytest

import plait
import plait.dataframe as dd

ORDERS, LINES = 30_000, 120_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    rng = np.random.default_rng(8)
    orders = pd.DataFrame(
        {
            "order": np.arange(ORDERS),
            "kind": rng.choice([f"kind {i}" for i in range(20)], ORDERS),
            "customer": rng.integers(0, 900, ORDERS),
        }
    )
    lines = pd.DataFrame(
        {
            "line_order": rng.integers(0, ORDERS, LINES),
            "supplier": rng.integers(0, 500, LINES),
            "price": rng.integers(1, 100, LINES).astype(float),
        }
    )
    for name, frame in {"orders": orders, "lines": lines}.items():
        frame.to_parquet(folder / f"{name}.parquet", row_group_size=20_000, index=False)
    return {"pandas": (orders, lines)} | {
        "plait": tuple(dd.read_parquet(str(folder / f"{name}.parquet")) for name in ("orders", "lines"))
    }


def few(orders):
    return orders[orders.kind == "kind 7"]


def with_totals(orders, lines):
    totals = lines.groupby("line_order").price.sum().reset_index()
    return few(orders).merge(totals, left_on="order", right_on="line_order")


def with_counts_of_two_readings(orders, lines):
    cheap = lines[lines.price == 3.0].merge(few(orders)[["order"]], left_on="line_order", right_on="order")
    several = lines.groupby("line_order").supplier.nunique().reset_index()
    several = several[several.supplier > 1][["line_order"]]
    return cheap.merge(several, on="line_order").groupby("supplier").price.count().reset_index()


def with_all_kept(orders, lines):
    return few(orders).merge(lines, how="left", left_on="order", right_on="line_order")


def with_alternatives(orders, lines):
    joined = lines.merge(orders, left_on="line_order", right_on="order")
    first = (joined.kind == "kind 1") & (joined.price < 5)
    second = (joined.kind == "kind 2") & (joined.price > 90) & (joined.supplier != 3)
    return joined[first | second][["order", "supplier", "price"]]


PROGRAMS = [with_totals, with_counts_of_two_readings, with_all_kept, with_alternatives]


def sorted_rows(frame):
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_rows_are_those_of_pandas(shop, program, scheduler):
    found = program(*shop["plait"]).compute(scheduler=scheduler)
    expected = program(*shop["pandas"])
    pd.testing.assert_frame_equal(sorted_rows(found), sorted_rows(expected), check_dtype=False)


@pytest.mark.parametrize("program", PROGRAMS[:3], ids=lambda program: program.__name__)
def test_the_plan_says_by_which_keys_rows_are_left_out(shop, program):
    frame = program(*shop["plait"])
    assert "isin_keys" in str(frame.explain())
    with plait.config.set({"optimization.reduce_joins": False}):
        assert "isin_keys" not in str(frame.explain())


def test_a_tight_budget_gives_the_same_rows(shop):
    with plait.config.set({"memory-budget": "64 MB"}):
        found = with_totals(*shop["plait"]).compute()
    pd.testing.assert_frame_equal(sorted_rows(found), sorted_rows(with_totals(*shop["pandas"])), check_dtype=False)
