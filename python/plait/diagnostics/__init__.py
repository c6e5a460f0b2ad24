"""What a program can see of its runs: a progress bar, and profiles of tasks, resources and memory.

Each is a context manager; ``register()`` and ``unregister()`` switch it on and off for the rest of the program.
"""

from ..callbacks import Callback
from .profile import CacheProfiler, Profiler, ResourceProfiler
from .profile_visualize import visualize
from .progress import ProgressBar

__all__ = ["CacheProfiler", "Callback", "Profiler", "ProgressBar", "ResourceProfiler", "visualize"]
