"""A worker process: runs the tasks that its parent sends over a socket. Never imports the user's program."""

from __future__ import annotations

import os
import signal
import sys

from . import _code_samples, _plait, _worker_logs


def main() -> None:
    """Serve the parent on the socket whose number is in ``PLAIT_WORKER_FD``, until it closes."""
    # The parent answers Ctrl-C for its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker_logs.keep()
    _code_samples.begin()
    sys.exit(_plait.run_worker(int(os.environ["PLAIT_WORKER_FD"])))


if __name__ == "__main__":
    main()
