"""Clusters: how many workers, started and ended as work comes and goes."""

from .adaptive import Adaptive
from .cluster import Cluster
from .local import LocalCluster
from .other_clusters import SSHCluster, SubprocessCluster
from .spec import SpecCluster

__all__ = ["Adaptive", "Cluster", "LocalCluster", "SSHCluster", "SpecCluster", "SubprocessCluster"]
