"""The tutorial's own listings run unchanged under the alias, in every way to start a program, and give what they mean."""

import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]

# The listings stand beside the project, not in it.
FOLDER = next((each / "shared" / "listings" for each in ROOT.parents if (each / "shared" / "listings").is_dir()), None)
NAMES = {path.name[:2]: path for path in sorted(FOLDER.glob("*.py"))} if FOLDER else {}

ALONE = ["02", "03", "05", "14", "15", "16", "17", "23", "24", "25"]
IN_ORDER = ["02", "03", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "23", "24", "25"]


def listing(number):
    if number not in NAMES:
        pytest.skip(f"the folder shared/listings with listing {number} is not there")
    return NAMES[number]


def run(words, folder, text=""):
    return subprocess.run([sys.executable, *words], input=text, capture_output=True, text=True, cwd=folder, timeout=600)


def run_checked(numbers, folder, *options):
    for number in numbers:
        listing(number)
    ran = run([str(HERE / "listing_checks.py"), str(FOLDER), *options, *numbers], folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.split("\n")[:-1] == [f"{number} ok" for number in numbers]


@pytest.mark.slow
@pytest.mark.parametrize("number", ALONE)
def test_a_listing_gives_what_it_means(number, tmp_path):
    run_checked([number], tmp_path)


def test_listings_in_order_carry_their_state(tmp_path):
    run_checked(["02", "06", "07", "08", "15", "16", "17"], tmp_path, "--small")


def test_listings_of_machine_learning_carry_their_state(tmp_path):
    run_checked(["02", "06", "09", "10", "11", "12", "13"], tmp_path, "--small")


@pytest.mark.slow
def test_all_listings_in_order_with_their_own_files(tmp_path):
    run_checked(IN_ORDER, tmp_path)


@pytest.mark.slow
def test_eighty_gigabytes_go_through_bounded_memory(tmp_path):
    run_checked(["04"], tmp_path)


@pytest.mark.parametrize("launch", ["file", "stdin", "-c"])
@pytest.mark.parametrize("number", ["02", "14", "15", "16", "17", "23", "24", "25"])
def test_a_listing_runs_however_it_is_started(number, launch, tmp_path):
    path = listing(number)
    words = {"file": [str(path)], "stdin": ["-"], "-c": ["-c", path.read_text()]}[launch]
    ran = run(["-m", "plait", "run", *words], tmp_path, path.read_text())
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout and not ran.stderr


@pytest.mark.parametrize("numbers", [["01", "18"], ["06", "20"], ["19"], ["21"], ["22"]])
def test_listings_of_clusters_give_what_they_mean(numbers, tmp_path):
    run_checked(numbers, tmp_path, "--small")


@pytest.mark.slow
@pytest.mark.parametrize("number", ["19", "21", "26"])
def test_large_listings_of_clusters_give_what_they_mean(number, tmp_path):
    run_checked([number], tmp_path)


@pytest.mark.parametrize("launch", ["file", "stdin", "-c"])
@pytest.mark.parametrize("number", ["01", "22"])
def test_a_listing_of_a_cluster_runs_however_it_is_started(number, launch, tmp_path):
    path = listing(number)
    words = {"file": [str(path)], "stdin": ["-"], "-c": ["-c", path.read_text()]}[launch]
    ran = run(["-m", "plait", "run", *words], tmp_path, path.read_text())
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout and "Error" not in ran.stderr


def test_the_folder_of_listings_is_looked_for():
    if FOLDER is None:
        pytest.skip("the folder shared/listings is not there")
    assert os.listdir(FOLDER)
