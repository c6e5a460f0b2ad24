"""Build and run the C++ tests under sanitizers: `tools/sanitize.py [asan] [tsan]`, by default both.

A module rests while its sources, the modules that it may import, the compiler and the flags are those of a run that passed
(tools/stamps.py). `--all` lets none rest.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

from stamps import ROOT, Stamps, digest

PRESETS = ("asan", "tsan")
# What every module depends on, beside its own sources and those below it.
COMMON = ("CMakeLists.txt", "CMakePresets.json", "requirements.lock", "tools/debian-packages", "tools/sanitize.py", "tests/tsan.supp")
SOURCES = (".h", ".cpp")


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


class Modules:
    """The modules as CMake knows them: the folder of each, and what it imports."""

    def __init__(self, build: pathlib.Path):
        self._folders: dict[str, pathlib.Path] = {}
        self._imports: dict[str, list[str]] = {}
        for line in (build / "modules.txt").read_text().splitlines():
            name, folder, imports = line.split(" | ")
            self._folders[name] = ROOT / "src" / folder
            self._imports[name] = imports.split()

    def below(self, name: str) -> set[str]:
        """What a module links, near and far."""
        found: set[str] = set()
        for imported in self._imports[name]:
            found |= {imported} | self.below(imported)
        return found

    def with_tests(self) -> list[str]:
        return [name for name in self._folders if any(self._folders[name].rglob("*_test.cpp"))]

    def files(self, name: str) -> list[pathlib.Path]:
        """What the tests of a module are made of."""
        own = [path for path in self._folders[name].rglob("*") if path.suffix in SOURCES]
        lower = [path for other in self.below(name) for path in self._folders[other].rglob("*") if path.suffix in SOURCES]
        public = (ROOT / "include").rglob("*.h")
        common = [ROOT / path for path in COMMON] + list((ROOT / "cmake").glob("*")) + [ROOT / "src" / "CMakeLists.txt"]
        return [*own, *(path for path in lower if not path.name.endswith("_test.cpp")), *public, *common]


def passed(junit: pathlib.Path) -> set[str]:
    return {case.get("name", "") for case in xml.parse(junit).iter("testcase") if case.get("status") == "run"}


def sanitize(preset: str, let_rest: bool) -> bool:
    """True if all of it passed, now or before."""
    build = ROOT / "build" / preset
    run("cmake", "--preset", preset, "--log-level=NOTICE")
    modules, stamps = Modules(build), Stamps(preset)
    compiler = subprocess.run(["c++", "--version"], text=True, capture_output=True, check=True).stdout
    digests = {name: digest(modules.files(name), [compiler]) for name in modules.with_tests()}
    changed = [name for name in digests if not (let_rest and stamps.has(name, digests[name]))]
    resting = [name for name in digests if name not in changed]
    if resting:
        print(f"tools/sanitize.py: {preset}: unchanged since they passed: {', '.join(resting)}", flush=True)
    if not changed:
        return True

    start = time.monotonic()
    run("cmake", "--build", "--preset", preset, "--target", *(f"test_{name}" for name in changed))
    built = time.monotonic()
    report = build / "tests.xml"
    report.unlink(missing_ok=True)
    tests = ["ctest", "--preset", preset, "-j", str(os.cpu_count()), "-R", f"^({'|'.join(changed)})$", "--output-junit", str(report)]
    done = subprocess.run(tests, cwd=ROOT)
    for name in passed(report) & set(changed) if report.exists() else ():
        stamps.put(name, digests[name])
    stamps.forget_old()
    print(f"tools/sanitize.py: {preset}: built in {built - start:.0f} s, ran in {time.monotonic() - built:.0f} s", flush=True)
    return done.returncode == 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("presets", nargs="*", choices=[*PRESETS, []], help="default: both")
    arguments.add_argument("--all", action="store_true", help="run every module, whatever has passed before")
    chosen = arguments.parse_args()
    results = [sanitize(preset, not chosen.all) for preset in chosen.presets or PRESETS]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
