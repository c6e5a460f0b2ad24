"""Categories against pandas."""

import pandas as pd
import pytest

import plait
import plait.dataframe as dd
from frame_samples import equal

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("npartitions", [1, 3, 7])
def test_unused_categories_go_by_all_rows(npartitions):
    series = pd.Series(["b", "a", None, "b", "d", "a", "b"], dtype=pd.CategoricalDtype(["d", "c", "b", "a"], ordered=True), name="k")
    lazy = dd.from_pandas(series, npartitions=npartitions)
    equal(lazy.cat.remove_unused_categories().compute(), series.cat.remove_unused_categories())
    assert not len(lazy[lazy.isna()].cat.remove_unused_categories().compute().cat.categories)


def test_categories(capsys):
    dtype = pd.CategoricalDtype(["low", "mid", "high"])
    series = pd.Series(["mid", None, "low", "mid", "high"] * 4, dtype=dtype)
    for of in (
        lambda s: s.cat.codes,
        lambda s: s.cat.add_categories(["more"]),
        lambda s: s.cat.add_categories("more"),
        lambda s: s.cat.remove_categories(["mid"]),
        lambda s: s.cat.remove_categories("low").cat.codes,
        lambda s: s.cat.rename_categories(["a", "b", "c"]),
        lambda s: s.cat.rename_categories({"mid": "middle"}),
        lambda s: s.cat.rename_categories(str.upper),
        lambda s: s.cat.rename_categories([1, 2, 3]).cat.codes,
        lambda s: s.cat.reorder_categories(["high", "mid", "low"], ordered=True),
        lambda s: s.cat.set_categories(["mid", "other"]),
        lambda s: s.cat.set_categories(["x", "y", "z"], rename=True),
        lambda s: s.cat.as_ordered(),
        lambda s: s.cat.as_ordered().cat.as_unordered(),
    ):
        for lazy in (dd.from_pandas(series, npartitions=1), dd.from_pandas(series, npartitions=4)):
            result = of(lazy)
            assert result.dtype == of(series).dtype
            equal(result.compute(), of(series))
            print(result.explain())
            assert "pandas" not in capsys.readouterr().out.replace("from_pandas", "")
    named = series.rename("level")
    equal(dd.from_pandas(named, npartitions=3).cat.codes.compute(), named.cat.codes)
    equal(dd.from_pandas(named, npartitions=3).cat.as_ordered().compute(), named.cat.as_ordered())
    lazy = dd.from_pandas(series, npartitions=3)
    equal(lazy.to_frame("c").assign(n=lazy.cat.codes).compute(), series.to_frame("c").assign(n=series.cat.codes))
    for wrong in (lambda s: s.cat.add_categories(["low"]), lambda s: s.cat.remove_categories(["nothing"]), lambda s: s.cat.reorder_categories(["low"])):
        with pytest.raises(ValueError):
            wrong(series)
        with pytest.raises(ValueError):
            wrong(lazy)


def test_codes_have_room_for_many_categories():
    series = pd.Series([f"c{i}" for i in range(300)], dtype="category")
    equal(dd.from_pandas(series, npartitions=3).cat.codes.compute(), series.cat.codes)
    for n in (126, 127, 128, 129):
        few = pd.Series([f"c{i}" for i in range(n)], dtype="category")
        assert dd.from_pandas(few, npartitions=3).cat.codes.dtype == few.cat.codes.dtype


def test_partitions_keep_categories_that_the_first_one_has_not():
    parts = [pd.DataFrame({"c": pd.Categorical(list(text))}) for text in ("xyx", "xwz")]
    lazy = [plait.delayed(part.copy)() for part in parts]
    for meta in (parts[0].iloc[:0], parts[0].iloc[:0].assign(c=pd.Categorical([]))):
        found = dd.from_delayed(lazy, meta=meta, verify_meta=False)
        assert found.c.compute().tolist() == list("xyxxwz")
        assert found.c.value_counts().compute().to_dict() == {"x": 3, "y": 1, "w": 1, "z": 1}
    with pytest.raises(ValueError, match=r"has the categories \['w', 'x', 'z'\], expected the categories \['x', 'y'\]"):
        dd.from_delayed(lazy, meta=parts[0].iloc[:0]).compute()
