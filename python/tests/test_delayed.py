"""Delayed functions: what they give is compared with Dask's, and with what they promise."""

import collections
import copy
import dataclasses
import operator
import pickle
import threading

import dask
import numpy as np
import pytest

import plait
import plait.array as da
from plait.delayed import Delayed, DelayedAttr, DelayedLeaf, delayed


def inc(x, by=1):
    return x + by


def add(a, b):
    return a + b


def pair(x):
    return x, x + 1


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Box:
    content: object
    label: str = "box"


@dataclasses.dataclass
class Sealed:
    content: object
    number: int = dataclasses.field(default=1, init=False)


@dataclasses.dataclass
class Odd:
    content: object

    def __init__(self, other):
        self.content = other


class Counter:
    def __init__(self, start):
        self.start = start

    def more(self, by, times=1):
        return self.start + by * times


# What a program writes, with either library.
PROGRAMS = {
    "call": lambda delayed: delayed(inc)(1),
    "keywords": lambda delayed: delayed(inc)(1, by=delayed(inc)(5)),
    "only keywords": lambda delayed: delayed(inc)(x=delayed(3), by=2),
    "diamond": lambda delayed: (lambda x: delayed(add)(delayed(inc)(x), delayed(inc)(x)))(delayed(inc)(1)),
    "list": lambda delayed: delayed(sum)([delayed(inc)(i) for i in range(5)]),
    "nested": lambda delayed: delayed(repr)([1, (delayed(inc)(1), {"a": [delayed(inc)(2)]}), {3}]),
    "dict keys": lambda delayed: delayed(sorted)({delayed(inc)(1): 1, 5: delayed(inc)(2)}),
    "set": lambda delayed: delayed(sorted)({delayed(inc)(1, dask_key_name="a"), delayed(inc)(5, dask_key_name="b")}),
    "slice": lambda delayed: delayed(list(range(10)))[delayed(inc)(1) : delayed(inc)(6) : 2],
    "a slice as argument": lambda delayed: delayed(lambda s: list(range(10))[s])(slice(delayed(inc)(1), None)),
    "named tuple": lambda delayed: delayed(lambda p: (p.x, p.y, type(p).__name__))(Point(delayed(inc)(1), 3)),
    "dataclass": lambda delayed: delayed(lambda b: (b.content, b.label))(Box([delayed(inc)(1)])),
    "iterator": lambda delayed: delayed(sum)(iter([delayed(inc)(1), 2])),
    "list itself": lambda delayed: delayed([1, delayed(inc)(1)]),
    "tuple itself": lambda delayed: delayed((1, delayed(inc)(1))),
    "dict itself": lambda delayed: delayed({"a": delayed(inc)(1)}),
    "plain object": lambda delayed: delayed({"a": 1}),
    "number": lambda delayed: delayed(1),
    "arithmetic": lambda delayed: (delayed(7) + 3) * 2 - delayed(inc)(1) // 2 % 5,
    "reflected": lambda delayed: 10 - (2 ** delayed(3)) + (17 // delayed(4)) + (True & delayed(3)),
    "shifts": lambda delayed: (delayed(3) << 2 >> 1) | (1 ^ delayed(4)),
    "unary": lambda delayed: -abs(~delayed(3)) + +delayed(1),
    "comparison": lambda delayed: delayed(lambda *x: x)(delayed(1) == 1, delayed(1) != 1, delayed(1) < 2, delayed(1) >= 2, 3 > delayed(1)),
    "matmul": lambda delayed: delayed(np.arange(3)) @ delayed(np.arange(3)),
    "item": lambda delayed: delayed([1, 2, 3])[1] + delayed({"a": 5})["a"],
    "attribute": lambda delayed: delayed(Point(1, 2)).y,
    "method": lambda delayed: delayed(Counter(3)).more(2, times=delayed(inc)(1)),
    "method of an attribute": lambda delayed: delayed(Box("text")).content.upper().lower(),
    "call of a result": lambda delayed: delayed(lambda: inc)()(4, by=delayed(2)),
    "nout": lambda delayed: delayed(add)(*delayed(pair, nout=2)(3)),
    "nout 0": lambda delayed: delayed(lambda *x: x)(*delayed(tuple, nout=0)()),
    "pure": lambda delayed: delayed(add, pure=True)(delayed(inc, pure=True)(1), delayed(inc, pure=True)(1)),
    "not traversed": lambda delayed: delayed(len)(delayed([delayed(inc)(1), 2], traverse=False)),
    "named": lambda delayed: delayed(inc)(1, dask_key_name="mine") + delayed(3, name="three"),
    "partial": lambda delayed: delayed(operator.itemgetter(1))(pair(3)),
    "none": lambda delayed: delayed(lambda x: x)(None),
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("scheduler", ["sync", "threads"])
def test_gives_what_dask_gives(name, scheduler):
    expected = PROGRAMS[name](dask.delayed).compute(scheduler="sync")
    assert PROGRAMS[name](delayed).compute(scheduler=scheduler) == expected


def test_gives_the_same_in_processes():
    values = [make(delayed) for name, make in PROGRAMS.items() if name != "not traversed"]
    expected = plait.compute(*values, scheduler="sync")
    assert plait.compute(*values, scheduler="processes", num_workers=2) == expected


def test_collections_are_given_whole():
    x = da.arange(6, chunks=2)
    kind, total, mean = delayed(lambda a, inside: (type(a), a.sum(), inside["mean"]))(x, {"mean": x.mean()}).compute()
    assert kind is np.ndarray
    assert (total, mean) == (15, 2.5)
    assert delayed(x).sum().compute() == 15


def test_computes_beside_other_collections():
    x = da.arange(6, chunks=2)
    value, [total], same = plait.compute(delayed(inc)(1), [x.sum()], 7)
    assert (value, total, same) == (2, 15, 7)


def test_shared_calls_run_once():
    calls = []
    noted = delayed(lambda x: calls.append(x) or x)
    shared = noted(1)
    a = da.from_delayed(delayed(np.full)(3, shared), (3,), dtype=int)
    b = da.from_delayed(delayed(np.full)(2, shared), (2,), dtype=int)
    first, second, third = plait.compute(a, b, shared + 1)
    assert (first.sum(), second.sum(), third) == (3, 2, 2)
    assert calls == [1]


def test_impure_calls_differ_and_pure_ones_do_not():
    impure, pure = delayed(inc), delayed(inc, pure=True)
    assert impure(1).key != impure(1).key
    assert pure(1).key == pure(1).key == delayed(inc, pure=True)(1).key
    assert pure(1).key != pure(2).key
    assert pure(1).key != pure(1, by=2).key
    assert impure(1, pure=True).key == impure(1, pure=True).key
    assert pure(1, pure=False).key != pure(1, pure=False).key
    with plait.config.set(delayed_pure=True):
        assert impure(1).key == impure(1).key
        assert pure(1, pure=False).key != pure(1, pure=False).key


def test_operators_and_attributes_are_pure_and_methods_are_not():
    x = delayed(inc)(1)
    assert (x + 1).key == (x + 1).key
    assert (x + 1).key != (1 + x).key
    assert x.real.key == x.real.key
    assert x[0].key == x[0].key
    assert x.bit_length().key != x.bit_length().key
    assert x.bit_length(pure=True).key == x.bit_length(pure=True).key
    assert x.bit_length(dask_key_name="bits").key == "bits"


def test_keys_begin_with_the_name_of_the_function():
    assert delayed(inc)(1).key.startswith("inc-")
    assert delayed(lambda: 1)().key.startswith("lambda-")
    assert (delayed(1) + 1).key.startswith("add-")
    assert delayed(1).real.key.startswith("getattr-")
    assert delayed([delayed(1)]).key.startswith("list-")
    assert delayed(inc)(1, dask_key_name="given").key == "given"
    assert delayed([1], name="data").key == "data"
    assert repr(delayed(inc)(1, dask_key_name="given")) == "Delayed('given')"


def test_is_what_dask_says_it_is():
    wrapped = delayed(inc)
    assert isinstance(wrapped, DelayedLeaf)
    assert type(wrapped(1)) is Delayed
    assert isinstance(wrapped(1).real, DelayedAttr)
    assert delayed(wrapped) is wrapped
    assert wrapped.__name__ == "inc"
    assert wrapped.__wrapped__ is inc
    assert delayed(pair).__doc__ == pair.__doc__
    assert plait.is_plait_collection(wrapped(1))
    assert hash(wrapped(1, dask_key_name="k")) == hash(wrapped(2, dask_key_name="k"))


def test_wraps_methods_of_a_class():
    class Shop:
        price = 3

        @delayed
        def cost(self, count):
            return self.price * count

        @delayed(pure=True)
        def pure_cost(self, count):
            return self.price * count

    assert Shop().cost(2).compute() == 6
    assert Shop().pure_cost(delayed(inc)(1)).compute() == 6


def test_len_and_iteration_need_nout():
    both = delayed(pair, nout=2)(1)
    assert len(both) == 2
    first, second = both
    assert plait.compute(first, second) == (1, 2)
    for refused in (len, list, iter):
        with pytest.raises(TypeError, match="nout"):
            refused(delayed(pair)(1))


@pytest.mark.parametrize("nout", [-1, True, 1.5, "2"])
def test_nout_is_a_number_of_values(nout):
    with pytest.raises(ValueError, match="nout"):
        delayed(pair, nout=nout)


def test_fewer_values_than_nout_is_an_error_of_the_item():
    *_, third = delayed(pair, nout=3)(1)
    with pytest.raises(IndexError, match="pair returned 2 values, but nout=3"):
        third.compute()


@pytest.mark.parametrize(
    "misuse",
    [
        lambda x: bool(x),
        lambda x: 1 if x == 1 else 2,
        lambda x: setattr(x, "name", 1),
        lambda x: delattr(x, "name"),
        lambda x: operator.setitem(x, 0, 1),
        lambda x: operator.delitem(x, 0),
    ],
)
def test_what_cannot_be_delayed_is_refused_at_once(misuse):
    with pytest.raises(TypeError):
        misuse(delayed(inc)(1))


def test_underscore_attributes_are_refused_at_once():
    with pytest.raises(AttributeError, match="_hidden"):
        delayed(inc)(1)._hidden
    with pytest.warns(UserWarning, match="visualize"):
        delayed(inc)(1).visualise


def test_missing_attributes_fail_when_they_are_computed():
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        delayed(1).nothing_of_that_name.compute()


def test_dataclasses_that_cannot_be_made_again_are_refused_at_once():
    with pytest.raises(ValueError, match="init=False"):
        delayed(id)(Sealed(delayed(inc)(1)))
    with pytest.raises(TypeError, match="__init__"):
        delayed(id)(Odd(delayed(inc)(1)))
    assert delayed(lambda s: s.number)(Sealed(2)).compute() == 1


def test_an_argument_may_be_changed_after_the_call():
    items = [delayed(inc)(1)]
    total = delayed(sum)(items)
    items.append("no number")
    assert total.compute() == 2


def test_an_error_has_the_users_frames_and_the_place():
    def fail(x):
        raise ValueError(f"cannot take {x}")

    broken = delayed(fail)(delayed(inc)(1))
    with pytest.raises(ValueError, match="cannot take 2") as caught:
        broken.compute()
    assert "fail" in [entry.name for entry in caught.traceback]
    (note,) = caught.value.__notes__
    assert broken.key in note
    assert "test_delayed.py" in note


def test_the_same_error_from_another_process():
    with pytest.raises(ZeroDivisionError):
        delayed(operator.truediv)(delayed(1), 0).compute(scheduler="processes", num_workers=1)


def test_a_function_that_cannot_leave_its_process_says_so():
    lock = threading.Lock()
    with pytest.raises(TypeError, match="lock"):
        delayed(lambda: lock.locked())().compute(scheduler="processes", num_workers=1)


def test_persisted_values_are_kept():
    calls = []
    value = delayed(lambda: calls.append(1) or 5)()
    kept = value.persist()
    assert kept.key == value.key
    assert plait.compute(kept, kept + 1, delayed(inc)(kept)) == (5, 6, 6)
    assert calls == [1]
    several = plait.persist(value, [value + 1], delayed(pair, nout=2)(1))
    assert plait.compute(*several) == (5, [6], (1, 2))
    assert [part.compute() for part in several[2]] == [1, 2]


def test_pickling_keeps_the_key_and_what_is_shared():
    shared = delayed(inc)(1)
    value = delayed(add)(shared, [shared, 2][0])
    copied = pickle.loads(pickle.dumps(value))
    assert copied.key == value.key
    assert plait.compute(copied, value, copied + value) == (4, 4, 8)
    assert pickle.loads(pickle.dumps(delayed(inc)))(1).compute() == 2
    assert copy.copy(value).compute() == 4


def test_a_long_chain_can_be_computed_pickled_and_let_go_of():
    end = delayed(inc)(0)
    for _ in range(50_000):
        end = delayed(inc)(end)
    assert end.compute(scheduler="sync") == 50_001
    assert pickle.loads(pickle.dumps(end)).compute() == 50_001
    del end


def test_the_graph_can_be_run_by_dask():
    value = delayed(add)(delayed(inc)(1), [5][0])
    graph = value.__dask_graph__()
    assert value.__dask_keys__() == [value.key]
    assert dask.get(graph, value.key) == 7
    assert value.key in value.dask


def test_dask_takes_it_for_a_collection_of_its_own():
    value = delayed(add)(delayed(inc)(1), 5)
    assert dask.is_dask_collection(value)
    assert dask.compute(value, [value + 1], scheduler="sync") == (7, [8])
    (kept,) = dask.persist(value, scheduler="sync")
    assert isinstance(kept, Delayed)
    assert (kept.key, kept.compute()) == (value.key, 7)


def test_a_key_of_a_raw_graph_is_a_delayed_value():
    value = Delayed("z", {"x": 1, "z": (add, "x", 2)}, length=None)
    assert (value.key, value.compute()) == ("z", 3)
    assert (value + delayed(inc)(value)).compute() == 7
    first, second = Delayed(("p", 0), {("p", 0): (pair, 1)}, 2)
    assert (second - first).compute() == 1
    with pytest.raises(KeyError, match="'y' is not a key"):
        Delayed("y", {"x": 1})
    assert value.compute(scheduler="processes") == 3
    assert pickle.loads(pickle.dumps(value)).compute() == 3


def test_the_tasks_of_a_raw_graph_are_tasks_of_their_own():
    def slow(x):
        return x

    value = Delayed("sum", {"a": (slow, 1), "b": (slow, 2), "sum": (sum, ["a", "b"])})
    assert value.compute() == 3
    assert len(value.__dask_graph__()) >= 3


def test_a_rebuilt_value_has_a_new_key_and_its_tasks_run():
    value = delayed(inc)(1)
    rebuild, args = value.__dask_postpersist__()
    graph = {"new": (inc, 10)}
    again = rebuild(graph, *args, rename={value.key: "new"})
    assert (again.key, again.compute()) == ("new", 11)
    of_several = rebuild({"x": 5, "new": (inc, "x")}, *args, rename={value.key: "new"})
    assert of_several.compute() == 6
    assert rebuild({value.key: (1, 2)}, *args).compute() == (1, 2)


def test_any_scheduler_may_run_it():
    from concurrent.futures import ThreadPoolExecutor

    value = delayed(sum)([delayed(inc)(i) for i in range(4)])
    with ThreadPoolExecutor(2) as pool:
        assert value.compute(scheduler=pool) == 10
    assert value.compute(scheduler=dask.get) == 10


def test_calls_run_side_by_side():
    barrier = threading.Barrier(2, timeout=30)
    plait.compute(delayed(barrier.wait)(), delayed(barrier.wait)(), scheduler="threads", num_workers=2)


def test_runs_in_the_order_in_which_it_is_written():
    seen = []
    plait.compute(*[delayed(seen.append)(i) for i in range(5)], scheduler="sync")
    assert seen == list(range(5))


def test_explain_and_visualize_name_the_calls(tmp_path):
    value = delayed(add)(delayed(inc)(1), delayed(inc)(2))
    assert "inc 2 times" in value.explain()
    assert "add" in value.explain(analyze=True)
    value.visualize(str(tmp_path / "calls.svg"))
    assert "inc" in (tmp_path / "calls.svg").read_text()


def test_delayed_in_a_plan_that_is_saved(tmp_path):
    value = delayed(np.arange)(3)
    plait.save_plan(tmp_path / "plan", da.from_delayed(value, (3,), dtype=int) + 1, value[1], delayed(pair, nout=2)(5))
    array, one, both = plait.load_plan(tmp_path / "plan")
    assert array.compute().tolist() == [1, 2, 3]
    assert (one + 1).compute() == 2
    assert both.compute() == (5, 6)


def test_tokens_name_the_work():
    value = delayed(inc)(1)
    assert plait.tokenize(value) == plait.tokenize(value)
    assert plait.tokenize(value) != plait.tokenize(delayed(inc)(1))


def test_names_that_libraries_ask_for():
    pair = plait.delayed(divmod, nout=2)(7, 2)
    assert pair._key == pair.key and pair._length == 2 and plait.delayed(abs)(-1)._length is None
