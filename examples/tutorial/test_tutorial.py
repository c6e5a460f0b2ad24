"""Our own version of the tutorial's listings runs in both languages and prints what is right."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
PROGRAMS = ROOT / os.environ.get("PLAIT_BUILD_DIR", "build/dev") / "examples"

# What stands in the output of the program in Python, and of the one in C++.
SAYS = {
    "02_pandas_beside_plait": (
        r"4 partitions: \['depth', 'salt'\]\nNothing has run yet: Scalar\nMean salt: ([\d.]+) \(pandas: \1\)",
        r"4 partitions\nMean salt: 3[45]\.\d+",
    ),
    "03_look_at_a_graph": (r"16 blocks become \d+ tasks(.|\n)*After fuse:(.|\n)*36 tasks in 3 layers", r"16 blocks(.|\n)*36 tasks in 3 layers"),
    "04_larger_than_memory": (
        r"400 blocks, 32 GB(.|\n)*mean 0\.5\d*, standard deviation 0\.2886\d, maximum 1\.0",
        r"400 blocks, 32 GB(.|\n)*mean 0\.(5|49999)\d*, standard deviation 0\.2886",
    ),
    "05_matrices": (r"12 blocks has rank 40\n(.|\n)*furthest from NumPy's: \d\.\de-1\d", r"squares of all 40: (\d+\.\d\d)\d*, of the elements: \1"),
    "06_many_files": (r"5 partitions, 100,000 rows\ntime +datetime64", r"5 partitions\nstation: int64\nwind: float64\nMean wind: 4\.85"),
    "07_ask_a_frame": (r"blue(.|\n)*green(.|\n)*red(.|\n)*trips took more(.|\n)*2024-03-01", r"blue +39\.25\d* +45\.5 +2\n(.|\n)*\n3 trips took more"),
    "08_partitions": (
        r"5 partitions become 20; rows of the first: \[2000, 2000, 2000\]\n.*\n([\d,]+) parcels for Oslo, of \1",
        r"divided at Bern Lyon Oslo Turin(.|\n)*Turin +6",
    ),
    "09_rows_to_learn_from": (
        r"20,000 rows: 16,000 to learn from, 4,000 for the test\n.*scaled: 0\.00, 1\.00\nSlow parcels: 0\.2\d of those",
        r"5000 rows: 4000 to learn from, 1000 for the test\n(.|\n)*scaled: \[1\. 1\. 1\.\]\nslow parcels: 0\.[34]\d? of those",
    ),
    "10_likely_or_not": (
        r"Accuracy: 0\.8\d\d; log loss: 0\.[34]\d\d\nCoefficients: \[\[ ?2\. +-1\. +-?0\. ?\]\](.|\n)*it rained 0\.9",
        r"Accuracy: 0\.8\d*; log loss: 0\.[34]\d*\nCoefficients: \[\[ ?2\. +-1\. +-?0\. ?\]\]",
    ),
    "11_which_parameters": (
        r"6 candidates; the best: C=(0\.01|1), l[12]\n(.|\n)*0\.0003 +l1 +0\.5\d*\nRight",
        r"C=0\.0003 l1: 0\.[45]\d*\n(.|\n)*C=0\.01 l2: 0\.8[89]\d*\n(.|\n)*6 candidates; the best: C=(0\.01|1)\n",
    ),
    "12_trees_that_vote": (
        r"Accuracy: 0\.9[789](.|\n)*height 0\.0\d\n(.|\n)*grows",
        r"Accuracy: 0\.9[789](.|\n)*\[ ?0\.[45]\d* +0\.[45]\d* +0\.(0\d*)? +0\.(0\d*)? ?\]",
    ),
    "13_from_columns_to_answers": (r"3 columns become 6: scaled__guests(.|\n)*Accuracy: 0\.8[678]", r"3 columns become 6\nAccuracy: 0\.8[678]"),
    "14_calls_as_tasks": (
        r"Delayed: nothing has been fetched after 0\.0 s\n60 words on 8 pages; the longest begins with 'page 8'\n.*: True",
        r"nothing has been fetched yet\n36 letters on 8 pages",
    ),
    "15_lines_of_a_log": (
        r"3 partitions\nvisits: basket=1609 home=1706 search=1685\n1270 stayed .* 104 s on average\n24 hours; .* 118 s\n.* 119 s at most",
        r"home: 1000\nsearch: 2000\nlongest: 119 s; a minute and a half or more: 750",
    ),
    "16_graph_by_hand": (r"= 25\n.*\(9, \(16, 25\)\)\nwords of all books: 600", r"= 25\nletters of all books: 600"),
    "17_own_functions": (r"\n([\d,]+) boxes are taller than wide \(\1 by pandas\)\n.*\[2000, 2000, 2000, 2000\]", r"10\.50\ntaller than wide: 3"),
    "23_nothing_runs_yet": (
        r"before: plait\.array<mul, shape=\(600, 600\).*\nafter:  ndarray of shape \(600, 600\), from 2\.0",
        r"before: plait\.array<multiply, shape=\(600, 600\).*\nafter: from 2\.0\d* to 3\.99",
    ),
    "25_what_waits_for_what": (r"= 30\n\['north', 'south-east'\] side by side, then \['sum', 'double'\]: True", r"= 30"),
    "24_how_many_partitions": (r"48 partitions\n.*: 48, 2,000 rows in the largest", r"48 partitions\n.*: 48"),
}


def test_every_program_of_the_folder_is_tested_in_both_languages():
    assert {path.stem for path in HERE.glob("[0-9]*.py")} == {path.stem for path in HERE.glob("[0-9]*.cpp")} == set(SAYS)


def output_of(command, folder):
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("name", SAYS)
def test_the_program_in_python(name, tmp_path):
    found = output_of([sys.executable, str(HERE / f"{name}.py")], tmp_path)
    assert re.search(SAYS[name][0], found), found


@pytest.mark.slow
@pytest.mark.parametrize("name", SAYS)
def test_the_program_in_cpp(name, tmp_path):
    if not (PROGRAMS / name).exists():
        pytest.skip(f"{PROGRAMS / name} is not built (target examples)")
    found = output_of([str(PROGRAMS / name)], tmp_path)
    assert re.search(SAYS[name][1], found), found
