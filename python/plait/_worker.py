"""A worker process: runs the tasks that its parent sends over a socket. Never imports the user's program."""

from __future__ import annotations

import sys

from . import _plait


def main() -> None:
    """Serve the parent on the socket whose number is the only argument, until it closes."""
    _plait.run_worker(int(sys.argv[1]))


if __name__ == "__main__":
    main()
