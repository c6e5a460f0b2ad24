"""Types and answers that were once wrong: each case is compared with pandas."""

import operator
import threading

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")
N = 12
CATEGORIES = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)


@pytest.fixture
def df():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "k": np.arange(N) % 3,
            "x": rng.normal(size=N),
            "n": pd.array([1, None, 3, 4, 2, 2] * 2, dtype="Int64"),
            "c": pd.Categorical(["mid", "low", None, "high"] * 3, dtype=CATEGORIES),
            "s": ["a", "b", None, "c"] * 3,
            "t": pd.to_datetime(["2020-01-01", "2021-05-05", None, "2019-12-31"] * 3),
            "big": np.array([2**63 - 1, 2**62, -5, 2**62] * 3),
            "ubig": np.array([2**64 - 1, 2**63, 5, 1] * 3, dtype="uint64"),
        }
    )


ANSWERS = {
    "means of integers whose sum leaves 64 bits": lambda d: d.groupby("k")[["big", "ubig"]].mean(),
    "and of a column": lambda d: d.big.mean(),
    "and of a frame": lambda d: d[["big", "ubig", "x"]].mean(),
    "unsigned integers compared with a constant": lambda d: d[d.ubig > 5],
    "integers beyond 2**53 where some are missing": lambda d: d.big.where(d.x > 0),
    "counts of nullable values by group": lambda d: d.groupby("k").n.count(),
    "sizes of groups of nullable values": lambda d: d.groupby("k").n.agg(["size", "count"]),
    "counts of different nullable values": lambda d: d.n.value_counts(dropna=True).sort_index() if isinstance(d, pd.DataFrame) else d.n.value_counts(),
    "reductions of plain and nullable columns": lambda d: d[["k", "x", "n"]].sum(),
    "nullable integers divided by zero": lambda d: d.n // 0,
    "first of categories": lambda d: d.groupby("k").c.first(),
    "smallest in the order of the categories": lambda d: d.c.min(),
    "comparison in the order of the categories": lambda d: d[d.c > "low"],
    "groups of categories that no row has": lambda d: d[d.c != "mid"].groupby("c", observed=False).x.sum(),
    "counts of categories": lambda d: d[d.c != "mid"].c.value_counts(),
    "categories of values are in their order": lambda d: d.x.round().astype("category"),
    "spread of dates is a span": lambda d: d.t.std(),
    "small integers within bounds": lambda d: d.k.astype("int8").clip(0, 1),
    "floats of 32 bits where a constant replaces some": lambda d: d.x.astype("float32").where(d.k > 0, 0),
    "floats of 32 bits beside a number of Python": lambda d: in_32_bits(d).assign(
        eq=f32(d) == 2.1, ne=2.1 != f32(d), lt=f32(d) < 2.1, far=f32(d) < 1e300, n=f32(d) == 2**24 + 1
    ),
    "floats of 32 bits beside one of NumPy, which is wider": lambda d: in_32_bits(d).assign(eq=f32(d) == np.float64(2.1), lt=f32(d) < np.float64(2.1)),
    "a frame with floats of 32 bits beside both": lambda d: (in_32_bits(d)[["k", "f"]] >= 2.1) | (in_32_bits(d)[["k", "f"]] == np.float64(2.1)),
    "nullable floats of 32 bits beside a number": lambda d: f32(d).astype("Float32") == 2.1,
    "floats of 32 bits among numbers, by value": lambda d: f32(d).isin([2.1, 1.0, np.float32(3.1)]),
    "a function of the frame as its condition": lambda d: d[lambda rows: rows.x > 0],
    "a function of the frame that names a column": lambda d: d[lambda rows: "x"],
    "a function of the series as its condition": lambda d: d.x[lambda x: x > 0],
    "median taken from every row": lambda d: d.x - d.x.median(),
    "frame without its means": lambda d: (d[["k", "x"]] - d[["k", "x"]].mean()) / d[["k", "x"]].std(),
    "missing values filled with the mean": lambda d: d.x.where(d.x > 0).fillna(d.x.mean()),
    "missing values filled with the means of columns": lambda d: d[["k", "x"]].fillna(d[["k", "x"]].mean()),
    "neighbouring rows": lambda d: d.x - d.x.shift(1) + d.x.cumsum(),
    "means over neighbouring rows as a column": lambda d: d.assign(m=d.x.rolling(3).mean()),
    "means of groups as a column": lambda d: d.assign(m=d.groupby("k").x.transform("mean")),
    "keys that are aggregated, too": lambda d: d.groupby("k")[["k"]].sum(),
    "groups by a condition on the column that is counted": lambda d: d.groupby(d.x > 0).x.count(),
    "named aggregates": lambda d: d.groupby("k").agg(low=pd.NamedAgg("x", "min"), n=("n", "sum")),
    "all but the last rows": lambda d: d.head(-4),
    "rows by label": lambda d: d.loc[3:8, ["x", "s"]],
    "rows by labels": lambda d: d.loc[[1, 7, 9]],
    "rows by condition": lambda d: d.loc[d.x > 0, "s"],
    "columns by position": lambda d: d.iloc[:, [0, 2]],
    "a column set as an attribute": lambda d: set_attribute(d),
    "dates of text": lambda d: (pd if isinstance(d, pd.DataFrame) else dd).to_datetime(d.t.dt.strftime("%Y-%m-%d")),
    "parts of text as columns": lambda d: (d.s + "-" + d.s).str.split("-", n=1, expand=True),
    "description of text": lambda d: d.s.describe(),
}


def f32(d):
    return d.k.replace({0: 1.0, 1: 2.1, 2: 3.1}).astype("float32")


def in_32_bits(d):
    return d[["k", "x"]].assign(f=f32(d))


def set_attribute(d):
    d = d.copy()
    d.x = d.x * 2
    return d


@pytest.mark.parametrize("npartitions", [1, 3])
@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_that_of_pandas(name, npartitions, df):
    make = ANSWERS[name]
    result, expected = make(dd.from_pandas(df, npartitions=npartitions)), make(df)
    result = result.compute() if hasattr(result, "compute") else result
    if name == "counts of different nullable values":
        result = result.sort_index()
    if isinstance(expected, str):
        assert result == expected
    elif isinstance(expected, pd.Timedelta):
        assert abs(result - expected) <= pd.Timedelta("1us")
    else:
        equal(result, expected)


REFUSED = {
    "sum of dates": lambda d: d.t.sum(),
    "sum of dates by group": lambda d: d.groupby("k").t.sum(),
    "any of text": lambda d: d.s.astype("string").any(),
    "product of dates": lambda d: d.t.prod(),
    "categories added": lambda d: d.c + 1,
    "largest text": lambda d: d.nlargest(2, "s"),
    "missing integers in a type without": lambda d: d.n.astype("int64"),
    "missing bools in a type without": lambda d: (d.n > 1).astype("bool"),
    "fractions as nullable integers": lambda d: d.x.astype("Int64"),
    "text plus a number": lambda d: d.s + 1,
    "text compared with a number": lambda d: d.s > 1,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_pandas_refuses_is_refused(name, df):
    make = REFUSED[name]
    with pytest.raises((TypeError, ValueError)):
        make(df)
    with pytest.raises((TypeError, ValueError)):
        make(dd.from_pandas(df, npartitions=2)).compute()


def test_rows_of_different_partitions_are_matched_by_label(df):
    lazy = dd.from_pandas(df, npartitions=3)
    other = dd.from_pandas(df, npartitions=1)
    for make in (
        lambda a, b: a.x + b.x,
        lambda a, b: a.assign(y=b.x),
        lambda a, b: a[b.x > 0],
        lambda a, b: a.x.where(b.x > 0),
        lambda a, b: a.x.fillna(b.x),
    ):
        equal(make(lazy, other).compute(), make(df, df))
    with pytest.raises(TypeError, match="axis=0"):
        lazy[["k", "x"]] - lazy.x
    equal(lazy[["k", "x"]].sub(lazy.x, axis=0).compute(), df[["k", "x"]].sub(df.x, axis=0))


def test_objects_stay_objects(df):
    df = df.assign(o=pd.Series([{"a": 1}, [2], None, "text"] * 3, dtype=object))
    lazy = dd.from_pandas(df, npartitions=3)
    assert lazy.o.dtype == object
    equal(lazy.o.count().compute(), df.o.count())
    equal(lazy.o.isna().compute(), df.o.isna())
    equal(dd.concat([lazy, lazy]).compute(), pd.concat([df, df]))
    equal(lazy.repartition(npartitions=2).compute(), df)
    equal(lazy.repartition(npartitions=5).compute(), df)
    assert lazy.repartition(npartitions=5).npartitions == 5


def test_a_partition_that_is_not_what_meta_says_is_told_so(df):
    lazy = dd.from_pandas(df, npartitions=2)
    wrong = lazy.map_partitions(lambda part: part.s.map(lambda text: [text]), meta=("s", "int64"))
    with pytest.raises(TypeError, match="meta="):
        (wrong + 1).compute()


def test_categories_are_known_where_pandas_knows_them(df):
    lazy = dd.from_pandas(df, npartitions=3)
    assert list(lazy.c.cat.categories) == list(df.c.cat.categories)
    assert lazy[lazy.k == 99].compute().c.dtype == df.c.dtype
    found = lazy.s.astype("category")
    assert not found.cat.known
    with pytest.raises(NotImplementedError, match="as_known"):
        found.cat.codes
    equal(found.cat.as_known().cat.codes.compute(), df.s.astype("category").cat.codes)
    dummies = dd.get_dummies(lazy[["c"]])
    equal(dummies.compute(), pd.get_dummies(df[["c"]]))


def test_rows_are_iterated_over(df):
    lazy = dd.from_pandas(df, npartitions=3)
    assert [row.k for row in lazy.itertuples()] == list(df.k)
    assert [label for label, _ in lazy.iterrows()] == list(df.index)
    assert list(lazy.k) == list(df.k)
    assert list(lazy.x.items()) == list(df.x.items())


def test_names_that_are_not_there_yet_say_so(df):
    lazy = dd.from_pandas(df, npartitions=1)
    with pytest.raises(AttributeError, match="to_hdf is not there yet"):
        lazy.to_hdf
    with pytest.raises(AttributeError, match="lower_once is not there yet"):
        lazy.x.lower_once
    with pytest.raises(NotImplementedError, match="no known positions"):
        lazy[2:4]
    with pytest.raises(TypeError, match="does not|lazy frames do not change"):
        lazy.loc[lazy.x > 0, "x"] = 1
    with pytest.raises(NotImplementedError, match="isin takes values"):
        lazy.x.isin(lazy.x)


@pytest.mark.parametrize("op", [operator.eq, operator.ne])
def test_numbers_and_text_are_never_equal(op, df):
    lazy = dd.from_pandas(df, npartitions=2)
    equal(op(lazy.n, "a").compute(), op(df.n, "a"))
    equal(op(lazy.t, "no date").compute(), op(df.t, "no date"))
    equal(lazy.x.isin(["a", None]).compute(), df.x.isin(["a", None]))


@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.truediv, operator.lt])
@pytest.mark.parametrize("number", [-2, 300, 65535, 65536, -(2**62), 2**64])
@pytest.mark.parametrize("dtype", ["int8", "uint16", "uint64", "int64", "Int8", "UInt16"])
def test_a_number_that_a_column_cannot_hold_is_refused_where_pandas_refuses_it(op, number, dtype):
    series = pd.Series([1, 2, 3], dtype=dtype)
    lazy = dd.from_pandas(series, npartitions=2)
    for of in (lambda s: op(s, number), lambda s: op(number, s)):
        try:
            expected = of(series)
        except OverflowError:
            with pytest.raises(OverflowError):
                of(lazy).compute()
        else:
            equal(of(lazy).compute(), expected)


def test_a_quantile_between_infinities_is_the_value_there():
    series = pd.Series([-np.inf, 1.0, np.inf])
    assert dd.from_pandas(series, npartitions=1).quantile(0.5).compute() == 1.0
    assert dd.from_pandas(series, npartitions=1).quantile([0.0, 1.0]).compute().tolist() == [-np.inf, np.inf]


def test_labels_need_not_be_text():
    df = pd.DataFrame({0: [3, 1, 2, 2], 1: [1.0, None, 3, 4], pd.Timestamp("2020-01-01"): [1, 2, 3, 4]})
    lazy = dd.from_pandas(df, npartitions=2)
    equal(lazy.sum().compute(), df.sum())
    equal(lazy.isna().sum().compute(), df.isna().sum())
    equal(lazy.nunique().compute(), df.nunique())
    mixed = pd.DataFrame([[1, 2], [3, 4]]).set_axis([1, ("a", "b")], axis=1)
    for label in mixed.columns:
        equal(dd.from_pandas(mixed, npartitions=2)[label].compute(), mixed[label])
    with pytest.raises(KeyError):
        dd.from_pandas(mixed, npartitions=2)["a"]
    numbers = pd.DataFrame({0: [3, 1, 2, 2], 1: [1.0, None, 3, 4]})
    lazy = dd.from_pandas(numbers, npartitions=2)
    equal((lazy - lazy.mean()).compute(), numbers - numbers.mean())
    merged = lazy.merge(lazy, on=0).compute()
    expected = numbers.merge(numbers, on=0)
    assert list(merged.columns) == list(expected.columns) == [0, "1_x", "1_y"]
    equal(merged.sort_values(list(merged.columns), ignore_index=True), expected.sort_values(list(merged.columns), ignore_index=True))


def test_an_index_named_like_a_column_keeps_its_name():
    df = pd.DataFrame({"a": [3, 1, 2], "b": [1, 2, 3]}, index=pd.Index([1, 2, 3], name="a"))
    lazy = dd.from_pandas(df, npartitions=2)
    equal(lazy.compute(), df)
    with pytest.raises(ValueError, match="cannot insert a"):
        lazy.reset_index()


def test_functions_that_cannot_be_pickled_run_on_threads(df):
    lock = threading.Lock()

    def guarded(part):
        with lock:
            return part.x + 1

    lazy = dd.from_pandas(df, npartitions=3)
    shifted = lazy.map_partitions(guarded, meta=("x", "f8"))
    equal(shifted.compute(scheduler="threads"), df.x + 1)
    with pytest.raises(TypeError, match="cannot be sent to another process: cannot pickle '_thread.lock'"):
        shifted.compute(scheduler="processes")
