"""How lazy frames show themselves."""

from __future__ import annotations

from typing import Any

from .._lazy import pandas as pd

_MAX_ROWS = 5


def count_nodes(expr: Any) -> int:
    seen = set()
    stack = [expr]
    while stack:
        node = stack.pop()
        if node.token not in seen:
            seen.add(node.token)
            stack.extend(node.operands)
    return len(seen)


def _structure(collection: Any, dtypes: list) -> pd.DataFrame:
    divisions = collection.divisions
    if collection.known_divisions:
        index = pd.Index([str(d) for d in divisions], name=f"npartitions={collection.npartitions}")
    else:
        index = pd.Index([""] * len(divisions), name=f"npartitions={collection.npartitions}")
    rows = [[str(d) for d in dtypes]] + [["..."] * len(dtypes)] * (len(divisions) - 1)
    return pd.DataFrame(rows, index=index)


def _dtype_text(dtype: Any) -> str:
    if isinstance(dtype, pd.CategoricalDtype):
        return "category[known]" if len(dtype.categories) else "category[unknown]"
    return str(dtype)


def _footer(collection: Any) -> str:
    count = count_nodes(collection.expr)
    return f"Dask Name: {collection.expr.op.replace('_', '')}, {count} expression{'' if count == 1 else 's'}"


def frame_text(frame: Any) -> str:
    meta = frame._meta
    text = _structure(frame, [_dtype_text(d) for d in meta.dtypes])
    text.columns = meta.columns
    body = text.to_string(max_rows=_MAX_ROWS, show_dimensions=False)
    empty = "Empty " if not len(meta.columns) else ""
    return f"{empty}Dask DataFrame Structure:\n{body}\n{_footer(frame)}"


def series_text(series: Any, kind: str) -> str:
    meta = series._meta
    text = _structure(series, [_dtype_text(meta.dtype)])[0].to_string(max_rows=_MAX_ROWS, name=False, dtype=False)
    body = text
    named = f"\nName: {meta.name}, dtype: {_dtype_text(meta.dtype)}" if meta.name is not None else ""
    return f"Dask {kind} Structure:\n{body}{named}\n{_footer(series)}"


def frame_html(frame: Any) -> str:
    meta = frame._meta
    text = _structure(frame, [_dtype_text(d) for d in meta.dtypes])
    text.columns = meta.columns
    table = text.to_html(max_rows=_MAX_ROWS, show_dimensions=False, notebook=True)
    return f"<div><strong>Dask DataFrame Structure:</strong></div>\n{table}\n<div>{_footer(frame)}</div>"


def series_html(series: Any, kind: str) -> str:
    text = series_text(series, kind)
    return f"<pre>{text.replace('<', '&lt;')}</pre>"
