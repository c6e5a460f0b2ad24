"""The examples of docs/cluster.md run, in their order, in one program."""

import pathlib
import re
import subprocess
import sys

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "cluster.md"


def test_the_examples_run(tmp_path):
    program = "\n".join(re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL))
    ran = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "100% Completed" in ran.stdout
    assert (tmp_path / "report.html").stat().st_size > 5_000
