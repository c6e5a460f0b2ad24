"""What can be seen of a cluster: progress, the task stream, memory over time; and plugins, which hear of what happens."""

from .memory_sampler import MemorySampler
from .plugin import NannyPlugin, SchedulerPlugin, WorkerPlugin
from .progressbar import progress

__all__ = ["MemorySampler", "NannyPlugin", "SchedulerPlugin", "WorkerPlugin", "progress"]
