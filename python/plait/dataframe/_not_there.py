"""Names of Dask that Plait does not have yet: asking for one fails with its name, rather than as if it were misspelt."""

from __future__ import annotations

NOT_THERE_YET = frozenset(
    {
        "align", "analyze", "categorize", "clear_divisions", "map_overlap", "median_approximate", "memory_usage_per_partition",
        "nunique_approx", "random_split", "shuffle", "to_backend", "to_bag", "to_dask_array", "to_hdf", "to_json", "to_orc",
        "to_sql", "to_html", "sort_index", "reindex", "transpose", "stack", "unstack", "pivot", "ewm",
    }
)  # fmt: skip


def missing_attribute(kind: str, name: str, hint: str = "") -> AttributeError:
    """The error for an attribute that is not there."""
    if name in NOT_THERE_YET:
        return AttributeError(f"{kind}.{name} is not there yet; pandas has it after .compute(), or on each part with .map_partitions")
    return AttributeError(f"{kind!r} object has no attribute {name!r}{hint}")
