"""The include directions of docs/design.md, section 2: modules look down only, and public headers stand alone.

`violations(root)` reads the table "module | may import" from the design page of the tree under `root`, so that the page
and the check cannot drift apart, and returns one sentence for each include that breaks it.
"""

import pathlib
import re
from collections.abc import Iterator

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
TABLE_ROW = re.compile(r"^\| ([a-z, ]+?) \| ([a-z, ]+?|-) \|$", re.MULTILINE)
SOURCE_SUFFIXES = {".h", ".cpp"}

# C headers that the C++ standard library has too, and the operating system's: allowed in src, but not in a public header.
THIRD_PARTY_FREE = re.compile(r"^[a-z_]+$")


def allowed_imports(design_page: str) -> dict[str, set[str]]:
    """Module name to the modules that it may include, itself among them."""
    table = design_page[design_page.index("| module | may import |") :]
    table = table[: table.index("\n\n")]
    allowed: dict[str, set[str]] = {}
    for row in TABLE_ROW.finditer(table):
        if row[1] == "module":
            continue
        imports = set() if row[2] == "-" else set(row[2].split(", "))
        for module in row[1].split(", "):
            allowed[module] = imports | {module}
    return allowed


def sources(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SOURCE_SUFFIXES)


def includes(path: pathlib.Path) -> Iterator[tuple[int, str, bool]]:
    """Line number, included name, and whether it stands in quotes."""
    text = path.read_text()
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start(2)) + 1, match[2], match[1] == '"'


def module_of_include(name: str, quoted: bool, path: pathlib.Path, src: pathlib.Path) -> str | None:
    """The module that an include names, or None when it is not one of ours."""
    beside = path.parent / name
    if quoted and beside.exists():
        return beside.resolve().relative_to(src.resolve()).parts[0]
    if (src / name).exists() or (quoted and "/" in name and (src / name.split("/")[0]).is_dir()):
        return name.split("/")[0]
    return None


def module_violations(root: pathlib.Path) -> Iterator[str]:
    src = root / "src"
    allowed = allowed_imports((root / "docs" / "design.md").read_text())
    for path in sources(src):
        module = path.relative_to(src).parts[0]
        if module not in allowed:
            yield f"{path.relative_to(root)}: module '{module}' is not in the table of docs/design.md, section 2"
            continue
        for line, name, quoted in includes(path):
            imported = module_of_include(name, quoted, path, src)
            if imported is not None and imported not in allowed[module]:
                may = ", ".join(sorted(allowed[module] - {module})) or "nothing"
                yield f"{path.relative_to(root)}:{line}: {module} may import {may}, but includes {name}"


def public_header_violations(root: pathlib.Path) -> Iterator[str]:
    """A public header includes public headers and the standard library, and nothing else."""
    for path in sources(root / "include"):
        for line, name, _ in includes(path):
            if name.startswith("plait/"):
                if not (root / "include" / name).exists():
                    yield f"{path.relative_to(root)}:{line}: includes {name}, which is not a public header"
            elif not THIRD_PARTY_FREE.match(name):
                yield f"{path.relative_to(root)}:{line}: a public header may include plait/ and the standard library, but includes {name}"


def violations(root: pathlib.Path) -> list[str]:
    return [*module_violations(root), *public_header_violations(root)]
