"""Settings, tokens, and what stands beside the collections."""

import pathlib
import subprocess
import sys

import pytest

import plait


def test_settings_are_set_for_a_block():
    assert plait.config.get("no.such", None) is None
    with plait.config.set({"array.chunk-size": "1 MiB", "nested": {"a": {"b": 3}}}, scheduler="sync"):
        assert plait.config.get("array.chunk_size") == "1 MiB"
        assert plait.config.get("nested.a.b") == 3
        assert plait.config.get("nested") == {"a": {"b": 3}}
        assert plait.config.get("scheduler") == "sync"
    assert plait.config.get("nested.a.b", None) is None
    with pytest.raises(KeyError):
        plait.config.get("nested.a.b")


def test_settings_come_from_files_and_the_environment(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("spill:\n  directory: /from/file\nlist: [1, 2]\nflag: yes\n")
    monkeypatch.setenv("PLAIT_CONFIG", str(tmp_path))
    program = (
        "import plait; print(plait.config.get('spill.directory'), plait.config.get('list'), plait.config.get('flag'))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "/from/file [1, 2] True\n"
    monkeypatch.setenv("PLAIT_SPILL__DIRECTORY", "/from/environment")
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "/from/environment [1, 2] True\n"


def module_level_function(x):
    return x


def test_equal_input_gives_an_equal_token():
    value = (1, 2.5, "a", b"b", None, True, [1, (2,)], {"x": {3, 1, 2}}, module_level_function)
    assert plait.tokenize(*value) == plait.tokenize(*value)
    assert plait.tokenize([1, 2]) != plait.tokenize((1, 2))
    assert plait.tokenize(1) != plait.tokenize(1.0)
    assert plait.tokenize({"a": 1, "b": 2}) == plait.tokenize({"b": 2, "a": 1})
    assert len(plait.tokenize(1)) == 32


def test_tokens_are_the_same_in_every_process():
    program = "import plait, numpy; print(plait.tokenize({'a', 'b', 'c'}, {'x': [1, 2]}, numpy.arange(5)))"
    outputs = {
        subprocess.check_output([sys.executable, "-c", program], text=True, env={**__import__("os").environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_import_loads_neither_numpy_nor_pandas():
    program = "import sys, plait, plait.array, plait.dataframe; print({'numpy', 'pandas', 'pyarrow'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "set()\n"


def test_a_frame_without_arrays_loads_no_arrays():
    program = (
        "import sys, plait.dataframe as dd; "
        "f = dd.from_dict({'x': [1, 2, 3]}, npartitions=2); print((f.x + f.x).sum().compute(), 'plait.array' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "12 False\n"


def test_what_is_not_there_fails_with_its_name():
    with pytest.raises(AttributeError, match="plait.array.from_tiledb is not there yet"):
        plait.array.from_tiledb  # noqa: B018


def test_parse_bytes():
    assert plait.utils.parse_bytes("10MB") == 10**7
    with pytest.raises(ValueError, match="'5 apples' is not a size"):
        plait.utils.parse_bytes("5 apples")


def test_an_unknown_scheduler_is_refused():
    with pytest.raises(ValueError, match="no scheduler 'thread'"):
        plait.get({"x": 1}, "x", scheduler="thread")


def test_compat_resolves_dask(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import dask, dask.array as da, dask.config\n"
        "from dask.diagnostics import ProgressBar\n"
        "print(dask.__name__, da.__name__, dask.config.get('scheduler', 'threads'), __name__)\n"
        "try:\n"
        "    import dask.blag\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n"
    )
    output = subprocess.check_output([sys.executable, "-m", "plait", "run", str(program)], text=True)
    assert output == "plait plait.array threads __main__\nPlait has no 'dask.blag' yet; did you mean 'dask.bag'?\n"


def test_compat_refuses_when_dask_is_there_already():
    pytest.importorskip("dask")
    program = "import dask\nimport plait.compat\nplait.compat.install()"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "call install() before the first import of dask" in result.stderr


def test_every_module_has_a_docstring():
    package = pathlib.Path(plait.__file__).parent
    for file in package.rglob("*.py"):
        assert file.read_text().startswith('"""'), file
