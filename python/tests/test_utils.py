"""plait.utils: every function of dask.utils is there and answers as it does; errors are of the same type."""

import datetime
import functools
import inspect
import io
import operator
import os
import pickle
import random
import threading
import types
import warnings

import dask.utils
import numpy as np
import pandas as pd
import pytest

import plait
import plait.utils

# What dask.utils defines, without what it imports.
PUBLIC = sorted(
    name
    for name, value in vars(dask.utils).items()
    if not name.startswith("_") and getattr(value, "__module__", None) == "dask.utils" and not isinstance(value, types.ModuleType)
)
TYPING_ONLY = {"F", "K", "V", "T"}


def answer(module, name, arguments, keywords):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = getattr(module, name)(*arguments, **keywords)
            return list(result) if inspect.isgenerator(result) else result
        except Exception as error:
            return type(error)


def two(x, y):
    return x


def one(x, y=2, *, z=3):
    return x


class Thing:
    def __init__(self, a):
        self.a = a


class Pair(Thing):
    def __init__(self, a, b):
        self.b = b


CALLS = [
    *[("parse_bytes", s) for s in ("100", "100 MB", "100M", "5kB", "5.4 kB", "1kiB", "1Mi", "1e6", "1e6 kB", "MB", 123, 5.5, "5 foos", "", "12x3", "-5 kB", "k")],
    *[("format_bytes", n) for n in (0, 1, 921, 922, 1234, 12345678, 1234567890, 1234567890000, 1234567890000000, 10**20, 3.5)],
    *[("memory_repr", n) for n in (0, 1023, 1024, 10**7, 10**12)],
    *[("format_time", n) for n in (0, 1e-7, 0.00012345, 0.001234, 0.99, 1, 123.456, 600, 601, 1234.567, 7201, 12345.67, 123456.78, 172801, 1234567.89)],
    *[("parse_timedelta", s) for s in ("3s", "3.5 seconds", "300ms", "2 minutes", "1h", "day", datetime.timedelta(seconds=3), 5, 2.5, None, "3 foos", "1W")],
    *[
        ("key_split", s)
        for s in (
            *("x", "x-1", "x-1-2-3", ("x-2", 1), "('x-2', 1)", "('x', 1)", "hello-world-1", b"hello-world-1", "ae05086432ca935f6eba409a8ecd4896"),
            *("<module.submodule.myclass object at 0xdaf372", None, "x-abcdefab", "_(x)", "", "-", "x-abcdefgh", "sum-aggregate-0b8a59461d81d6b7cfeb11861a2aac8a"),
            *(3, "123", "1x-y"),
        )
    ],
    *[("natural_sort_key", s) for s in ("f10", "", "10", "a1b22c")],
    *[("stringify", s) for s in (b"x", "x", 3, {("a", 0): ("a", 0)}, [1])],
    ("stringify", {("a", 0): ("a", 0), ("a", 1): ("a", 1)}, {"exclusive": {("a", 0)}}),
    ("stringify", [("a", 0), {"k": (("a", 0), 1)}, [2]], {"exclusive": {("a", 0)}}),
    *[("funcname", f) for f in (sum, two, lambda x: x, functools.partial(two, 1), np.sum, Thing, np.vectorize(two), operator.itemgetter(1), 3)],
    *[("typename", t) for t in (int, 3, np.ndarray, pd.DataFrame(), Thing, None)],
    ("typename", pd.DataFrame, {"short": True}),
    *[("takes_multiple_arguments", f) for f in (two, one, Thing, Pair, sum, map, len, lambda *args: 0, lambda **kw: 0, functools.partial(two, 1), print, 3)],
    ("takes_multiple_arguments", lambda *args: 0, {"varargs": False}),
    *[("get_named_args", f) for f in (two, one, lambda *args, k=1, **kw: 0)],
    *[("has_keyword", f, k) for f, k in ((one, "y"), (one, "q"), (3, "y"))],
    *[("is_integer", i) for i in (6, 42.0, 4.2, "abc", np.int8(3), None)],
    *[("ndimlist", s) for s in ([[1, 2], [3]], [], [[]], 3, ((1,),))],
    ("deepmap", operator.add, [[1, 2], [3]], [[10, 20], [30]]),
    ("deepmap", abs, -3),
    ("ndeepmap", 2, abs, [[-1], [-2, 3]]),
    ("ndeepmap", 1, abs, [-1]),
    ("ndeepmap", 0, abs, [-5]),
    ("ndeepmap", 0, abs, -5),
    ("homogeneous_deepmap", abs, [[-1], [2]]),
    ("homogeneous_deepmap", abs, []),
    ("concrete", iter([iter([1, 2]), (3,)])),
    *[("insert", ("a", "b", "c"), i, "x") for i in (0, 2, -1, 7)],
    *[("digit", 1234, k, 10) for k in range(5)],
    ("unzip", [(1, 2), (3, 4)], 2),
    ("unzip", [], 3),
    *[("iter_chunks", sizes, 5) for sizes in ([1, 2, 3, 4], [], [5, 5], [6])],
    *[("cached_cumsum", seq) for seq in ((1, 2, 3), [1, 2], ())],
    ("cached_cumsum", (1, 2, 3), {"initial_zero": True}),
    ("cached_max", (1, 5, 2)),
    ("cached_max", [1]),
    ("ensure_bytes", "123"),
    ("ensure_bytes", b"1"),
    ("ensure_bytes", bytearray(b"12")),
    ("ensure_bytes", object()),
    ("ensure_unicode", b"123"),
    ("ensure_unicode", "1"),
    ("ensure_unicode", memoryview(b"12")),
    ("ensure_unicode", 3),
    ("ensure_dict", {"a": 1}),
    ("ensure_dict", types.MappingProxyType({"a": 1})),
    ("ensure_set", frozenset({1})),
    ("asciitable", ["a", "long"], [(1, 2), ("wide cell", 3)]),
    ("maybe_pluralize", 1, "task"),
    ("maybe_pluralize", 2, "task"),
    ("maybe_pluralize", 2, "index", "indices"),
    ("apply", two, (1, 2)),
    ("apply", one, (1,), {"y": 3}),
    ("partial_by_order", 5, {"function": operator.add, "other": [(1, 10)]}),
    *[("is_arraylike", x) for x in (np.ones(5), np.ones(()), 5, "cat", [1], pd.Series([1]), np.float64(3))],
    *[(name, x) for name in ("is_dataframe_like", "is_series_like", "is_index_like") for x in (pd.DataFrame({"a": [1]}), pd.Series([1]), pd.Index([1]), 5, np.ones(3))],
    *[("is_empty", x) for x in ([], [1], np.ones(0), np.ones((2, 0)), np.float64(3), pd.DataFrame(), 3)],
    ("is_namedtuple_instance", inspect.Attribute("n", "k", None, None)),
    ("is_namedtuple_instance", (1,)),
    ("is_cupy_type", np.ones(3)),
    ("get_meta_library", pd.DataFrame()),
    ("getargspec", one),
    ("getargspec", functools.partial(two, 1)),
    ("skip_doctest", ">>> 1\n1\n>>> # no\n>>> 2  # doctest: +ELLIPSIS\n"),
    ("skip_doctest", None),
    ("extra_titles", "Notes\n-----\nx\n\nNotes\n-----\ny\n"),
]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_of_dask_utils_is_there(name):
    if name in TYPING_ONLY:
        pytest.skip("a type variable")
    assert hasattr(plait.utils, name)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_the_answer_is_dasks(call):
    name, *arguments = call
    keywords = arguments.pop() if arguments and isinstance(arguments[-1], dict) and len(arguments) > 1 and name != "apply" else {}
    # Each takes arguments of its own: an iterator is used up.
    copies = [arguments, arguments] if name != "concrete" else [[iter([iter([1, 2]), (3,)])] for _ in range(2)]
    assert answer(plait.utils, name, copies[0], keywords) == answer(dask.utils, name, copies[1], keywords)


def test_random_states_and_draws_are_dasks():
    for ours, theirs in zip(plait.utils.random_state_data(3, 42), dask.utils.random_state_data(3, 42), strict=True):
        assert np.array_equal(ours, theirs)
    p = [0.5, 0.2, 0.2, 0.1]
    assert np.array_equal(plait.utils.pseudorandom(1000, p, 5), dask.utils.pseudorandom(1000, p, 5))


@pytest.mark.parametrize("seed", range(20))
def test_sizes_that_are_written_are_read_back_as_dask_reads_them(seed):
    draw = random.Random(seed)
    for _ in range(50):
        text = f"{draw.choice(['', '1', '2.5', '1e3', '-4'])}{draw.choice(['', ' '])}{draw.choice(['', 'B', 'kB', 'KIB', 'Mi', 'gb', 'q', 'ms', 'e'])}"
        assert answer(plait.utils, "parse_bytes", (text,), {}) == answer(dask.utils, "parse_bytes", (text,), {}), text


def test_ago_is_said_as_dask_says_it():
    for seconds in (0, 59, 61, 3600, 86400, 700000, 5 * 10**6, 10**8):
        moment = datetime.datetime.now() - datetime.timedelta(seconds=seconds)
        assert plait.utils.format_time_ago(moment) == dask.utils.format_time_ago(moment)


def test_what_is_no_size_says_what_is_wrong():
    with pytest.raises(ValueError, match="'5 foos' is not a size: 'foos' is not a unit of bytes; expected one such as kB"):
        plait.utils.parse_bytes("5 foos")
    with pytest.raises(ValueError, match="'3' has no unit"):
        plait.utils.parse_timedelta("3", default=False)


def test_dispatch_finds_the_nearest_base_and_registers_lazily():
    size = plait.utils.Dispatch("size")
    size.register((list, tuple), len)
    calls = []

    @size.register_lazy("pandas")
    def register_pandas():
        calls.append("pandas")
        size.register(pd.DataFrame, lambda frame: "a frame")

    class Special(list):
        pass

    assert size(Special([1, 2])) == 2
    assert size(pd.DataFrame()) == size(pd.DataFrame()) == "a frame"
    assert calls == ["pandas"]
    with pytest.raises(TypeError, match="No dispatch for <class 'int'>"):
        size(3)


def test_callers_of_methods_are_one_for_each_name_and_travel():
    assert plait.utils.methodcaller("upper") is plait.utils.M.upper
    assert pickle.loads(pickle.dumps(plait.utils.M.upper)) is plait.utils.M.upper
    assert plait.utils.M.count([1, 1], 1) == 2
    assert "count" in dir(plait.utils.M)
    assert plait.utils.funcname(plait.utils.M.count) == "count"
    assert pickle.loads(pickle.dumps(plait.utils.itemgetter(1))) == plait.utils.itemgetter(1) != plait.utils.itemgetter(2)


def test_a_lock_is_the_same_one_after_its_travel():
    lock = plait.utils.SerializableLock("mine")
    other = pickle.loads(pickle.dumps(lock))
    assert other.lock is plait.utils.SerializableLock("mine").lock is lock.lock is not plait.utils.SerializableLock().lock
    with lock:
        assert other.locked() and not other.acquire(False)
    assert not other.locked()


def test_many_threads_make_one_lock():
    made = []
    threads = [threading.Thread(target=lambda: made.append(plait.utils.SerializableLock("shared"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(lock.lock) for lock in made}) == 1


def test_files_are_there_for_a_while():
    with plait.utils.tmpfile(".csv") as path:
        assert path.endswith(".csv") and not os.path.exists(path)
        open(path, "w").close()
    assert not os.path.exists(path)
    with plait.utils.filetexts({"a/b.txt": "text"}) as names:
        assert (names, open("a/b.txt").read()) == (["a/b.txt"], "text")
        folder = os.getcwd()
    assert not os.path.exists(folder) and os.getcwd() != folder
    with plait.utils.filetext(b"x", mode="wb") as path, plait.utils.tmp_cwd() as folder:
        assert open(path, "rb").read() == b"x" and os.path.samefile(folder, os.getcwd())


def test_a_cached_property_cannot_be_set():
    class Holder:
        @plait.utils.cached_property
        def value(self):
            return object()

    holder = Holder()
    assert holder.value is holder.value
    with pytest.raises(AttributeError, match="Can't set attribute"):
        holder.value = 3


def test_documents_come_from_the_other_class():
    class Frame:
        @plait.utils.derived_from(pd.DataFrame)
        def head(self):
            """Ours."""

        @plait.utils.derived_from(pd.DataFrame, version="9.9")
        def no_such_method(self):
            pass

    assert "Taken from pandas" in Frame.head.__doc__ and "n : int" in Frame.head.__doc__ and "Ours." in Frame.head.__doc__
    assert "(Not supported in Plait)" in Frame.head.__doc__
    with pytest.raises(NotImplementedError, match="Use pandas 9.9 or later"):
        Frame().no_such_method()


def test_frames_that_the_setting_names_are_left_out_of_tracebacks():
    def outer():
        return pd.DataFrame({"a": [1]}).apply(lambda column: 1 / 0)

    with plait.config.set({"admin.traceback.shorten": ["site-packages"]}), pytest.raises(ZeroDivisionError) as caught:
        with plait.utils.shorten_traceback():
            outer()
    files = [entry.path.name for entry in caught.traceback]
    assert set(files) == {"test_utils.py"}


def test_lines_are_put_into_a_file():
    out = io.StringIO()
    plait.utils.put_lines(out, ["a", 1])
    assert out.getvalue() == "a\n1"


def test_garbage_is_not_collected_for_a_while():
    import gc

    with plait.utils.disable_gc():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_versions_are_printed(capsys):
    plait.utils.show_versions()
    assert '"plait"' in capsys.readouterr().out


def test_operators_are_bound():
    class Number(plait.utils.OperatorMethodMixin):
        def __init__(self, value):
            self.value = value

        @classmethod
        def _get_unary_operator(cls, op):
            return lambda self: op(self.value)

        @classmethod
        def _get_binary_operator(cls, op, inv=False):
            return lambda self, other: op(other, self.value) if inv else op(self.value, other)

    for op in (operator.add, operator.sub, operator.and_, operator.inv, operator.eq):
        Number._bind_operator(op)
    assert (Number(3) + 1, 1 - Number(3), Number(3) & 1, ~Number(3), Number(3) == 3) == (4, -2, 1, -4, True)
