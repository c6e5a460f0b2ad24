"""Options of methods: one that a method takes has an effect, or it is refused by name.

What only says how the work is to be done (``split_every``, ``split_out``, ``shuffle_method``, ``broadcast``, ...) has no
effect on answers: the engine chooses by itself, see docs/differences.md.
"""

from __future__ import annotations

from typing import Any

# How Dask is to do the work.
HINTS = frozenset({"split_every", "split_out", "shuffle_method", "engine", "engine_kwargs"})


def refuse_unknown(method: str, given: dict, allowed: frozenset = frozenset()) -> None:
    """Raises TypeError for an option that a method does not have."""
    for name in given:
        if name not in allowed:
            raise TypeError(f"{method}() got an unexpected keyword argument {name!r}")


def refuse_given(method: str, given: dict, defaults: dict) -> None:
    """Raises NotImplementedError for an option that is there, but only with its default."""
    for name, value in given.items():
        default = defaults[name]
        if value is not default and value != default:
            raise NotImplementedError(f"{method}: {name}={value!r} is not there yet; expected {default!r}")


def check_choice(method: str, name: str, value: Any, choices: tuple) -> None:
    """Raises ValueError for a value that is none of several."""
    if value not in choices:
        raise ValueError(f"{method}: {name} must be one of {', '.join(map(repr, choices))}; found {value!r}")


# Dask's names of ways to take quantiles. Ours are exact, which serves those who want less, too.
QUANTILE_METHODS = ("default", "dask", "tdigest")
SHUFFLE_METHODS = (None, "disk", "tasks", "p2p")
