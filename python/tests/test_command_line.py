"""The command ``plait``, and what it lists: settings, their values and where those came from."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import plait

ROOT = Path(__file__).parents[2]


def run_plait(*arguments, text="", **environment):
    return subprocess.run([sys.executable, "-m", "plait", *arguments], input=text, capture_output=True, text=True, timeout=60, env={**os.environ, **environment})


def settings_of_docs():
    rows = [line.split("|")[1] for line in (ROOT / "docs" / "configuration.md").read_text().splitlines() if line.startswith("| `")]
    names = re.findall(r"`([a-z][a-z.-]+)`", " ".join(rows))
    passes = re.findall(r"`(\w+)`", next(line for line in (ROOT / "docs" / "configuration.md").read_text().splitlines() if "optimization.<pass>" in line))
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
        ("import distributed.clients", "Plait has no 'distributed.clients' yet; did you mean 'distributed.client'"),
        ("import dask.dataframes", "Plait has no 'dask.dataframes' yet; did you mean 'dask.dataframe', 'dask.dataframe.io' or 'dask.dataframe.core'?"),
        ("import dask.aray.core", "Plait has no 'dask.aray' yet; did you mean 'dask.array' or 'dask.bag'?"),
        ("from dask_ml.neural_network import MLP", "Plait has no 'dask_ml.neural_network' yet"),
    ],
)
def test_what_is_missing_is_named(line, missing):
    ran = run_plait("run", "-", text=line)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith(f"ModuleNotFoundError: {missing}")


def test_bash_completion_is_what_bash_reads(tmp_path):
    script = run_plait("completion", "bash").stdout
    asked = 'COMP_WORDS=(plait config ""); COMP_CWORD=2; _plait; echo "${COMPREPLY[@]}"'
    assert subprocess.check_output(["bash", "-c", script + "\n" + asked], text=True).split()[:4] == ["list", "get", "find", "set"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_complete_too(shell):
    assert "versions" in run_plait("completion", shell).stdout


def test_a_setting_is_written_found_and_read(tmp_path):
    where = {"PLAIT_CONFIG": str(tmp_path)}
    assert run_plait("config", "find", "array.chunk-size", **where).returncode == 1
    assert run_plait("config", "set", "array.chunk-size", "64 MiB", **where).returncode == 0
    assert run_plait("config", "set", "split-every", "8", **where).returncode == 0
    assert run_plait("config", "get", "array.chunk-size", **where).stdout == "64 MiB\n"
    assert run_plait("config", "find", "split_every", **where).stdout == f"{tmp_path}/plait.yaml: 8\n"
    assert json.loads(run_plait("config", "get", "split-every", "--json", **where).stdout) == 8


def test_an_unknown_setting_has_the_nearest_name():
    ran = run_plait("config", "get", "aray.chunk-size")
    assert (ran.returncode, ran.stderr) == (1, "plait: nothing sets 'aray.chunk-size'; did you mean 'array.chunk-size'?\n")


@pytest.mark.parametrize("command", [["config"], ["config", "set", "a", "1"], ["run", "-"]])
def test_a_file_that_is_not_yaml_is_named_with_line_and_column(tmp_path, command):
    (tmp_path / "bad.yaml").write_text("array:\n  chunk-size: [1, 2\nx: 3\n")
    ran = run_plait(*command, text="import dask.array as da; da.ones(3, chunks='auto').compute()", PLAIT_CONFIG=str(tmp_path))
    assert ran.returncode == 1
    assert re.search(rf"config: {tmp_path}/bad.yaml:\d+:\d+: this is not valid YAML: \w+", ran.stderr)


def test_versions_are_shown_as_a_table_and_as_json():
    assert re.search(r"\| plait +\| \d", run_plait("info", "versions").stdout)
    assert "numpy" in json.loads(run_plait("info", "versions", "--json").stdout)


def test_the_doctor_looks_at_everything_and_says_what_to_do():
    ran = run_plait("doctor", "--json")
    findings = {each["what"]: each for each in json.loads(ran.stdout)}
    assert {"plait", "numpy", "BLAS", "memory", "cores", "Graphviz", "worker processes", "spill directory", "settings"} <= set(findings)
    assert ran.returncode == 0 and findings["BLAS"]["state"] == "good"
    ran = run_plait("doctor", PLAIT_SPILL__DIRECTORY="/no/such/folder", PLAIT_NOTHING="1", PATH="/nowhere")
    assert ran.returncode == 1
    assert "[bad ] spill directory: /no/such/folder cannot be written to" in ran.stdout
    assert "[note] settings: nothing reads nothing" in ran.stdout
    assert "apt install graphviz" in ran.stdout


def test_docs_say_where_they_are():
    assert "https://" in run_plait("docs").stdout


@pytest.mark.parametrize("words", [["-c", "import dask, sys; print(dask.__name__, sys.argv[1:])", "a"], ["-m", "program", "a"]])
def test_programs_are_text_or_modules_too(tmp_path, monkeypatch, words):
    (tmp_path / "program.py").write_text("import dask, sys; print(dask.__name__, sys.argv[1:])\n")
    monkeypatch.chdir(tmp_path)
    assert run_plait("run", *words).stdout == "plait ['a']\n"


def test_run_without_a_program_says_what_it_takes():
    ran = run_plait("run")
    assert ran.returncode == 2 and "expected a program" in ran.stderr


@pytest.mark.parametrize("launch", ["file", "stdin", "-c"])
def test_functions_of_a_program_without_a_guard_go_to_worker_processes(tmp_path, launch):
    program = """
import dask.array as da
print("once")
def double(block):
    return block * 2
print(da.ones(4, chunks=2).map_blocks(double, dtype=float).sum().compute(scheduler="processes"))
"""
    (tmp_path / "program.py").write_text(program)
    words = {"file": [str(tmp_path / "program.py")], "stdin": ["-"], "-c": ["-c", program]}[launch]
    ran = run_plait("run", *words, text=program)
    assert (ran.stdout, ran.stderr) == ("once\n8.0\n", "")
