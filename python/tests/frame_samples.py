"""Frames for the tests of dataframes: made-up rows with every native type, and comparison with pandas."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from plait import _plait

# "records" runs graphs that have been written and read again.
EXECUTORS = ["sync", "threads", "processes", "records"]
_plait.register_record_executor()

texts = st.one_of(st.none(), st.sampled_from(["", "a", "b", "Ab c", "zürich", "日本", "x,y", 'say "hi"']))
floats = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6, allow_nan=False, width=32))
integers = st.integers(-1000, 1000)
dates = st.one_of(st.none(), st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2060-01-01")).map(lambda d: d.replace(microsecond=0)))


@st.composite
def frames(draw, min_rows=0, max_rows=30):
    """A frame with columns k (text), g (few integers), i, f, b and t (dates)."""
    n = draw(st.integers(min_rows, max_rows))

    def column(values, dtype):
        return pd.Series(draw(st.lists(values, min_size=n, max_size=n)), dtype=dtype)

    return pd.DataFrame(
        {
            "k": column(texts, "str"),
            "g": column(st.integers(0, 3), "int64"),
            "i": column(integers, "int64"),
            "f": column(floats, "float64"),
            "b": column(st.booleans(), "bool"),
            "t": column(dates, "datetime64[us]"),
        }
    )


def equal(result, expected, **kwargs):
    """Fails where two pandas objects differ."""
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(result, expected, **kwargs)
    elif isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(result, expected, **kwargs)
    elif isinstance(expected, pd.Index):
        pd.testing.assert_index_equal(result, expected, **kwargs)
    elif pd.isna(expected):
        assert pd.isna(result)
    elif isinstance(expected, pd.Timestamp):
        assert result == expected
    else:
        np.testing.assert_allclose(result, expected)
