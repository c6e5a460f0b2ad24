"""Operators, functions of NumPy and reductions of frames and series, as pandas has them."""

import numpy as np
import pandas as pd
import pytest

import plait.dataframe as dd

PDF = pd.DataFrame({"a": [0, 1, 2, 3, 4, 5], "b": [1.5, None, 3.0, 0.0, None, 2.0], "flag": [True, False, True, True, False, False]})
NUMBERS = ["a", "b"]


def same(function, pdf=PDF):
    """What a function gives of lazy rows, and what of pandas' ones."""
    expected, found = function(pdf), function(dd.from_pandas(pdf, npartitions=3)).compute()
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    elif isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(found, expected)
    else:
        assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("name", ["add", "rsub", "mul", "rtruediv", "floordiv", "mod", "pow"])
def test_a_fill_value_stands_for_missing_values_beside_a_constant(name):
    same(lambda df: getattr(df.b, name)(2, fill_value=1))
    same(lambda df: getattr(df[NUMBERS], name)(2, fill_value=1))


@pytest.mark.parametrize("name", ["eq", "lt", "ge"])
def test_comparisons_of_series_have_a_fill_value_and_those_of_frames_have_none(name):
    same(lambda df: getattr(df.b, name)(1, fill_value=1))
    frame = dd.from_pandas(PDF[NUMBERS], npartitions=2)
    with pytest.raises(TypeError, match="fill_value"):
        getattr(frame, name)(frame, fill_value=1)


def test_quotient_and_remainder():
    for i in (0, 1):
        same(lambda df: divmod(df.a, 2)[i])
        same(lambda df: divmod(7, df.b + 1)[i])
        same(lambda df: divmod(df.a, df.b + 1)[i])


def test_logical_and_of_numbers_looks_at_their_truth_and_not_at_their_bits():
    same(lambda df: np.logical_and(df.a, 2))
    same(lambda df: np.logical_and(df.a, df.b))
    same(lambda df: np.logical_and(df.flag, df.flag))


@pytest.mark.parametrize("function", [np.sum, np.prod, np.min, np.max, np.mean, np.any, np.all])
def test_reductions_of_numpy(function):
    same(lambda df: function(df.b))
    same(lambda df: function(df[NUMBERS], axis=0))


def test_deviations_of_numpy_have_its_degrees_of_freedom():
    same(lambda df: np.std(df.b))
    same(lambda df: np.var(df[NUMBERS], axis=0))
    same(lambda df: np.std(df.b, ddof=1))


@pytest.mark.parametrize("name", ["sum", "prod", "min", "max", "mean", "var", "std", "median"])
def test_one_value_for_all_columns(name):
    same(lambda df: getattr(df[NUMBERS], name)(axis=None))


def test_an_axis_that_is_none():
    frame = dd.from_pandas(PDF[NUMBERS], npartitions=2)
    with pytest.raises(ValueError, match="No axis named 7"):
        frame.sum(axis=7)


@pytest.mark.parametrize("values", [[0.0, None, 0.0], [1.0, None, 1.0], [0.0, 0.0, 0.0]])
@pytest.mark.parametrize("name", ["any", "all"])
def test_missing_values_that_are_not_skipped_are_true(name, values):
    pdf = pd.DataFrame({"x": values, "i": [0, 1, 2]})
    same(lambda df: getattr(df.x, name)(skipna=False), pdf)
    same(lambda df: getattr(df, name)(skipna=False), pdf)


def test_the_name_of_a_quantile_is_a_number():
    assert dd.from_pandas(PDF[NUMBERS], npartitions=2).quantile(0.3).compute().name == 0.3


def test_the_product_of_a_series_with_a_frame_keeps_the_name():
    pdf = PDF.fillna(0.0)
    expected = pdf.a.dot(pdf[NUMBERS])
    df = dd.from_pandas(pdf, npartitions=2)
    pd.testing.assert_series_equal(df.a.dot(df[NUMBERS]).compute(), expected)


def test_columns_by_truth():
    same(lambda df: df.loc[:, [True, False, True]])


def test_a_series_without_rows_is_empty():
    df = dd.from_pandas(PDF, npartitions=2)
    assert not df.a.empty
    assert df[df.a > 9].a.empty


@pytest.mark.parametrize("name", ["add", "rsub", "mul", "rtruediv"])
def test_a_fill_value_goes_with_columns_too(name: str) -> None:
    frame = pd.DataFrame({"x": [1.0, None, 3.0], "y": [4.0, 5.0, 6.0]})
    lazy = dd.from_pandas(frame, npartitions=2)
    found = getattr(lazy, name)(lazy.mean(), fill_value=1)
    pd.testing.assert_frame_equal(found.compute(), getattr(frame, name)(frame.mean(), fill_value=1))
    with pytest.raises(TypeError, match="axis=0"):
        getattr(lazy, name)(lazy.x, fill_value=1)


def test_a_product_is_called_as_its_meta_says() -> None:
    lazy = dd.from_pandas(PDF[NUMBERS].fillna(0), npartitions=2)
    assert lazy.a.dot(lazy, meta=pd.Series([1.0], name="weights")).compute().name == "weights"
    assert lazy.a.dot(lazy).compute().name == "a"
