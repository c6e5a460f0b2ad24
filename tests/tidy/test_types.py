"""What users see of the package is typed: `mypy --strict` accepts a right program and refuses a wrong one."""

import importlib
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
CONFIGURATION = """
[mypy]
strict = true
mypy_path = {root}/python
cache_dir = {root}/.mypy_cache/strict

[mypy-plait.*]
follow_imports = silent
follow_imports_for_stubs = true

[mypy-pandas.*,pyarrow.*]
ignore_missing_imports = true
"""


@pytest.fixture
def strict(tmp_path):
    """What `mypy --strict` says of a program."""
    (tmp_path / "mypy.ini").write_text(CONFIGURATION.format(root=ROOT))

    def check(program: pathlib.Path) -> str:
        command = [sys.executable, "-m", "mypy", "--config-file", tmp_path / "mypy.ini", program]
        return subprocess.run(command, text=True, capture_output=True).stdout

    return check


@pytest.mark.slow
def test_a_typed_program_passes(strict):
    assert strict(ROOT / "tests" / "typed" / "program.py").startswith("Success")


@pytest.mark.slow
def test_the_program_of_the_readme_passes(strict, tmp_path):
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "readme.py").write_text(program)
    assert strict(tmp_path / "readme.py").startswith("Success")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plait.array.Array", "plait.dataframe.Series", "plait.dataframe.DataFrame"])
def test_the_checker_knows_every_attribute(strict, tmp_path, name):
    """Also those that are installed when the package is imported."""
    module, _, cls = name.rpartition(".")
    names = sorted(name for name in dir(getattr(importlib.import_module(module), cls)) if not name.startswith("_"))
    assert len(names) > 50
    uses = "".join(f"    x.{name}\n" for name in names)
    (tmp_path / "all.py").write_text(f"from {module} import {cls}\n\n\ndef use(x: {cls}) -> None:\n{uses}")
    assert strict(tmp_path / "all.py").startswith("Success")


WRONG = {
    "import plait\nplait.tokenize(1).compute()\n": '"str" has no attribute "compute"',
    "import plait.array as da\nn: int = da.ones(3)\n": 'expression has type "Array", variable has type "int"',
    "import plait.array as da\n(da.ones(3) + 1).meen()\n": '"Array" has no attribute "meen"',
    "from plait.dataframe import Series\ndef f(x: Series) -> None:\n    x.meen()\n": '"Series" has no attribute "meen"',
    "from plait.dataframe import DataFrame\ndef f(x: DataFrame) -> None:\n    x.meen()\n": '"Series" not callable',
    "from plait.dataframe import DataFrame\ndef f(x: DataFrame) -> None:\n    x.groupby('a').b.meen()\n": '"SeriesGroupBy" has no attribute "meen"',
    "from plait.dataframe import DataFrame\ndef f(x: DataFrame) -> None:\n    x.name.str.uper()\n": '"StringAccessor" has no attribute "uper"',
    "import plait.array as da\nda.ones(3).sum(axes=0)\n": 'Unexpected keyword argument "axes"',
    "import plait.array as da\nda.zeros()\n": 'Missing positional argument "shape"',
    "import plait.array as da\nda.zeros_like(1, chunk=3)\n": 'Unexpected keyword argument "chunk"',
    "from plait.array import _layout\n_layout.no_such_function(1)\n": 'Module has no attribute "no_such_function"',
}


@pytest.mark.slow
@pytest.mark.parametrize(("text", "fault"), WRONG.items(), ids=range(len(WRONG)))
def test_a_wrong_program_is_refused(strict, tmp_path, text, fault):
    (tmp_path / "wrong.py").write_text(text)
    assert fault in strict(tmp_path / "wrong.py")
