"""Pickling for values and functions that leave the process."""

from __future__ import annotations

import pickle


def dumps(obj: object) -> bytes:
    """Pickle ``obj``; functions that no module names (lambdas, those of ``__main__``) go by value, with cloudpickle."""
    try:
        data = pickle.dumps(obj, protocol=5)
        if b"__main__" not in data:
            return data
    except Exception:
        pass  # cloudpickle takes more, and its error tells more
    import cloudpickle

    return cloudpickle.dumps(obj, protocol=5)


loads = pickle.loads
