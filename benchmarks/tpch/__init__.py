"""TPC-H: its data, and its 22 queries for frames (Plait and Dask), Polars and DuckDB.

The queries follow the TPC-H specification with the parameters of its validation runs. `python -m benchmarks.tpch` runs them one
by one; the workload `tpch` runs them all.
"""
