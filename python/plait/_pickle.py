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

# Memory of this size and more, such as that of an array, is not copied into the pickle.
_MIN_BUFFER_BYTES = 16 << 10


def dumps_in_parts(obj: object) -> tuple[bytes, list[memoryview]]:
    """Pickle ``obj`` as :func:`dumps` does, with the large pieces of memory that it holds beside the pickle, where they lie."""
    buffers: list[memoryview] = []

    def stays_inside(buffer: pickle.PickleBuffer) -> bool:
        memory = buffer.raw()
        if memory.nbytes < _MIN_BUFFER_BYTES:
            return True
        buffers.append(memory)
        return False

    try:
        data = pickle.dumps(obj, protocol=5, buffer_callback=stays_inside)
        if b"__main__" not in data:
            return data, buffers
    except Exception:
        pass  # cloudpickle takes more, and its error tells more
    import cloudpickle

    buffers.clear()
    return cloudpickle.dumps(obj, protocol=5, buffer_callback=stays_inside), buffers
