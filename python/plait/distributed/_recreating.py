"""Tasks of the cluster that run again in the program, where a debugger sees them."""

from __future__ import annotations

from typing import Any

from ..errors import shorten_traceback
from ._connected import Connected
from ._context import answered


class Recreating(Connected):
    """The part of `Client` that runs tasks here."""

    def recreate_error_locally(self, future: Any) -> Any:
        """Run the task here that has failed, with all that it needs, on this thread: the place for a debugger.

        Parameters
        ----------
        future : Future, collection or list of futures
            What has failed, or builds on what has. Of several the first that has failed is meant.

        Returns
        -------
        object
            What the task yields, if it does not fail this time.

        Raises
        ------
        Exception
            What the task raises.
        ValueError
            If none has failed.

        Examples
        --------
        >>> future = client.submit(int, "x")  # doctest: +SKIP
        >>> client.recreate_error_locally(future)  # doctest: +SKIP
        Traceback (most recent call last):
            ...
        ValueError: invalid literal for int() with base 10: 'x'
        """
        return answered(self.asynchronous, self._recreate_error, self.futures_of(future))

    def _recreate_error(self, futures: list) -> Any:
        self._check_open()
        keys = [each.key for each in futures]
        self._native.wait(keys, None, "ALL_COMPLETED")
        failed = [key for key, state in zip(keys, self._native.states(keys)) if state == "error"]
        if not failed:
            raise ValueError("recreate_error_locally: none of the futures has failed")
        with shorten_traceback():
            return self._native.run_here(failed[0])

    def recreate_task_locally(self, future: Any) -> Any:
        """Run a task here, whether it has failed or not; see `recreate_error_locally`.

        Parameters
        ----------
        future : Future
            Whose task.

        Returns
        -------
        object
            What it yields.
        """
        return answered(self.asynchronous, self._recreate, future.key)

    def _recreate(self, key: str) -> Any:
        self._check_open()
        self._native.wait([key], None, "ALL_COMPLETED")
        with shorten_traceback():
            return self._native.run_here(key)
