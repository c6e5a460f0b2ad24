"""Rare types and constants, which random programs found to differ: the answer is that of pandas."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd

pytestmark = pytest.mark.filterwarnings("ignore")


def of(values, dtype):
    return pd.Series(values, dtype=dtype, name="v")


BOOLS = of([True, None, False, True, False], "boolean")
INTEGERS = of([1, None, 0, 1, 2], "Int64")
PLAIN = of([True, True, False, True, False], "bool")

ANSWERS = {
    "counts in bins": (of([1.5, np.nan, 2, 3, 4], "float64"), lambda s: s.value_counts(bins=2)),
    "counts between bounds, as shares": (of([1, 2, 3, 4, 5], "int64"), lambda s: s.value_counts(bins=[0, 2, 5], normalize=True, sort=False)),
    "1 to the power of what is missing": (INTEGERS, lambda s: 1**s),
    "1.0 to the power of what is missing": (INTEGERS, lambda s: 1.0**s),
    "what is missing to the power of 0": (INTEGERS, lambda s: s**0),
    "and of floats": (INTEGERS.astype("Float64"), lambda s: s**0.0),
    "powers of Arrow's integers": (INTEGERS.astype("int64[pyarrow]"), lambda s: 1**s),
    **{f"nullable bools // {n}": (BOOLS, lambda s, n=n: s // n) for n in (0, 1, -1, 0.0)},
    **{f"{n} // nullable bools": (BOOLS, lambda s, n=n: n // s) for n in (0, 2)},
    **{f"nullable bools % {n}": (BOOLS, lambda s, n=n: s % n) for n in (0, 2)},
    **{f"{n} % nullable bools": (BOOLS, lambda s, n=n: n % s) for n in (0, 2)},
    **{f"{n} % bools": (PLAIN, lambda s, n=n: n % s) for n in (0, 2, True)},
    "bools % False": (PLAIN, lambda s: s % False),
    "nullable integers over a 0 at the right": (INTEGERS, lambda s: s // s),
    "a number over nullable integers": (INTEGERS, lambda s: 1 // s),
    **{f"{d} as nullable bools": (of([1, 0, None], d), lambda s: s.astype("boolean")) for d in ("float64", "float32", "Float64")},
    "floats as Arrow's bools": (of([1, 0, None], "float64"), lambda s: s.astype("bool[pyarrow]")),
    "fractions of nullable floats are cut off": (of([0.5, 1, 2.7], "Float64"), lambda s: s.astype("Int64")),
    "means of groups of float32": (of([0.1, 0.2, 0.3, 0.4], "float32"), lambda s: s.groupby(s > 0.25).mean()),
    "sums of groups of float32": (of([0.1, 0.2, 0.3, 0.4], "float32"), lambda s: s.groupby(s > 0.25).sum()),
    "the mean of float32": (of([0.1, 0.2, 0.3, 0.4], "float32"), lambda s: s.to_frame().mean()),
    **{f"categories of {d}": (of([1, None, 0, 1, 0], d), lambda s: s.astype("category")) for d in ("Int64", "Float64", "Float32", "boolean")},
    **{f"categories of missing {d}": (of([None] * 4, d), lambda s: s.astype("category")) for d in ("float64", "str", "datetime64[ns]")},
    "a column of None": (INTEGERS, lambda s: s.to_frame().assign(n=None)),
    "None in the place of a column": (INTEGERS, lambda s: s.to_frame().assign(v=None)),
    "a column of NA": (INTEGERS, lambda s: s.to_frame().assign(n=pd.NA)),
    "a column of NaT": (INTEGERS, lambda s: s.to_frame().assign(n=pd.NaT)),
    "labels of small integers": (INTEGERS, lambda s: s.to_frame().assign(k=np.int8(3)).astype({"k": "int8"}).set_index("k")),
}


@pytest.mark.parametrize("npartitions", [1, 2])
@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_that_of_pandas(name, npartitions):
    series, function = ANSWERS[name]
    expected = function(series)
    found = function(dd.from_pandas(series, npartitions=npartitions)).compute()
    same = pd.testing.assert_frame_equal if expected.ndim == 2 else pd.testing.assert_series_equal
    same(found, expected)


@pytest.mark.parametrize("dtype", ["float64", "int64", "float64[pyarrow]"])
def test_other_numbers_than_0_and_1_are_no_nullable_bools(dtype):
    series = of([1, 0, 2], dtype)
    with pytest.raises(TypeError):
        series.astype("boolean")
    with pytest.raises(TypeError, match="row 2 holds 2.*expected is 0 or 1"):
        dd.from_pandas(series, npartitions=1).astype("boolean").compute()


@pytest.mark.parametrize("operation", [lambda s: s // True, lambda s: s / s, lambda s: s**True], ids=["floordiv", "truediv", "pow"])
@pytest.mark.parametrize("series", [BOOLS, PLAIN], ids=["nullable", "plain"])
def test_arithmetic_that_bools_do_not_have(operation, series):
    with pytest.raises(NotImplementedError, match="not implemented for bool"):
        operation(dd.from_pandas(series, npartitions=2))


def test_missing_columns_become_categories_of_their_type():
    frame = pd.DataFrame({"f": [np.nan] * 3, "s": pd.Series([None] * 3, dtype="str")})
    found = dd.from_pandas(frame, npartitions=2).categorize(["f", "s"]).compute()
    pd.testing.assert_frame_equal(found, frame.astype("category"))


def test_delayed_parts_find_their_own_categories():
    parts = [pd.DataFrame({"a": pd.Categorical([text])}) for text in "xy"]
    frame = dd.from_map(lambda part: part, parts, meta=pd.DataFrame({"a": pd.Categorical([])}))
    assert frame.a.compute().astype(str).tolist() == ["x", "y"] and not frame.a.cat.known
