"""Tests, and the processes they start, use the package where it stands in python/."""

import os
import pathlib
import sys

PACKAGE = str(pathlib.Path(__file__).parent / "python")
sys.path.insert(0, PACKAGE)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [PACKAGE, os.environ.get("PYTHONPATH")]))
