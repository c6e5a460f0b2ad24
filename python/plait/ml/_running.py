"""Runs of the engine on behalf of an estimator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._schedulers import resolved
from ..callbacks import told
from ..errors import shorten_traceback


def run(fit: Callable, *args: Any, **kwargs: Any) -> Any:
    """What a function of the engine gives that runs plans: it takes ``scheduler``, which is the setting's."""
    with shorten_traceback(), told():
        return fit(*args, scheduler=resolved(), **kwargs)
