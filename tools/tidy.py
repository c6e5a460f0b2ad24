"""Run clang-tidy over the C++ sources of the dev build: `tools/tidy.py [file...]`; .clang-tidy has the checks.

A source rests while it, every header that it includes, its flags, the checks and clang-tidy are those of a run that passed
(tools/stamps.py). The build says which headers those are, so build first. Tests are left out.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time

from stamps import ROOT, Stamps, digest

CLANG_TIDY = "clang-tidy-19"
BUILD = ROOT / "build" / "dev"
COMMON = (".clang-tidy", "requirements.lock", "tools/debian-packages")


def headers() -> dict[str, list[pathlib.Path]]:
    """For each object file, the files of the checkout that the compiler read for it."""
    listing = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], text=True, capture_output=True, check=True).stdout
    found: dict[str, list[pathlib.Path]] = {}
    files: list[pathlib.Path] = []
    for line in listing.splitlines():
        if line.startswith(" "):
            path = pathlib.Path(os.path.normpath(BUILD / line.strip()))
            if path.is_relative_to(ROOT) and not path.is_relative_to(BUILD) and not path.is_relative_to(ROOT / ".venv"):
                files.append(path)
        elif ": #deps" in line:
            files = found[line.split(":")[0]] = []
    return found


def sources() -> list[tuple[pathlib.Path, str, list[pathlib.Path]]]:
    """Each source with its flags and what it includes."""
    includes = headers()
    found = []
    for entry in json.loads((BUILD / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        is_ours = any(path.is_relative_to(ROOT / folder) for folder in ("src", "python", "examples", "benchmarks"))
        if is_ours and not path.name.endswith("_test.cpp"):
            name = entry.get("output") or entry["command"].split(" -o ")[1].split()[0]
            if name not in includes:
                sys.exit(f"tools/tidy.py: {path.relative_to(ROOT)} is not built: run make build first")
            found.append((path, entry["command"].replace(str(ROOT), ""), includes[name]))
    return found


def tidy(path: pathlib.Path) -> str:
    """What clang-tidy finds in a source; nothing if it is clean."""
    done = subprocess.run([CLANG_TIDY, "-p", BUILD, "--quiet", path], text=True, capture_output=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main() -> None:
    stamps = Stamps("tidy")
    version = subprocess.run([CLANG_TIDY, "--version"], text=True, capture_output=True, check=True).stdout
    common = [ROOT / path for path in COMMON]
    wanted = {pathlib.Path(name).resolve() for name in sys.argv[1:]}
    digests = {
        path: digest([path, *included, *common], [flags, version])
        for path, flags, included in sources()
        if not wanted or path in wanted
    }
    changed = [path for path in digests if not stamps.has(str(path.relative_to(ROOT)), digests[path])]

    start, faults = time.monotonic(), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, found in zip(changed, pool.map(tidy, changed)):
            if found:
                faults.append(path)
                print(found, flush=True)
            else:
                stamps.put(str(path.relative_to(ROOT)), digests[path])
    stamps.forget_old()
    took = f"{len(changed)} read in {time.monotonic() - start:.0f} s, {len(digests) - len(changed)} unchanged since they passed"
    print(f"clang-tidy: {took}" + (f"; faults in {len(faults)}" if faults else ""))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
