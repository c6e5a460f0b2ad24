"""What `import dask_kubernetes` finds: clusters on Kubernetes are made by other engines."""

from __future__ import annotations

from typing import Any

_ADVICE = (
    "Plait's own cluster is on one machine: plait.distributed.LocalCluster. On Kubernetes the same programs run on a Ray cluster that KubeRay "
    "starts, or on an existing dask.distributed cluster"
)


class KubeCluster:
    """Says which engine to use instead.

    Raises
    ------
    NotImplementedError
        Always, when it is made.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        raise NotImplementedError(f"{type(self).__name__}: {_ADVICE}")


class HelmCluster(KubeCluster):
    """Says which engine to use instead."""
