"""What the machine gives to this process."""

from __future__ import annotations

from . import _plait

__all__ = ["CPU_COUNT", "cpu_count"]


def cpu_count() -> int:
    """The cores that this process may use: fewer than the machine has, where affinity or the quota of a cgroup says so.

    Examples
    --------
    >>> plait.system.cpu_count() >= 1
    True
    """
    return _plait.usable_cores()


CPU_COUNT = cpu_count()
