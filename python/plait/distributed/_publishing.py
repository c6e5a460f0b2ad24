"""Results that have a name under which every client of the cluster finds them."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

from .._pickle import dumps as _pickled
from .._pickle import loads as _unpickled
from ._connected import Connected
from ._context import answered, in_thread
from ._named import Reply
from .future import futures_of


# A name that is no text stands on the scheduler as its pickle, behind this.
_PICKLED = "\0pickled:"


def _text_of_name(name: Any) -> str:
    return name if isinstance(name, str) else _PICKLED + _pickled(name).hex()


def _name_of_text(text: str) -> Any:
    return _unpickled(bytes.fromhex(text.removeprefix(_PICKLED))) if text.startswith(_PICKLED) else text


class Publishing(Connected):
    """The part of `Client` that publishes results."""

    @property
    def datasets(self) -> Datasets:
        """The published results as a dict: setting publishes, ``del`` takes back."""
        return Datasets(self)

    def publish_dataset(self, *args: Any, name: Any = None, override: bool = False, **kwargs: Any) -> Any:
        """Give results a name under which all clients of the cluster find them; they are kept until that is taken back.

        Parameters
        ----------
        *args : object
            One object, with ``name=``.
        name : str, tuple, number or other value that can be pickled, optional
            Its name.
        override : bool
            Whether it may take the place of another.
        **kwargs : object
            Further ones by their names: futures, persisted collections, or containers of such.

        Raises
        ------
        KeyError
            If the name is taken.
        """
        if len(args) > 1:
            raise ValueError(f"publish_dataset: {len(args)} objects without a name; give them as name=object")
        if bool(args) != (name is not None):
            raise ValueError("publish_dataset: an object without a keyword needs name=, and name= an object")
        wanted = {**kwargs, **({name: args[0]} if args else {})}

        def publish() -> None:
            for each, data in wanted.items():
                keys = [future.key for future in futures_of(data)]
                if not override and each in self._dataset_names():
                    raise KeyError(f"a dataset {each!r} is published already; take it back with unpublish_dataset, or give override=True")
                self._dataset("put", _text_of_name(each), data=_pickled(data), keys=keys)

        self._check_open()
        return answered(self.asynchronous, publish)

    def _dataset(self, action: str, *names: str, **arguments: Any) -> Reply:
        return Reply(*self._native.share("dataset", action, list(names), timeout=0, **arguments))

    def _dataset_names(self) -> tuple[Any, ...]:
        return tuple(_name_of_text(each) for each in self._dataset("info").names)

    def unpublish_dataset(self, name: Any, **kwargs: Any) -> Any:
        """Take a name back.

        Raises
        ------
        KeyError
            If nothing is published under it.
        """

        def take_back() -> None:
            if not self._dataset("remove", _text_of_name(name)).ok:
                raise KeyError(f"no dataset {name!r} is published")

        self._check_open()
        return answered(self.asynchronous, take_back)

    def list_datasets(self, **kwargs: Any) -> Any:
        """The names under which something is published."""
        self._check_open()
        return answered(self.asynchronous, self._dataset_names)

    def get_dataset(self, name: Any, default: Any = inspect.Parameter.empty, **kwargs: Any) -> Any:
        """What is published under a name.

        Raises
        ------
        KeyError
            If nothing is, and there is no default.
        """

        def get() -> Any:
            found = self._dataset("get", _text_of_name(name))
            if found.ok:
                return _unpickled(found.items[0][0])
            if default is inspect.Parameter.empty:
                raise KeyError(f"no dataset {name!r} is published; there are {', '.join(map(str, self._dataset_names())) or 'none'}")
            return default

        self._check_open()
        return answered(self.asynchronous, get)


class Datasets(MutableMapping):
    """What `Client.datasets` is: the published results of the cluster by their names."""

    def __init__(self, client: Publishing):
        self._client = client

    def __getitem__(self, name: Any) -> Any:
        return self._client.get_dataset(name)

    def __setitem__(self, name: Any, data: Any) -> None:
        if self._client.asynchronous:
            raise TypeError("datasets: a program that awaits publishes with 'await client.publish_dataset(data, name=...)'")
        self._client.publish_dataset(data, name=name)

    def __delitem__(self, name: Any) -> None:
        if self._client.asynchronous:
            raise TypeError("datasets: a program that awaits takes back with 'await client.unpublish_dataset(name)'")
        self._client.unpublish_dataset(name)

    def _names(self) -> tuple[Any, ...]:
        if self._client.asynchronous:
            raise TypeError("datasets: a program that awaits asks 'await client.list_datasets()', or iterates with 'async for'")
        return self._client._dataset_names()

    def __contains__(self, name: Any) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    async def __aiter__(self) -> AsyncIterator[Any]:
        for name in await in_thread(self._client._dataset_names):
            yield name
