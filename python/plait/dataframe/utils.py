"""What tests of dataframes use."""

from __future__ import annotations

from typing import Any

from .._lazy import numpy as np, pandas as pd
from ..base import is_plait_collection
from ._pandas_calls import make_meta

__all__ = ["assert_dask_graph", "assert_divisions", "assert_eq", "assert_eq_dtypes", "assert_sane_keynames", "make_meta"]


def assert_divisions(ddf: Any, scheduler: Any = None) -> None:
    """Raise an AssertionError where labels of a lazy frame stand outside of the divisions that it says it has."""
    if not is_plait_collection(ddf) or not getattr(ddf, "known_divisions", False):
        return
    divisions = ddf.divisions
    assert isinstance(divisions, tuple), f"divisions are a {type(divisions).__name__}, expected a tuple"
    for place in range(ddf.npartitions):
        part = ddf.partitions[place].compute(scheduler=scheduler)
        labels = part if isinstance(part, pd.Index) else part.index
        if len(labels) == 0:
            continue
        low, high = labels.min(), labels.max()
        is_last = place == ddf.npartitions - 1
        fits = divisions[place] <= low and (high <= divisions[place + 1] if is_last else high < divisions[place + 1])
        assert fits, f"partition {place} holds {low} to {high}, the divisions are {divisions[place]} to {divisions[place + 1]}"


def assert_sane_keynames(ddf: Any) -> None:
    """Raise an AssertionError where a key of a lazy frame's graph is no text that begins with a name."""
    if not is_plait_collection(ddf):
        return
    for key in ddf.__dask_keys__():
        while isinstance(key, (list, tuple)):
            key = key[0]
        assert isinstance(key, str) and len(key) < 100 and " " not in key, f"the key {key!r} is no short text without spaces"


def assert_dask_graph(dask: Any, label: str) -> bool:
    """Raise an AssertionError where no key of a graph begins with ``label``."""
    graph = getattr(dask, "dask", dask)
    names = [key[0] if isinstance(key, tuple) else key for key in graph]
    assert any(str(name).startswith(label) for name in names), f"no key of the graph begins with {label!r}"
    return True


def assert_eq_dtypes(a: Any, b: Any) -> None:
    """Raise an AssertionError where two frames do not have columns of the same types."""
    pd.testing.assert_series_equal(a.dtypes.value_counts(), b.dtypes.value_counts())


def _computed(x: Any, check_names: bool, check_dtypes: bool, scheduler: Any) -> Any:
    """The pandas object or scalar of an argument, which must be what the lazy one says of itself."""
    if not is_plait_collection(x):
        return x
    result = x.compute(scheduler=scheduler)
    if isinstance(result, pd.DataFrame):
        assert list(x.columns) == list(result.columns), f"the columns are {list(result.columns)}, the frame says {list(x.columns)}"
        said = x.dtypes
    elif isinstance(result, (pd.Series, pd.Index)):
        assert not check_names or x.name == result.name, f"the name is {result.name!r}, the collection says {x.name!r}"
        said = None
    else:
        return result
    if check_dtypes and said is not None:
        for name, dtype in zip(result.columns, said, strict=True):
            kinds = {dtype.kind, result.dtypes.iloc[list(result.columns).index(name)].kind}
            fits = len(kinds) == 1 or kinds <= set("iuf") or kinds <= set("OSU")
            assert fits, f"column {name!r} is of dtype {result[name].dtype}, the frame says {dtype}"
    return result


def _sorted(x: Any, check_index: bool) -> Any:
    """Rows in an order that both frames have."""
    try:
        if isinstance(x, pd.DataFrame):
            x = x.sort_values(by=x.columns.tolist(), key=lambda column: column.astype(str) if column.dtype == object else column)
        else:
            x = x.sort_values()
    except (TypeError, IndexError, ValueError):
        pass  # what cannot be ordered stays as it is
    return x.sort_index(kind="stable") if check_index else x


def assert_eq(
    a: Any,
    b: Any,
    check_names: bool = True,
    check_dtype: bool = True,
    check_divisions: bool = True,
    check_index: bool = True,
    sort_results: bool = True,
    scheduler: Any = "sync",
    **kwargs: Any,
) -> bool:
    """Raise an AssertionError where two frames, series, indexes or scalars differ, lazy or not.

    Parameters
    ----------
    a, b : object
        What is compared.
    check_names, check_dtype, check_index : bool
        Whether names, dtypes and labels are.
    check_divisions : bool
        Whether rows must stand within the divisions.
    sort_results : bool
        Whether rows may be in another order.
    scheduler : optional
        Where lazy ones are computed.
    **kwargs : object
        Of the functions in `pandas.testing`.

    Returns
    -------
    bool
        True.

    Examples
    --------
    >>> dd.utils.assert_eq(df.x + 1, df.x.compute() + 1)
    True
    """
    for each in (a, b):
        if check_divisions:
            assert_divisions(each, scheduler=scheduler)
        assert_sane_keynames(each)
    a = _computed(a, check_names, check_dtype, scheduler)
    b = _computed(b, check_names, check_dtype, scheduler)
    if sort_results and isinstance(a, (pd.DataFrame, pd.Series)):
        a, b = _sorted(a, check_index), _sorted(b, check_index)
    if not check_index and isinstance(a, (pd.DataFrame, pd.Series)):
        a, b = a.reset_index(drop=True), b.reset_index(drop=True)
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_names=check_names, check_dtype=check_dtype, **kwargs)
    elif isinstance(a, pd.Series):
        pd.testing.assert_series_equal(a, b, check_names=check_names, check_dtype=check_dtype, **kwargs)
    elif isinstance(a, pd.Index):
        pd.testing.assert_index_equal(a, b, exact=check_dtype, **kwargs)
    elif not (a == b or (a != a and b != b)):
        assert np.allclose(a, b), f"{a} is not {b}"
    return True
