"""Memory of a cluster over time."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from time import time
from typing import Any

from ..._lazy import pandas
from .._context import default_client
from .._scheduler import info_of


class MemorySampler:
    """Notes the memory of all workers together while a ``with`` block runs.

    Examples
    --------
    >>> sampler = MemorySampler()  # doctest: +SKIP
    >>> with sampler.sample("mean"):  # doctest: +SKIP
    ...     da.random.random((10000, 10000)).mean().compute()
    >>> sampler.to_pandas()  # doctest: +SKIP
    """

    def __init__(self) -> None:
        self.samples: dict[str, list[tuple[float, int]]] = {}

    @contextmanager
    def sample(self, label: str | None = None, *, client: Any = None, measure: str = "process", interval: float = 0.5) -> Iterator[None]:
        """Take samples inside the block.

        Parameters
        ----------
        label : str, optional
            What the samples are called; default is a name that no other has.
        client : Client, optional
            Whose cluster; default is the program's.
        measure : {"process", "managed", "spilled"}
            What is measured: all memory of the workers' processes, that of results, or what lies on disk.
        interval : float
            Seconds between two samples.
        """
        columns = {"process": "memory", "managed": "managed", "spilled": "spilled"}
        if measure not in columns:
            raise ValueError(f"MemorySampler: measure is {measure!r}, expected one of {', '.join(columns)}")
        native = default_client(client)._native
        samples = self.samples[label or f"sample-{uuid.uuid4().hex[:8]}"] = []
        is_over = threading.Event()

        def take() -> None:
            workers = info_of(native)["workers"].values()
            samples.append((time(), sum(each.get(columns[measure], 0) for each in workers)))

        def take_until_over() -> None:
            while not is_over.wait(interval):
                take()

        take()
        thread = threading.Thread(target=take_until_over, daemon=True, name="plait-memory-sampler")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            take()

    def to_pandas(self, *, align: bool = False) -> Any:
        """The samples as a frame: one column for each label, in bytes.

        Parameters
        ----------
        align : bool
            Whether times count from each first sample, so that runs can be compared.
        """
        columns = {}
        for label, samples in self.samples.items():
            times = pandas.to_datetime([when for when, _ in samples], unit="s")
            series = pandas.Series([num_bytes for _, num_bytes in samples], index=times)
            series = series[~series.index.duplicated()]
            if align:
                series.index -= series.index[0]
            columns[label] = series
        return pandas.DataFrame(columns).ffill()

    def plot(self, *, align: bool = False, **kwargs: Any) -> Any:
        """Plot the samples in GiB, with pandas' ``plot``, which takes the further arguments."""
        return (self.to_pandas(align=align) / 2**30).plot(xlabel="time", ylabel="Cluster memory (GiB)", **kwargs)
