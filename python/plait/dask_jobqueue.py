"""What `import dask_jobqueue` finds: clusters on batch systems are made by other engines."""

from __future__ import annotations

from typing import Any

_ADVICE = (
    "Plait's own cluster is on one machine: plait.distributed.LocalCluster, which may be a batch job. Over several machines of a batch system the "
    "same programs run on a Ray cluster that its scripts start, or on an existing dask.distributed cluster"
)


class JobQueueCluster:
    """Says which engine to use instead.

    Raises
    ------
    NotImplementedError
        Always, when it is made.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        raise NotImplementedError(f"{type(self).__name__}: {_ADVICE}")


class HTCondorCluster(JobQueueCluster):
    """Says which engine to use instead."""


class LSFCluster(JobQueueCluster):
    """Says which engine to use instead."""


class MoabCluster(JobQueueCluster):
    """Says which engine to use instead."""


class OARCluster(JobQueueCluster):
    """Says which engine to use instead."""


class PBSCluster(JobQueueCluster):
    """Says which engine to use instead."""


class SGECluster(JobQueueCluster):
    """Says which engine to use instead."""


class SLURMCluster(JobQueueCluster):
    """Says which engine to use instead."""
