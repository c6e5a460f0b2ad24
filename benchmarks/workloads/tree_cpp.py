"""The sum of 2^19 numbers as a tree of additions, made and run from C++."""

from benchmarks.workloads.noop_cpp import program_of

TITLE = "Tree of 2^19 leaves in C++"
TARGET_BEST = 1


def num_leaves(quick):
    return 2 ** (12 if quick else 19)


def program(name, *arguments):
    return program_of(name, *arguments, size=num_leaves)


SYSTEMS = {
    "plait": program("tree_plait", "delayed"),
    "graph": program("tree_plait", "graph"),
    "oneTBB": program("tree_tbb"),
}
FLOORS = ("graph",)  # The engine's own graph, without what makes a call of C++ typed and lazy.


def limit(machine, quick):
    return 2 * num_leaves(quick) * machine["task_ns"] * 1e-9
