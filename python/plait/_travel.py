"""Functions that cannot leave this process: over open files, locks, connections. They run on threads all the same."""

from __future__ import annotations

import os
from typing import Any

from . import _pickle


class HereOnly:
    """A call that works in this process, and says why it does not where it is sent to another."""

    def __init__(self, call: Any, why: str):
        self.call, self.why = call, why
        self.token = os.urandom(16).hex()  # no other call has the same name

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)

    def __reduce__(self):
        return (_Refusal, (self.why, self.token))


class _Refusal:
    """What arrives in place of the call."""

    def __init__(self, why: str, token: str):
        self.why, self.token = why, token

    def __call__(self, *args: Any) -> Any:
        raise TypeError(f"a function cannot be sent to another process: {self.why}; use scheduler='threads', or make in the function what it needs")


def able_to_travel(call: Any, *parts: Any) -> Any:
    """``call``, or a `HereOnly` where one of the ``parts`` that it is made of cannot be pickled."""
    try:
        _pickle.dumps(parts)
    except Exception as error:
        return HereOnly(call, str(error))
    return call
