"""Pictures of task graphs: formats, directions, colors, and graphs that are too big to be drawn task by task."""

import re
import shutil
import subprocess
import sys
import warnings
from xml.etree import ElementTree

import dask
import dask.array
import pytest

import plait
import plait.array as da

HAS_DOT = shutil.which("dot") is not None
TOTAL = da.ones((4, 4), chunks=2).sum()
COLORS = ["order", "age", "freed", "memoryincreases", "memorydecreases", "memorypressure", "critical"]


def nodes_and_edges(path):
    text = path.read_text()
    return len(re.findall(r"^  [fv]\d+ \[", text, re.M)), len(re.findall(r"->", text))


@pytest.mark.parametrize(
    ("suffix", "magic"),
    [
        ("svg", rb"(<\?xml|<svg)"),
        ("dot", b"digraph"),
        pytest.param("png", b"\x89PNG", marks=pytest.mark.skipif(not HAS_DOT, reason="Graphviz is not installed")),
        pytest.param("pdf", b"%PDF", marks=pytest.mark.skipif(not HAS_DOT, reason="Graphviz is not installed")),
        pytest.param("jpg", b"\xff\xd8", marks=pytest.mark.skipif(not HAS_DOT, reason="Graphviz is not installed")),
    ],
)
@pytest.mark.parametrize("by_format", [False, True])
def test_every_format_is_written(tmp_path, suffix, magic, by_format):
    if by_format:
        TOTAL.visualize(tmp_path / "graph", format=suffix)
    else:
        plait.visualize(TOTAL, filename=str(tmp_path / f"graph.{suffix}"))
    assert re.match(magic, (tmp_path / f"graph.{suffix}").read_bytes())


def test_a_listing_of_the_tutorial_draws_fewer_tasks_than_it_wrote(tmp_path):
    x = da.random.random((1000, 1000), chunks=(100, 100))
    z = (x + x.T).mean(axis=0)
    z.visualize(tmp_path / "written.dot")
    z.visualize(tmp_path / "run.dot", optimize_graph=True)
    assert 0 < nodes_and_edges(tmp_path / "run.dot")[0] < nodes_and_edges(tmp_path / "written.dot")[0]


@pytest.mark.parametrize("rankdir", ["BT", "TB", "LR", "RL"])
def test_time_runs_where_it_is_told(tmp_path, rankdir):
    TOTAL.visualize(tmp_path / "graph.dot", rankdir=rankdir)
    assert f"rankdir={rankdir}" in (tmp_path / "graph.dot").read_text()
    TOTAL.visualize(tmp_path / "graph.svg", rankdir=rankdir, engine="plait")
    ElementTree.parse(tmp_path / "graph.svg")


@pytest.mark.parametrize("color", COLORS + ["order-age", "ages", "cpath"])
def test_colors_say_what_they_are_asked_for(tmp_path, color):
    TOTAL.visualize(tmp_path / "graph.dot", color=color)
    circles = re.findall(r"f\d+ \[color=\"(#[0-9a-f]{6})\" label=\"([\d-]+)\" shape=circle\]", (tmp_path / "graph.dot").read_text())
    assert len(circles) == len(TOTAL.__dask_graph__()) - 1  # its block is shown once more as the user's value
    assert len({shown for shown, _ in circles}) > (0 if color in ("memorydecreases", "critical", "cpath") else 1)


def measured_by_dask(graph, color):
    order = dask.order.order(graph)
    info, _ = dask.order.diagnostics(graph, order)
    changes = {key: each.num_data_when_released - each.num_data_when_run for key, each in info.items()}
    return {
        "order": order,
        "age": {key: each.age for key, each in info.items()},
        "freed": {key: each.num_dependencies_freed for key, each in info.items()},
        "memorypressure": {key: each.num_data_when_run for key, each in info.items()},
        "memoryincreases": {key: max(0, change) for key, change in changes.items()},
        "memorydecreases": {key: max(0, -change) for key, change in changes.items()},
    }[color]


@pytest.mark.parametrize("color", ["age", "freed", "memorypressure", "memoryincreases", "memorydecreases"])
@pytest.mark.parametrize("seed", range(10))
def test_measures_are_those_of_dask_in_the_same_order(color, seed):
    import random

    from plait._visualize import _measured

    draw = random.Random(seed)
    inputs = [sorted(draw.sample(range(task), min(task, draw.randrange(4)))) for task in range(30)]
    graph = {f"t{task}": (sum, [f"t{each}" for each in taken]) for task, taken in enumerate(inputs)}
    order = dask.order.order(graph)
    info, _ = dask.order.diagnostics(graph, order)
    assert len(info) == len(inputs)
    expected = measured_by_dask(graph, color)
    assert _measured(inputs, [order[f"t{task}"] for task in range(30)], color) == [expected[f"t{task}"] for task in range(30)]


def test_colormaps_of_matplotlib_are_taken_by_name():
    matplotlib = pytest.importorskip("matplotlib")
    from plait._visualize import _painter

    plasma = _painter(None)
    theirs = _painter("plasma")
    for value in (0.0, 0.3, 0.77, 1.0):
        near = zip(bytes.fromhex(plasma(value)[1:]), bytes.fromhex(theirs(value)[1:]), strict=True)
        assert all(abs(a - b) < 16 for a, b in near)
    assert _painter(matplotlib.colormaps["viridis"])(0.0) == "#440154"


def test_attributes_reach_the_picture(tmp_path):
    names = plait._plait.Picture.of_plan(TOTAL.__plait_exprs__(), False).keys()
    options = {"node_attr": {"penwidth": 7}, "edge_attr": {"color": "blue"}, "graph_attr": {"bgcolor": "pink"}, "size": "4"}
    TOTAL.visualize(tmp_path / "graph.dot", function_attributes={names[-1]: {"color": "red", "label": "mine"}}, **options)
    text = (tmp_path / "graph.dot").read_text()
    assert 'penwidth="7"' in text and 'edge [color="blue"]' in text and 'bgcolor="pink"' in text and 'size="4"' in text
    assert text.count('color="red" label="mine"') == 1


def test_boxes_show_whole_keys_or_none(tmp_path):
    TOTAL.visualize(tmp_path / "verbose.dot", verbose=True)
    assert re.search(r"label=\"\('?[\w-]+-[0-9a-f]{32}'?, 0, 0\)\"", (tmp_path / "verbose.dot").read_text())
    TOTAL.visualize(tmp_path / "graph.dot")
    TOTAL.visualize(tmp_path / "collapsed.dot", collapse_outputs=True)
    assert nodes_and_edges(tmp_path / "collapsed.dot")[0] * 2 == nodes_and_edges(tmp_path / "graph.dot")[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "docx"}, "format 'docx' is not one of png"),
        ({"rankdir": "UP"}, "rankdir 'UP' is not one of BT"),
        ({"color": "beige"}, "color 'beige' is not one of order"),
        ({"engine": "cytoscape"}, "no engine 'cytoscape'; expected 'graphviz', or 'plait'"),
    ],
)
def test_what_is_no_choice_is_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        TOTAL.visualize(tmp_path / "graph", **options)
    assert list(tmp_path.iterdir()) == []


def test_the_engine_may_be_a_setting(tmp_path):
    with plait.config.set({"visualization.engine": "plait"}):
        TOTAL.visualize(tmp_path / "graph.svg")
        with pytest.raises(OSError, match="'dot', which is not installed; install it .apt install graphviz"):
            TOTAL.visualize(tmp_path / "graph.png")
    assert (tmp_path / "graph.svg").read_text().startswith("<svg")


def test_without_graphviz_svg_is_drawn_and_png_says_what_to_install(tmp_path):
    program = """
import plait.array as da
x = da.ones((4, 4), chunks=2).sum()
x.visualize("g.svg")
try:
    x.visualize("g.png")
except OSError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, env={"PATH": "/nowhere", "PYTHONPATH": ":".join(sys.path)}
    )
    assert "install it (apt install graphviz" in run.stdout and "draw to an .svg path" in run.stdout, run.stderr
    assert (tmp_path / "g.svg").read_text().startswith("<svg")


def test_a_graph_too_big_to_draw_is_drawn_as_its_layers_and_says_so(tmp_path):
    big = (da.ones((30, 30), chunks=1) + 1).sum()
    with pytest.warns(UserWarning, match=r"tasks are too many to draw \(limit=100\); the picture shows their \d+ layers"):
        big.visualize(tmp_path / "graph.dot", limit=100, color="order")
    text = (tmp_path / "graph.dot").read_text()
    assert 'label="add x900"' in text
    assert nodes_and_edges(tmp_path / "graph.dot")[0] < 20


def test_ten_thousand_tasks_are_drawn_one_by_one(tmp_path):
    big = da.ones((100, 100), chunks=1) + 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        big.visualize(tmp_path / "graph.svg")
    assert (tmp_path / "graph.svg").read_text().count("<circle") >= 10_000


@pytest.mark.skipif(not HAS_DOT, reason="Graphviz is not installed")
def test_a_large_picture_is_laid_out_without_graphviz(tmp_path):
    (da.ones((30, 30), chunks=1) + 1).visualize(tmp_path / "graph.png")
    assert (tmp_path / "graph.png").read_bytes().startswith(b"\x89PNG")


def test_several_collections_share_one_picture(tmp_path):
    x = da.ones((4, 4), chunks=2)
    plait.visualize(x.sum(), [x.max()], filename=tmp_path / "both.dot")
    x.sum().visualize(tmp_path / "one.dot")
    assert nodes_and_edges(tmp_path / "both.dot")[0] < 2 * nodes_and_edges(tmp_path / "one.dot")[0]


def test_what_is_no_collection_is_refused(tmp_path):
    with pytest.raises(TypeError, match="no collection among the arguments"):
        plait.visualize(3, filename=tmp_path / "graph.svg")


def test_a_raw_graph_is_drawn_as_dasks_labels_say(tmp_path):
    graph = {"a-1": 1, ("b-2", 0): (abs, "a-1"), "c-3": (sum, ["a-1", ("b-2", 0), (max, "a-1", 2)]), "d": "c-3"}
    plait.dot.dot_graph(graph, tmp_path / "raw.dot", function_attributes={"c-3": {"color": "red"}})
    text = (tmp_path / "raw.dot").read_text()
    assert nodes_and_edges(tmp_path / "raw.dot") == (4 + 3, 3 + 1 + 2 + 1)
    assert re.search(r'f\d \[color="red" label="c" shape=circle\]', text)
    plait.dot.dot_graph(graph, tmp_path / "raw.svg", color="order")


def test_a_raw_graph_with_a_cycle_is_refused(tmp_path):
    with pytest.raises(RuntimeError, match="a cycle through"):
        plait.dot.dot_graph({"a": (abs, "b"), "b": (abs, "a")}, tmp_path / "raw.dot")


def test_a_long_chain_is_drawn(tmp_path):
    chain = {f"x{i + 1}": (abs, f"x{i}") for i in range(5000)} | {"x0": 1}
    plait.dot.dot_graph(chain, tmp_path / "raw.svg")
    assert (tmp_path / "raw.svg").read_text().count("<circle") == 5000


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        *[("box_label", key) for key in ((("x", 1, 2),), (("x", 12),), ("x",), ("x", True))],
        *[("task_label", (task,)) for task in ((abs, 1), (abs, (abs, 1)), (sum, [(abs, 1)]), (lambda x: x, 1))],
        *[("has_sub_tasks", (task,)) for task in ((abs, 1), 1, [1], [(abs, 1)], [[(abs, 1)]])],
        *[("label", (text,)) for text in ("x", ("x", 1), "x-81dc9bdb52d04dc20036dbd8313ed055-hello", "x-4c1a3d7e-0b45-11e6-8334-54ee75105593-y")],
        *[("name", (key,)) for key in ("x", ("x", 1), [1])],
    ],
)
def test_labels_are_those_of_dask(function, arguments):
    import dask.dot

    assert getattr(plait.dot, function)(*arguments) == getattr(dask.dot, function)(*arguments)
