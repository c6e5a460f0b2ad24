"""The command ``plait``, and what it lists: settings, their values and where those came from."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import plait

ROOT = Path(__file__).parents[2]


def run_plait(*arguments, text="", **environment):
    return subprocess.run(
        [sys.executable, "-m", "plait", *arguments], input=text, capture_output=True, text=True, timeout=60, env={**os.environ, **environment}
    )


def settings_of_docs():
    rows = re.findall(r"^\| `([a-z.-]+|optimization\.<pass>)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.M)
    passes = re.findall(r"`(\w+)`", next(line for line in (ROOT / "docs" / "configuration.md").read_text().splitlines() if "optimization.<pass>" in line))
    names = [name for name in rows if "<" not in name]
    return {*names, *(f"optimization.{name}".replace("_", "-") for name in passes if name not in ("true", "false", "lower"))}


def test_the_documented_settings_are_those_that_are_listed():
    declared = {name for name, _, _, meaning in plait._plait.config_entries() if meaning}
    assert declared == settings_of_docs()


@pytest.mark.parametrize("name", sorted(settings_of_docs()))
def test_every_documented_setting_can_be_read(name):
    plait.config.get(name)


def test_config_says_where_each_value_came_from(tmp_path):
    (tmp_path / "mine.yaml").write_text("array:\n  chunk-size: 64 MiB\n")
    listed = run_plait("config", PLAIT_CONFIG=str(tmp_path), PLAIT_SCHEDULER="sync", PLAIT_NOTHING="1").stdout
    assert re.search(rf"^array.chunk-size +64 MiB +from {tmp_path}/mine.yaml ", listed, re.M)
    assert re.search(r"^scheduler +sync +from PLAIT_SCHEDULER ", listed, re.M)
    assert re.search(r"^split-every +4 +from default ", listed, re.M)
    assert re.search(r"^nothing +1 +from PLAIT_NOTHING +\(Plait reads no such setting\)", listed, re.M)
    assert "config " not in listed.replace("from", "")


def test_a_switch_of_the_optimizer_is_one_setting_however_it_is_written():
    with plait.config.set({"optimization.push_filters": False}):
        values = [value for name, value, _, _ in plait._plait.config_entries() if "push" in name and "filters" in name]
    assert values == ["false"]


def test_defaults_are_those_of_the_caller_only_where_plait_has_none():
    assert plait.config.get("split-every", 7) == 4
    assert plait.config.get("num-workers", 7) == 7
    assert plait.config.get("num_workers") is None
    assert plait.config.get("array")["rechunk"]["task-size"] == 0.25
    with pytest.raises(KeyError, match="no.such"):
        plait.config.get("no.such")


def test_a_program_that_is_not_there():
    ran = run_plait("run", "nope.py")
    assert (ran.returncode, ran.stderr) == (2, "plait run: there is no file 'nope.py'\n")


@pytest.mark.parametrize("from_stdin", [False, True])
def test_a_traceback_begins_in_the_users_program(tmp_path, from_stdin):
    program = "import dask.array as da\n\ndef halve(block):\n    return block.nonsense\n\nda.ones(3).map_blocks(halve, dtype=float).compute()\n"
    path = tmp_path / "program.py"
    path.write_text(program)
    ran = run_plait("run", "-" if from_stdin else str(path), text=program)
    frames = re.findall(r'File "([^"]+)", line (\d+), in (\S+)', ran.stderr)
    name = "<stdin>" if from_stdin else str(path)
    assert ran.returncode == 1
    assert frames[0] == (name, "6", "<module>") and frames[-1] == (name, "4", "halve")
    assert "has no attribute 'nonsense'" in ran.stderr


def test_a_program_gets_its_arguments_its_folder_and_its_exit_code(tmp_path):
    (tmp_path / "helper.py").write_text("value = 42\n")
    (tmp_path / "program.py").write_text("import sys, helper\nprint(sys.argv[1:], helper.value, __name__)\nsys.exit(3)\n")
    ran = run_plait("run", str(tmp_path / "program.py"), "--flag", "x")
    assert (ran.returncode, ran.stdout) == (3, "['--flag', 'x'] 42 __main__\n")


def test_a_program_that_does_not_parse(tmp_path):
    (tmp_path / "program.py").write_text("x = (\n")
    ran = run_plait("run", str(tmp_path / "program.py"))
    assert ran.returncode == 1
    assert "SyntaxError" in ran.stderr and "program.py" in ran.stderr


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("from distributed import Client", "Plait has no 'distributed' yet"),
        ("from dask.distributed import Client", "Plait has no 'dask.distributed' yet"),
        ("import dask.ml", "Plait has no 'dask.ml' yet"),
        ("from dask_ml.linear_model import LogisticRegression", "Plait has no 'dask_ml' yet"),
    ],
)
def test_what_is_missing_is_named(line, missing):
    ran = run_plait("run", "-", text=line)
    assert ran.returncode == 1
    assert ran.stderr.endswith(f"ModuleNotFoundError: {missing}\n")
