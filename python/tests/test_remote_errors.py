"""Exceptions that cross processes keep their traceback and what they came from."""

import pickle
import traceback

import pytest

import plait
from plait._remote_errors import pack_exception, unpack_exception


def outer(x):
    return inner(x)


def inner(x):
    raise ValueError(f"bad {x}")


def from_another():
    try:
        inner("first")
    except ValueError as error:
        raise RuntimeError("second") from error


def while_handling():
    try:
        inner("first")
    except ValueError:
        raise KeyError("second")  # noqa: B904


def hiding():
    try:
        inner("first")
    except ValueError:
        raise KeyError("second") from None


def deep(n):
    return 1 / 0 if n == 0 else deep(n - 1)


def raised_by(function, *args):
    try:
        function(*args)
    except Exception as error:
        return error


def sent(error):
    return unpack_exception(pickle.loads(pickle.dumps(pack_exception(error))))


@pytest.mark.parametrize("call", [(outer, 3), (from_another,), (while_handling,), (hiding,), (deep, 5)])
def test_what_is_shown_of_an_exception_is_the_same_there(call):
    error = raised_by(*call)
    here = traceback.format_exception(error)
    assert traceback.format_exception(sent(error)) == here


def test_of_a_deep_recursion_the_first_and_the_last_frames_are_kept():
    frames = traceback.extract_tb(sent(raised_by(deep, 500)).__traceback__)
    assert len(frames) == 100 and frames[0].name == "raised_by" and frames[-1].name == "deep"


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_a_program_finds_the_functions_in_which_its_task_failed(scheduler):
    error = raised_by(lambda: plait.delayed(outer)(3).compute(scheduler=scheduler))
    assert [frame.name for frame in traceback.extract_tb(error.__traceback__)][-2:] == ["outer", "inner"]
    error = raised_by(lambda: plait.delayed(from_another)().compute(scheduler=scheduler))
    assert isinstance(error.__cause__, ValueError) and str(error.__cause__) == "bad first"
