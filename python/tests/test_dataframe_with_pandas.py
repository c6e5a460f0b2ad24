"""Lazy frames beside pandas objects and lazy arrays, labels that change, and rows that are drawn, as pandas and Dask have them."""

import numpy as np
import pandas as pd
import pytest

import plait.array as da
import plait.dataframe as dd

PDF = pd.DataFrame({"a": [1, 2, 3, 4, 5, 6, 7, 8, 9], "b": [3.0, None, 2.0, 5.0, None, 2.0, 4.0, 2.0, None]})
LATER = PDF.set_axis(range(4, 13))
DAYS = PDF.set_axis(pd.date_range("2020-01-30", periods=9, freq="D"))


def lazy(pdf=PDF, npartitions=3):
    return dd.from_pandas(pdf, npartitions=npartitions)


def same(found, expected):
    compare = pd.testing.assert_frame_equal if expected.ndim == 2 else pd.testing.assert_series_equal
    compare(found.compute(), expected, check_freq=False)


# Operands of pandas


def test_rows_of_pandas_are_aligned_with_lazy_ones():
    same(lazy().a + LATER.b, PDF.a + LATER.b)
    same(LATER.b - lazy().a, LATER.b - PDF.a)
    same(lazy() * LATER, PDF * LATER)
    same(lazy().a.add(LATER.b, fill_value=0), PDF.a.add(LATER.b, fill_value=0))
    same(lazy().mul(PDF.a, axis=0), PDF.mul(PDF.a, axis=0))


def test_a_series_of_pandas_goes_with_the_columns_of_a_frame():
    same(lazy() - PDF.mean(), PDF - PDF.mean())
    same(lazy().sub(PDF.mean()), PDF.sub(PDF.mean()))


def test_a_series_of_pandas_becomes_a_column():
    same(lazy().assign(c=LATER.a + 1), PDF.assign(c=LATER.a + 1))
    df = lazy()
    df["c"] = PDF.a * 2
    same(df, PDF.assign(c=PDF.a * 2))
    with pytest.raises(TypeError, match="list"):
        lazy().assign(c=[1] * 9)


def test_values_of_isin_are_not_aligned():
    for values in (PDF.a, PDF):
        with pytest.raises(NotImplementedError, match="isin"):
            lazy().isin(values)
    same(lazy().a.isin(PDF.b), PDF.a.isin(PDF.b))
    same(lazy().a.isin(range(3)), PDF.a.isin(range(3)))


# Lazy arrays


@pytest.mark.parametrize("forget", [False, True])
def test_blocks_of_an_array_go_with_partitions(forget):
    rows = lazy().clear_divisions() if forget else lazy()
    numbers = da.arange(9, chunks=3)
    same(rows.a + numbers, PDF.a + np.arange(9))
    same(numbers - rows.a, np.arange(9) - PDF.a)
    same(rows.b > numbers, PDF.b > np.arange(9))
    same(rows * da.ones((9, 2), chunks=(3, 1)), PDF * np.ones((9, 2)))
    assert (rows.a + numbers).known_divisions == rows.known_divisions
    rows["c"] = numbers
    same(rows, PDF.assign(c=np.arange(9)))


def test_an_array_that_does_not_fit():
    rows = lazy()
    with pytest.raises(ValueError, match="Number of partitions do not match"):
        rows["c"] = da.arange(9, chunks=5)
    with pytest.raises(ValueError, match="1-D"):
        rows["c"] = da.ones((9, 2), chunks=3)
    with pytest.raises(ValueError, match="as many axes"):
        rows + da.arange(9, chunks=3)
    with pytest.raises(ValueError, match="[Ll]ength"):
        (rows.a + da.ones(12, chunks=4)).compute()


# Labels


def test_the_index_as_the_index_changes_nothing():
    pdf = PDF.rename_axis("row")
    df = lazy(pdf)
    assert df.set_index(df.index) is df
    assert df.set_index("row") is df
    same(df.set_index("a", sorted=True), pdf.set_index("a"))
    with pytest.raises(NotImplementedError, match="frame"):
        df.set_index(df[["a"]])


def test_prefixes_of_columns_and_of_rows():
    for axis in (None, 1, "columns", 0, "index"):
        same(lazy().add_prefix("p", axis=axis), PDF.add_prefix("p", axis=axis))
        same(lazy().add_suffix("s", axis=axis), PDF.add_suffix("s", axis=axis))
    with pytest.raises(TypeError, match="index= or columns="):
        lazy().rename()


def test_labels_that_a_function_makes_have_no_known_divisions():
    renamed = lazy().a.rename(lambda label: -label)
    assert not renamed.known_divisions
    same(renamed, PDF.a.rename(lambda label: -label))
    same(renamed.loc[[-5]], PDF.a.rename(lambda label: -label).loc[[-5]])
    frame = lazy().rename(index=lambda label: label % 3)
    assert not frame.known_divisions
    same(frame, PDF.rename(index=lambda label: label % 3))
    same(lazy().a.rename(PDF.a), PDF.a.rename(PDF.a))


def test_labels_that_stay_in_order_have_known_divisions():
    squares = lazy().a.rename(lambda label: label**2, sorted_index=True)
    assert squares.divisions == (0, 9, 36, 64)
    same(squares.loc[10:50], PDF.a.rename(lambda label: label**2).loc[10:50])
    with pytest.raises(ValueError, match="no order"):
        lazy().a.rename(lambda label: -label, sorted_index=True)


def test_a_name_is_assigned():
    series, labels = lazy().a, lazy().index
    series.name, labels.name = "z", "row"
    same(series, PDF.a.rename("z"))
    assert labels.compute().name == "row"


@pytest.mark.parametrize("freq", ["h", "D", "MS", "B"])
def test_labels_that_are_moved_in_time(freq):
    moved = lazy(DAYS).shift(2, freq=freq)
    same(moved, DAYS.shift(2, freq=freq))
    label = moved.index.compute()[4]
    assert len(moved.loc[label:label].compute()) == (DAYS.shift(2, freq=freq).index == label).sum()


def test_periods_become_moments():
    pdf = PDF.set_axis(pd.period_range("2020-01", periods=9, freq="M"))
    same(lazy(pdf).to_timestamp(), pdf.to_timestamp())
    same(lazy(pdf).to_timestamp(how="end"), pdf.to_timestamp(how="end"))
    same(lazy(pdf).a.to_timestamp(), pdf.a.to_timestamp())


def test_rows_from_columns_have_no_known_divisions():
    assert not lazy().melt().known_divisions


def test_different_labels_of_several_partitions():
    pdf = pd.DataFrame({"x": range(6)}, index=[0, 0, 1, 1, 2, 3])
    df = dd.from_pandas(pdf, npartitions=3)
    assert df.index.drop_duplicates().compute().tolist() == [0, 1, 2, 3]
    assert df.index.unique().compute().tolist() == [0, 1, 2, 3]


# Partitions


def test_a_function_is_told_its_partition():
    def tell(part, factor, partition_info=None):
        return part.assign(number=partition_info["number"] * factor, start=partition_info["division"])

    for scheduler in ("sync", "processes"):
        told = lazy().map_partitions(tell, 10).compute(scheduler=scheduler)
        assert told.number.tolist() == [0] * 3 + [10] * 3 + [20] * 3
        assert told.start.tolist() == [0] * 3 + [3] * 3 + [6] * 3
    assert lazy().map_partitions(tell, 10, partition_info=None).number.compute().tolist() == [0] * 3 + [10] * 3 + [20] * 3


@pytest.mark.parametrize("n", [-1, 3])
def test_a_partition_that_is_not_there(n):
    with pytest.raises(ValueError, match="from 0 to 2"):
        lazy().get_partition(n)


def test_rows_are_drawn_from_each_partition():
    drawn = lazy().sample(frac=0.7, random_state=3)
    assert drawn.npartitions == 3
    assert drawn.compute().equals(lazy().sample(frac=0.7, random_state=3).compute())
    assert drawn.compute().index.is_unique
    assert not lazy().sample(frac=0.5).compute().index.equals(lazy(npartitions=1).sample(frac=1.0).compute().index)
    assert len(lazy().sample(frac=2.0, replace=True).compute()) == 18
    for wrong in ({"n": 4}, {}):
        with pytest.raises(ValueError, match="frac"):
            lazy().sample(**wrong)
    with pytest.warns(UserWarning, match="frac"):
        lazy().sample(0.5)


def test_rows_are_drawn_as_in_dask():
    dask_frames = pytest.importorskip("dask.dataframe")
    theirs = dask_frames.from_pandas(PDF, npartitions=3).sample(frac=0.7, random_state=3).compute(scheduler="sync")
    pd.testing.assert_frame_equal(lazy().sample(frac=0.7, random_state=3).compute(), theirs)


# Values


def test_values_are_assigned_where_a_condition_holds():
    df, pdf = lazy(), PDF.copy()
    df[df.a > 4] = 0
    pdf[pdf.a > 4] = 0
    same(df, pdf)
    df[df > 2] = -1
    pdf[pdf > 2] = -1
    same(df, pdf)


def test_the_first_condition_that_holds_says_the_value():
    df = lazy()
    same(df.a.case_when([(df.a > 6, 0), (df.a > 3, df.b)]), PDF.a.case_when([(PDF.a > 6, 0), (PDF.a > 3, PDF.b)]))
    with pytest.raises(TypeError, match="case_when"):
        df.a.case_when([df.a > 3])


def test_arguments_that_pandas_refuses():
    with pytest.raises(ValueError, match="No axis named 1"):
        lazy().a.fillna(0, axis=1)
    with pytest.raises(TypeError, match="lag must be an integer"):
        lazy().a.autocorr(1.5)


def test_functions_of_numpy_on_pandas_and_lazy_rows():
    same(np.add(PDF.a, lazy().b), PDF.a + PDF.b)
