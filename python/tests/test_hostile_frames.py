"""Whatever a method of frames is given, it answers or says in its own words what is wrong: never in those of the binding."""

import re

import pandas as pd
import pytest

import plait.dataframe as dd

PANDAS = pd.DataFrame({"x": range(9), "k": list("abcabcabc")})
p, f = PANDAS, dd.from_pandas(PANDAS, npartitions=3)
VALUES = ["text", None, 2**70, -1, 1.5, float("nan"), [], {}, object()]
WORDS_OF_THE_BINDING = re.compile(r"incompatible function|std::|bad_cast|bad_alloc|nanobind|Invoked with|_plait\.")
CALLS = {
    "head": lambda v: f.head(v),
    "head np": lambda v: f.head(2, npartitions=v),
    "tail": lambda v: f.tail(v),
    "get_partition": lambda v: f.get_partition(v),
    "shift": lambda v: f.x.shift(v).compute(),
    "diff": lambda v: f.x.diff(v).compute(),
    "rolling": lambda v: f.x.rolling(v).sum().compute(),
    "quantile": lambda v: f.x.quantile(v).compute(),
    "nlargest": lambda v: f.nlargest(v, "x").compute(),
    "repartition": lambda v: f.repartition(npartitions=v).compute(),
    "repart size": lambda v: f.repartition(partition_size=v).compute(),
    "round": lambda v: f.x.round(v).compute(),
    "clip": lambda v: f.x.clip(lower=v).compute(),
    "fillna": lambda v: f.x.fillna(v).compute(),
    "ffill": lambda v: f.x.ffill(limit=v).compute(),
    "from_pandas": lambda v: dd.from_pandas(p, npartitions=v),
    "from_pandas cs": lambda v: dd.from_pandas(p, chunksize=v),
    "sort": lambda v: f.sort_values(v).compute(),
    "sort np": lambda v: f.sort_values("x", npartitions=v).compute(),
    "set_index": lambda v: f.set_index(v),
    "drop": lambda v: f.drop(columns=v),
    "groupby": lambda v: f.groupby(v).sum().compute(),
    "getitem": lambda v: f[v],
    "loc": lambda v: f.loc[v],
    "merge on": lambda v: f.merge(f, on=v),
    "merge how": lambda v: f.merge(f, on="k", how=v),
    "var ddof": lambda v: f.x.var(ddof=v).compute(),
    "sum min_count": lambda v: f.x.sum(min_count=v).compute(),
    "astype": lambda v: f.x.astype(v),
    "isin": lambda v: f.x.isin(v).compute(),
    "str.slice": lambda v: f.k.str.slice(v).compute(),
    "str.get": lambda v: f.k.str.get(v).compute(),
    "str.zfill": lambda v: f.k.str.zfill(v).compute(),
    "str.contains": lambda v: f.k.str.contains(v).compute(),
    "str.repeat": lambda v: f.k.str.repeat(v).compute(),
    "sample": lambda v: f.sample(frac=v).compute(),
    "value_counts": lambda v: f.k.value_counts(normalize=v).compute(),
    "std": lambda v: f.std(axis=v).compute(),
    "concat": lambda v: dd.concat(v),
    "read_csv": lambda v: dd.read_csv(v),
    "blocksize": lambda v: dd.read_csv(CSV, blocksize=v),
    "num_workers": lambda v: f.x.sum().compute(num_workers=v),
    "scheduler": lambda v: f.x.sum().compute(scheduler=v),
    "rename": lambda v: f.rename(columns=v),
    "corr": lambda v: f.x.corr(f.x, min_periods=v).compute(),
    "split_every": lambda v: f.x.sum(split_every=v).compute(),
}


@pytest.fixture(scope="module", autouse=True)
def csv_file(tmp_path_factory):
    global CSV
    CSV = str(tmp_path_factory.mktemp("hostile") / "x.csv")
    with open(CSV, "w") as file:
        file.write("a\n1\n")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
def test_errors_are_in_our_words(name):
    for value in VALUES:
        try:
            CALLS[name](value)
        except Exception as error:
            assert not WORDS_OF_THE_BINDING.search(f"{type(error).__name__}: {error}"), (value, str(error))


def test_a_number_of_rows_is_named():
    with pytest.raises(TypeError, match="head: n is 1.5, expected a whole number"):
        f.head(1.5)
    with pytest.raises(OverflowError, match="shift: periods is 1180591620717411303424, expected a number of at most 64 bits"):
        f.x.shift(2**70)
