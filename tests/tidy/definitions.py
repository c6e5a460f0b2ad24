"""No two types of one name: the linker would silently take one for the other, which no compiler reports.

`repeated(root)` finds structs and classes that are defined twice in one namespace, outside anonymous namespaces, in the
sources and public headers under `root`, and returns a sentence for each.
"""

import collections
import pathlib
import re

OPENS = re.compile(r"namespace ([\w:]*) ?\{")
CLOSES = re.compile(r"\}  // namespace ?([\w:]*)$")
DEFINES = re.compile(r"(?:struct|class) (?:PLAIT_API )?(\w+)(?: final)?(?:\s*:[^:;{][^;{]*)?\s*\{")


def definitions(path: pathlib.Path) -> list[str]:
    """The qualified names of the types that a file defines at the outermost level of a named namespace."""
    names, namespaces = [], []
    for line in path.read_text().splitlines():
        if match := OPENS.match(line):
            namespaces.append(match[1])
        elif CLOSES.match(line) and namespaces:
            namespaces.pop()
        elif (match := DEFINES.match(line)) and all(namespaces):
            names.append("::".join([*namespaces, match[1]]))
    return names


def repeated(root: pathlib.Path) -> list[str]:
    places = collections.defaultdict(set)
    for path in sorted(path for folder in ("include", "src") for path in (root / folder).rglob("*")):
        if path.suffix in (".h", ".cpp") and not path.name.endswith("_test.cpp"):
            for name in definitions(path):
                places[name].add(str(path.relative_to(root)))
    return [f"{name} is defined in {' and in '.join(sorted(files))}" for name, files in sorted(places.items()) if len(files) > 1]
