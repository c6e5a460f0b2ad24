"""Lines that the engine reads without Python give what json.loads and str.split give, odd ones, too."""

import collections
import json
import math

import hypothesis.strategies as st
import orjson
import pytest
from hypothesis import given, settings

import plait.bag as db

ODD = [
    '{"a": 1}', '{"a": -0.0}', '{"a": -0}', '{"a": 1.0}', '{"a": true}', '{"a": false}', '{"a": 0}', '{"a": null}', '{"a": "x"}', '{"a": ""}',
    '{"a": 123456789012345678901234567890}', '{"a": -9223372036854775808}', '{"a": -9223372036854775809}', '{"a": 18446744073709551615}',
    '{"a": 9223372036854775808}', '{"a": NaN}', '{"a": Infinity}', '{"a": -Infinity}', '{"a": 1e400}', '{"a": 1E5}', '{"a": 0.1}',
    '{"a": 2.2250738585072014e-308}', '{"a": 5e-324}', '{"a": 1.7976931348623157e308}', '{"a": 1, "a": 2}', '{"a": "x", "b": 2, "a": "y"}',
    '{"a": "\\u00e9\\n\\t\\"\\\\"}', '{"a": "\\ud83d\\ude00"}', '{"a": "\\ud800"}', '{"a": "\\udc00x"}', '{"a": "é😀"}', '{"\\u0061": 5}',
    '  {"a" : 7 }  ', '{"b": {"a": 1}, "a": 3}', '{"a": "\\u0000"}', '{"a": "NaN"}', '{"a": 100000000000000000000.5}',
]  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write(lines, name="lines.json", end="\n"):
        path = tmp_path / name
        path.write_bytes(end.join(lines).encode("utf-8", "surrogatepass"))
        return str(path)

    return write


def same(left, right):
    """Equal, and of the same types; NaN is itself."""
    if isinstance(left, list | tuple):
        return type(left) is type(right) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return type(right) is dict and list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float):
        return type(right) is float and (left == right and math.copysign(1, left) == math.copysign(1, right) or left != left and right != right)
    return type(left) is type(right) and left == right


def loaded(line):  # a function that the engine does not know
    return json.loads(line)


@pytest.mark.parametrize("blocksize", [None, 100, "1kB"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_odd_values_are_those_of_json(write, blocksize, end):
    path = write(ODD * 3, end=end)
    lines = db.read_text(path, blocksize=blocksize)
    values = lines.map(json.loads).pluck("a")
    assert "without Python" in values.explain()
    assert same(values.compute(scheduler="sync"), [json.loads(line)["a"] for line in ODD * 3])
    assert same(values.frequencies().compute(scheduler="sync"), lines.map(loaded).pluck("a").frequencies().compute(scheduler="sync"))


@pytest.mark.parametrize("blocksize", [None, 100, "1kB"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whole_objects_are_those_of_json(write, blocksize, end):
    lines = [*ODD, '[1, [2, {}], "x"]', "3", "null", '"text"', '{"b": {"b": [{"b": 1}]}, "a": 1, "b": 2}', "[" * 50 + "]" * 50]
    objects = db.read_text(write(lines, end=end), blocksize=blocksize).map(json.loads)
    assert "read_text, json without Python" in objects.map(str).explain()
    expected = [json.loads(line) for line in lines]
    found = objects.compute(scheduler="sync")
    assert same(found, expected)
    assert [list(each) for each in found if isinstance(each, dict)] == [list(each) for each in expected if isinstance(each, dict)]
    assert objects.map(repr).compute(scheduler="sync") == [repr(each) for each in expected]


@pytest.mark.parametrize("scheduler", ["sync", "threads", "processes"])
def test_every_scheduler_counts_the_same(write, scheduler):
    path = write(['{"a": "%d"}' % (i % 7) for i in range(1000)])
    counts = db.read_text(path, blocksize=2000).map(json.loads).pluck("a").frequencies()
    assert counts.compute(scheduler=scheduler) == [(str(i), 1000 // 7 + (i < 1000 % 7)) for i in range(7)]


def test_deep_documents_are_read_as_deep_as_python_goes(write):
    lines = ["[" * depth + "]" * depth for depth in (400, 600)]
    assert db.read_text(write(lines)).map(json.loads).compute(scheduler="sync") == [json.loads(line) for line in lines]
    with pytest.raises(RecursionError):
        db.read_text(write(["[" * 10**5 + "]" * 10**5])).map(json.loads).compute(scheduler="sync")


def test_orjson_is_known_too(write):
    lines = ['{"a": 1}', '{"a": 123456789012345678901234567890}', '{"a": "é"}']
    values = db.read_text(write(lines)).map(orjson.loads).pluck("a")
    assert "without Python" in values.explain()
    assert same(values.compute(scheduler="sync"), [orjson.loads(line)["a"] for line in lines])


def test_what_follows_goes_on_in_python(write):
    lines = db.read_text(write(['{"a": {"b": "x y"}}', '{"a": {"b": "z"}}'])).map(json.loads)
    words = lines.pluck("a").pluck("b").str.split().flatten()
    assert "read_text, json, pluck, pluck without Python; then split" in words.explain()
    assert words.compute(scheduler="sync") == ["x", "y", "z"]
    assert lines.filter(lambda x: x["a"]["b"] == "z").count().compute(scheduler="sync") == 1
    assert lines.pluck("a").compute(scheduler="sync") == [{"b": "x y"}, {"b": "z"}]
    assert lines.pluck("none", default=0).compute(scheduler="sync") == [0, 0]


def test_functions_of_ours_need_no_worker_processes(write):
    import os

    lines = db.read_text(write(['{"a": 1}'] * 3)).map(json.loads)
    assert lines.pluck("a").sum().compute() == 3
    assert lines.pluck("a").map(lambda _: os.getpid()).take(1) != (os.getpid(),)


@pytest.mark.parametrize("read", [json.loads, loaded])
def test_a_bad_line_is_named(write, read):
    path = write(['{"a": 1}'] * 99 + ['{"a": oops, "b": 3}'] + ['{"a": 1}'] * 9)
    for blocksize in (None, 50):
        with pytest.raises(json.JSONDecodeError) as caught:
            db.read_text(path, blocksize=blocksize).map(read).pluck("a").frequencies().compute(scheduler="sync")
        notes = "".join(caught.value.__notes__)
        assert read is loaded or f"line 100 of {path}" in notes and "oops" in notes
        with pytest.raises(json.JSONDecodeError) as caught:
            db.read_text(path, blocksize=blocksize).map(read).map(str).compute(scheduler="sync")
        notes = "".join(caught.value.__notes__)
        assert read is loaded or f"line 100 of {path}" in notes and "oops" in notes


@pytest.mark.parametrize("line, error", [('{"b": 1}', KeyError), ("[1]", TypeError), ("3", TypeError), ("", json.JSONDecodeError), ("\ufeff{}", json.JSONDecodeError)])
def test_lines_without_the_key(write, line, error):
    path = write(['{"a": 1}', line, '{"a": 2}'])
    with pytest.raises(error):
        db.read_text(path).map(json.loads).pluck("a").compute(scheduler="sync")


def test_values_that_cannot_be_counted(write):
    with pytest.raises(TypeError, match="unhashable"):
        db.read_text(write(['{"a": [1]}'])).map(json.loads).pluck("a").frequencies().compute(scheduler="sync")


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "x").write_bytes(b'{"a": "\xff"}\n')
    with pytest.raises(UnicodeDecodeError):
        db.read_text(str(tmp_path / "x")).map(json.loads).pluck("a").compute(scheduler="sync")
    with pytest.raises(FileNotFoundError):
        db.read_text(str(tmp_path / "y")).map(json.loads).pluck("a").compute(scheduler="sync")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)


@given(st.lists(st.fixed_dictionaries({"a": values}, optional={"b": values}), max_size=10), st.booleans(), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_random_lines(tmp_path_factory, records, ascii, blocksize):
    path = tmp_path_factory.getbasetemp() / "random.json"
    path.write_bytes("".join(json.dumps(record, ensure_ascii=ascii) + "\n" for record in records).encode("utf-8", "replace"))
    expected = [json.loads(line)["a"] for line in path.read_text("utf-8").split("\n")[:-1]]
    whole = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
    for size in (None, blocksize):
        objects = db.read_text(str(path), blocksize=size).map(json.loads)
        assert same(objects.pluck("a").compute(scheduler="sync"), expected)
        assert same(objects.filter(lambda _: True).compute(scheduler="sync"), whole)


@given(
    st.lists(st.text(st.sampled_from("ab\t \x0b\x0c\x1c\x1f\x85\xa0\u1680\u2000\u200a\u200b\u2028\u2029\u202f\u205f\u3000éü😀"), max_size=30), max_size=8),
    st.integers(1, 60),
)
@settings(max_examples=80, deadline=None)
def test_random_words(tmp_path_factory, lines, blocksize):
    path = tmp_path_factory.getbasetemp() / "words.txt"
    path.write_text("\n".join(lines), "utf-8")
    expected = list(collections.Counter(path.read_text("utf-8").split()).items())
    for size in (None, blocksize):
        bag = db.read_text(str(path), blocksize=size)
        counts = bag.str.split().flatten().frequencies()
        assert "without Python" in counts.explain()
        assert counts.compute(scheduler="sync") == expected
        assert bag.map(str.split).flatten().frequencies().compute(scheduler="sync") == expected


def test_words_of_bytes_that_are_no_text(tmp_path):
    (tmp_path / "x").write_bytes(b"a \xff\n")
    with pytest.raises(UnicodeDecodeError):
        db.read_text(str(tmp_path / "x")).str.split().flatten().frequencies().compute(scheduler="sync")
