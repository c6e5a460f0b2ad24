"""Programs written for Dask print the same on Dask and, with ``plait run``, on Plait, whatever the executor."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("dask")

PROGRAMS = {
    "array": """
        import numpy as np
        import dask.array as da

        x = da.from_array(np.arange(600.0).reshape(20, 30), chunks=(7, 11))
        y = (x + 2 * x[::-1] - x.mean(axis=0)) ** 2
        print(y.shape, y.dtype, y.chunks, y.npartitions)
        print(np.round(y[3:9:2, -5:].compute(), 6).tolist())
        print(float(y.sum().compute()), float(y.std(ddof=1).compute().round(9)), int(y.argmax().compute()))
        print(x.T.rechunk((10, 20)).chunks, da.concatenate([x, x], axis=1).sum(axis=1)[:3].compute().tolist())
        print((x @ x.T)[0, :4].compute().tolist(), x)
    """,
    "random": """
        import dask
        import dask.array as da

        rng = da.random.default_rng(42)
        print(rng.random((5, 4), chunks=(2, 3)).compute().tolist())
        print(rng.normal(2, 3, size=6, chunks=4).compute().tolist(), rng.integers(0, 100, 7, chunks=3).compute().tolist())
        state = da.random.RandomState(7)
        print(state.random_sample(5, chunks=2).compute().tolist(), state.normal(0, 1, 5, chunks=3).compute().tolist())
        da.random.seed(5)
        x = da.random.random((30, 20), chunks=(10, 10))
        print([round(float(v), 12) for v in dask.compute(x.sum(), x.max(), (x + x[0]).min())])
    """,
    "frame": """
        import pandas as pd
        import dask.dataframe as dd

        df = pd.DataFrame({
            "key": ["b", "a", None, "c", "a", "b", "a"] * 5,
            "n": range(35),
            "x": [0.5, None, 2.5, -1.0, 4.0, None, 7.5] * 5,
        })
        ddf = dd.from_pandas(df, npartitions=4)
        print(ddf.npartitions, ddf.divisions, ddf.columns.tolist(), len(ddf))
        print(ddf[ddf.x > 0].n.sum().compute(), ddf.x.mean().compute(), ddf.x.count().compute())
        stats = ddf.groupby("key").agg({"x": ["mean", "count"], "n": ["sum"]}).compute().sort_index()
        print(stats.columns.tolist(), stats.values.tolist())
        print(ddf.groupby("key").n.max().compute().sort_index().to_dict())
        print(ddf.assign(y=ddf.x * 2 + ddf.n).y.head(3).tolist())
        print(ddf.key.value_counts().compute().sort_index().to_dict(), sorted(ddf.key.dropna().unique().compute().tolist()))
        other = dd.from_pandas(pd.DataFrame({"key": ["a", "b"], "name": ["first", "second"]}), npartitions=1)
        print(ddf.merge(other, on="key").sort_values("n").compute()[["n", "name"]].values.tolist()[:4])
        print(ddf.nlargest(3, "n").compute().n.tolist(), ddf.describe().compute().loc["mean", "n"])
        print(ddf.map_partitions(len).compute().tolist())
    """,
    "graph": """
        import dask
        from operator import add, mul

        dsk = {"a": 1, "b": 2, "c": (add, "a", "b"), "d": (sum, ["a", "b", "c"]), ("e", 0): (mul, "d", (add, "c", 10))}
        print(dask.get(dsk, ["c", ["d", ("e", 0)]]))
        try:
            dask.get({"x": (mul, "y", 2), "y": (mul, "x", 2)}, "x")
        except RuntimeError as error:
            print("Cycle detected" in str(error))
    """,
    "config": """
        import dask
        import dask.array as da
        from dask.utils import parse_bytes

        with dask.config.set({"array.chunk-size": "1MiB"}):
            print(da.ones((1000, 1000)).chunks)
        with dask.config.set(scheduler="sync"):
            print(da.arange(10, chunks=3).sum().compute())
        print(parse_bytes("10MB"), dask.config.get("no.such.setting", 5))
    """,
}


def output_of(command: list[str], program: str, **environment: str) -> str:
    result = subprocess.run(
        [sys.executable, *command], input=program, capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.replace("plait.array<", "dask.array<")


def dedented(program: str) -> str:
    import textwrap

    return textwrap.dedent(program)


@pytest.fixture(scope="module")
def printed_by_dask() -> dict[str, str]:
    return {}


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_prints_what_dask_prints(name, scheduler, printed_by_dask):
    program = dedented(PROGRAMS[name])
    if name not in printed_by_dask:
        printed_by_dask[name] = output_of(["-"], program)
    assert output_of(["-m", "plait", "run", "-"], program, PLAIT_SCHEDULER=scheduler) == printed_by_dask[name]
