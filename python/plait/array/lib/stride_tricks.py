"""What stands in ``numpy.lib.stride_tricks``."""

from ..overlap import sliding_window_view

__all__ = ["sliding_window_view"]
