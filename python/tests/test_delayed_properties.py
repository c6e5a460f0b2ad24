"""Random programs of delayed calls give what they give with Dask, under every scheduler."""

import operator
import random

import dask
import pytest

import plait
from plait.delayed import delayed
from unseen_seeds import run_unseen


def weigh(*args, **kwargs):
    """A number that depends on every value and its place."""
    return sum((i + 2) * _number(arg) for i, arg in enumerate(args)) + sum(len(name) * _number(value) for name, value in kwargs.items())


def _number(x):
    if isinstance(x, dict):
        return sum(_number(key) * 3 + _number(value) for key, value in x.items()) % 1009
    if isinstance(x, (list, tuple)):
        return sum((i + 1) * _number(item) for i, item in enumerate(x)) % 1013
    if isinstance(x, set):
        return sum(map(_number, x)) % 1019
    if isinstance(x, slice):
        return _number([x.start, x.stop, x.step]) + 1
    return 0 if x is None else int(x) % 1021


def split(x):
    return x, x // 2, -x


def fail(x):
    raise ArithmeticError(f"refuses {x}")


OPERATORS = [operator.add, operator.sub, operator.mul, operator.and_, operator.or_, operator.xor]


class Program:
    """Statements that are written with one library at a time; equal seeds make equal ones."""

    def __init__(self, library, seed, may_fail):
        self.delayed = library
        self.random = random.Random(seed)
        self.may_fail = may_fail
        self.values = [library(3), library(weigh)(1)]

    def run(self, length):
        steps = [self.call, self.call, self.pure_call, self.operator, self.split, self.method]
        for _ in range(length):
            self.random.choice(steps)()
        picked = self.random.sample(self.values, min(4, len(self.values)))
        return [*picked, [self.values[-1], {"last": self.values[-1]}]]

    def argument(self, depth=0):
        kinds = ["value"] * 4 + ["number"] * 2 + (["list", "tuple", "dict", "set", "slice"] if depth < 2 else [])
        kind = self.random.choice(kinds)
        if kind == "value":
            return self.random.choice(self.values)
        if kind == "number":
            return self.random.randrange(50)
        items = [self.argument(depth + 1) for _ in range(self.random.randrange(4))]
        if kind == "dict":
            return {i * 7: item for i, item in enumerate(items)}
        if kind == "set":
            return {self.random.randrange(50), self.random.choice(self.values)}
        if kind == "slice":
            return slice(self.random.choice(self.values), self.random.randrange(9))
        return items if kind == "list" else tuple(items)

    def call(self):
        args = [self.argument() for _ in range(self.random.randrange(4))]
        kwargs = {name: self.argument() for name in ("first", "second") if self.random.random() < 0.3}
        failing = self.may_fail and self.random.random() < 0.1
        self.values.append(self.delayed(fail)(self.random.choice(self.values)) if failing else self.delayed(weigh)(*args, **kwargs))

    def pure_call(self):
        number = self.random.randrange(3)
        self.values.append(self.delayed(weigh, pure=True)(number, [number]))

    def operator(self):
        left, right = self.random.choice(self.values), self.argument(depth=2)
        if self.random.random() < 0.5:
            left, right = right, left
        made = self.random.choice(OPERATORS)(left, right)
        self.values.append(made if not isinstance(made, int) else self.delayed(made))

    def split(self):
        self.values.extend(self.delayed(split, nout=3)(self.random.choice(self.values)))

    def method(self):
        self.values.append(self.random.choice(self.values).bit_length())


def outcome(compute, values, **options):
    try:
        return compute(*values, **options)
    except Exception as error:
        return type(error).__name__


def check(seed, scheduler, length=25):
    may_fail = seed % 3 == 0
    expected = outcome(dask.compute, Program(dask.delayed, seed, may_fail).run(length), scheduler="sync")
    values = Program(delayed, seed, may_fail).run(length)
    assert outcome(plait.compute, values, scheduler=scheduler, num_workers=2) == expected


@pytest.mark.parametrize("scheduler", ["sync", "threads"])
def test_random_programs_give_what_dask_gives(scheduler):
    run_unseen(lambda seed: check(seed, scheduler), 25)


def test_random_programs_give_the_same_in_processes():
    run_unseen(lambda seed: check(seed, "processes", length=12), 4)


def test_random_programs_give_the_same_after_pickling():
    import pickle

    def run(seed):
        values = Program(delayed, seed, may_fail=False).run(15)
        assert plait.compute(*pickle.loads(pickle.dumps(values))) == plait.compute(*values)

    run_unseen(run, 10)
