"""Names for content: equal in every process, different for different content, open to everybody's types."""

import collections
import dataclasses
import datetime
import decimal
import enum
import functools
import pathlib
import subprocess
import sys
import types
from operator import add

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import plait
import plait.array as da
import plait.base
import plait.dataframe as dd
import plait.tokenize
from plait.tokenize import TokenizationError, normalize_token, tokenize


class Plain:
    def __init__(self, value):
        self.value = value


class Named:
    def __init__(self, value):
        self.value = value
        self.noise = object()

    def __dask_tokenize__(self):
        return normalize_token((Named, self.value))


class Registered(Plain):
    pass


class Child(Registered):
    pass


@normalize_token.register(Registered)
def normalize_registered(x):
    return x.value % 10


@dataclasses.dataclass
class Record:
    x: object
    y: object = 1


Pair = collections.namedtuple("Pair", "a b")


class Color(enum.Enum):
    red = 1
    blue = 2


class Words(list):
    pass


def function(x):
    return x


def values():
    """Pairs of functions that make equal content anew, and content that differs from all others."""
    text = "".join(["te", "xt"])  # not the one that other values hold
    return {
        "none": None,
        "true": True,
        "one": 1,
        "float": 1.0,
        "complex": 1 + 2j,
        "big": 10**40,
        "negative": -1,
        "text": text,
        "bytes": b"text",
        "empty": "",
        "bytearray": bytearray(b"text"),
        "ellipsis": ...,
        "slice": slice(1, None, 2),
        "range": range(3),
        "list": [1, [text]],
        "tuple": (1, [text]),
        "set": {1, 2},
        "frozen": frozenset({3, 4}),
        "dict": {"a": 1, 2: [text]},
        "ordered": collections.OrderedDict(a=1, b=2),
        "ordered otherwise": collections.OrderedDict(b=2, a=1),
        "proxy": types.MappingProxyType({"p": 1}),
        "pair": Pair(1, text),
        "record": Record(text),
        "record 2": Record(text, 2),
        "words": Words(["w"]),
        "color": Color.red,
        "blue": Color.blue,
        "date": datetime.date(2020, 1, 1),
        "time": datetime.datetime(2020, 1, 1),
        "delta": datetime.timedelta(1),
        "decimal": decimal.Decimal("1.5"),
        "path": pathlib.PurePosixPath("/a"),
        "function": function,
        "builtin": len,
        "operator": add,
        "partial": functools.partial(function, 1),
        "partial 2": functools.partial(function, x=1),
        "method": text.upper,
        "bound": Plain(3).__init__,
        "class": Plain,
        "type": int,
        "plain": Plain(text),
        "plain 2": Plain(2),
        "named": Named(1),
        "registered": Registered(7),
        "array": np.arange(6),
        "array of another shape": np.arange(6).reshape(2, 3),
        "floats": np.arange(6.0),
        "strided": np.arange(12)[::2],
        "scalar": np.int64(3),
        "float32": np.float32(3),
        "dtype": np.dtype("i4"),
        "objects": np.array([text, None, 1], dtype=object),
        "texts": np.array(["a", text]),
        "structured": np.zeros(2, dtype=[("a", int)]),
        "dates": np.array(["2020-01-01"], dtype="M8[D]"),
        "ufunc": np.sin,
        "frame": pd.DataFrame({"a": [1, 2], "b": [text, "y"]}),
        "frame of another index": pd.DataFrame({"a": [1, 2], "b": [text, "y"]}, index=[5, 6]),
        "series": pd.Series([1.5, None], name="s"),
        "unnamed": pd.Series([1.5, None]),
        "index": pd.Index([1, 2], name="i"),
        "range index": pd.RangeIndex(3),
        "multi": pd.MultiIndex.from_product([[1, 2], ["a"]]),
        "categories": pd.Categorical(["a", "b"]),
        "ordered categories": pd.Categorical(["a", "b"], ordered=True),
        "zoned": pd.date_range("2020", periods=2, tz="UTC"),
        "nullable": pd.array([1, None], dtype="Int64"),
        "strings": pd.array(["a", None], dtype="string"),
        "period": pd.period_range("2020", periods=2, freq="D"),
        "interval": pd.interval_range(0, 2),
        "offset": pd.offsets.Day(2),
        "timestamp": pd.Timestamp("2020"),
        "na": pd.NA,
        "category dtype": pd.CategoricalDtype(["a"]),
        "table": pa.table({"a": [1, 2]}),
        "arrow": pa.array([1, None, 3]),
        "arrow slice": pa.array([0, 7, None, 9])[1:],
        "chunked": pa.chunked_array([[4], [5, 6]]),
        "arrow type": pa.int32(),
        "lazy array": da.ones(3),
        "lazy frame": dd.from_pandas(pd.DataFrame({"q": [1]}), npartitions=1),
    }


def test_equal_content_has_equal_tokens_and_other_content_has_others():
    first, second = values(), values()
    tokens = {name: tokenize(value, ensure_deterministic=True) for name, value in first.items()}
    assert {name: tokenize(value) for name, value in second.items()} == tokens
    same = collections.defaultdict(list)
    for name, token in tokens.items():
        same[token].append(name)
    assert [names for names in same.values() if len(names) > 1] == []
    assert all(len(token) == 32 and set(token) <= set("0123456789abcdef") for token in tokens.values())


PROGRAM = "import sys; sys.path.insert(0, {!r}); import test_tokenize as t; print({{k: t.tokenize(v) for k, v in t.values().items()}})"


def test_masked_arrays_differ_by_their_masks_and_what_fills_them():
    array = np.ma.masked_array([1, 2, 3], mask=[True, True, False], fill_value=10)
    others = [np.ma.masked_array(array, fill_value=0), np.ma.masked_array([1, 2, 3], fill_value=10), np.array([1, 2, 3])]
    assert tokenize(array) == tokenize(array.copy())
    assert len({tokenize(one) for one in (array, *others)}) == 4
    total = plait.delayed(np.ma.sum, pure=True)
    assert plait.compute(total(array), total(others[1])) == (3, 6)


def test_tokens_are_those_of_other_processes():
    program = PROGRAM.format(str(pathlib.Path(__file__).parent))
    texts = set()
    for seed in ("1", "2"):
        texts.add(
            subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**__import__("os").environ, "PYTHONHASHSEED": seed}).stdout
        )
    (text,) = texts
    assert eval(text) == {name: tokenize(value) for name, value in values().items()}


def test_equal_texts_that_are_other_objects_do_not_matter():
    one, two = "".join(["a", "b"]), "".join(["a", "b"])
    assert one is not two
    for wrap in (lambda a, b: np.array([a, b], dtype=object), lambda a, b: Record(a, b), lambda a, b: pd.Series([a, b]), lambda a, b: functools.partial(add, a, b)):
        assert tokenize(wrap(one, one)) == tokenize(wrap(one, two))


def test_the_place_of_arguments_matters():
    assert tokenize(1, 2) != tokenize(2, 1) != tokenize((2, 1))
    assert tokenize(a=1, b=2) == tokenize(b=2, a=1) != tokenize(a=2, b=1)


def test_everybody_may_say_what_their_objects_are():
    assert tokenize(Named(1)) == tokenize(Named(1)) != tokenize(Named(2))
    assert tokenize(Registered(7)) == tokenize(Registered(17)) != tokenize(Registered(8))
    assert tokenize(Child(7)) == tokenize(Child(17))
    assert tokenize([Named(1), {"k": Registered(3)}]) == tokenize([Named(1), {"k": Registered(13)}])
    assert tokenize(Named) == tokenize(Named) != tokenize(Plain)  # the class is not asked for its method
    assert plait.base.normalize_token is normalize_token and plait.tokenize.normalize_function(functools.partial(add, 1)) == (add, (1,), {})


def test_functions_for_types_may_be_registered_when_their_package_is_seen():
    asked = []

    @normalize_token.register_lazy("a_package_of_this_test")
    def register():
        asked.append(1)
        normalize_token.register(Lazy, lambda x: 5)

    class Lazy:
        __module__ = "a_package_of_this_test.part"

        def __init__(self):
            self.noise = object()

    assert tokenize(1) and not asked
    assert tokenize(Lazy()) == tokenize(Lazy()) and asked == [1]


def test_an_object_without_a_certain_token_gets_one_of_its_own_or_is_refused():
    import threading

    lock = threading.Lock()
    for value in (lock, [lock], {"k": Plain(lock)}, object()):
        assert len(tokenize(value)) == 32
        with pytest.raises(TokenizationError, match="no deterministic token"):
            tokenize(value, ensure_deterministic=True)
        with plait.config.set({"tokenize.ensure-deterministic": True}), pytest.raises(TokenizationError):
            tokenize(value)
        with plait.config.set({"tokenize.ensure-deterministic": True}):
            assert tokenize(value, ensure_deterministic=False)
    assert tokenize(lock) != tokenize(lock)
    same = object()
    assert tokenize(same) == tokenize(same)
    assert len({tokenize(object()) for _ in range(100)}) == 100
    assert tokenize("\ud83d") == tokenize("\ud83d") != tokenize("\ud83e")


def test_containers_that_hold_themselves_have_tokens():
    def loop(value):
        items = [value]
        items.append(items)
        return items

    assert tokenize(loop(1)) == tokenize(loop(1)) != tokenize(loop(2))
    table = {"a": 1}
    table["self"] = [table]
    assert len(tokenize(table)) == 32
    nested = 1
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(RecursionError):
        tokenize(nested)


def test_a_method_that_fails_raises_its_own_error():
    class Broken:
        def __dask_tokenize__(self):
            raise LookupError("no name")

    with pytest.raises(LookupError, match="no name"):
        tokenize([Broken()])


def test_the_module_can_be_called():
    assert plait.tokenize(1) == plait.tokenize.tokenize(1) == plait.base.tokenize(1)
