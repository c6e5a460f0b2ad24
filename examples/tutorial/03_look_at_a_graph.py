"""What a computation is made of, before and after the optimizer has seen it."""

import plait.array as da

field = da.random.default_rng(3).random((400, 400), chunks=(100, 100))
symmetric = (field + field.T).mean(axis=0)

symmetric.visualize("as_written.svg", engine="plait")
symmetric.visualize("as_run.svg", engine="plait", optimize_graph=True, color="order")
print(f"{field.npartitions} blocks become {len(symmetric.__dask_graph__())} tasks as written; as_written.svg and as_run.svg show them")
print(symmetric.explain())
