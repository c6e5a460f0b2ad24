"""Clusters: how many workers, started and ended as work comes and goes."""

from .adaptive import Adaptive
from .cluster import Cluster
from .local import LocalCluster
from .spec import SpecCluster

__all__ = ["Adaptive", "Cluster", "LocalCluster", "SpecCluster"]
