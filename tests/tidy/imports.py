"""The Python package has layers: no module imports in a circle, and none waits with an import until a function runs.

`violations(root)` reads the modules of `python/plait` and returns one sentence for each import inside a function that names
a module of the package, and one for each circle. Imports under `TYPE_CHECKING` do not run and do not count. (Loading NumPy and
pandas late is another matter: `plait/_lazy.py`.)
"""

import ast
import pathlib
from collections.abc import Iterator

ENGINE = "_plait"  # the extension module: it imports nothing of the package


def modules_of(package: pathlib.Path) -> dict[str, pathlib.Path]:
    """Name of a module -> its file."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _imports(node: ast.AST, in_function: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Each import below a node, and whether a function has to run for it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, in_function
        elif not _is_for_types(child):
            yield from _imports(child, in_function or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)))


def _imported(node: ast.Import | ast.ImportFrom, module: str, is_package: bool, modules: dict[str, pathlib.Path]) -> set[str]:
    """The modules of the package that an import runs."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        above = module.split(".") if is_package else module.split(".")[:-1]
        start = above[: len(above) - node.level + 1] if node.level else []
        source = ".".join([*start, *([node.module] if node.module else [])])
        names = [f"{source}.{alias.name}" if f"{source}.{alias.name}" in modules else source for alias in node.names if alias.name != ENGINE]
    return {name for name in names if name in modules}


def _circles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """One circle for each import that closes one."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> Iterator[list[str]]:
        if module in path:
            yield [*path[path.index(module) :], module]
        elif module not in done:
            for imported in sorted(graph[module]):
                yield from walk(imported, [*path, module])
            done.add(module)

    for module in graph:
        yield from walk(module, [])


def violations(root: pathlib.Path, package: str = "plait") -> list[str]:
    modules = modules_of(root / "python" / package)
    graph: dict[str, set[str]] = {}
    late = []
    for module, path in modules.items():
        graph[module] = set()
        for node, in_function in _imports(ast.parse(path.read_text())):
            imported = _imported(node, module, path.name == "__init__.py", modules)
            if not in_function:
                graph[module] |= imported - {module}
            elif imported:
                late.append(f"{path.relative_to(root)}:{node.lineno}: imports {', '.join(sorted(imported))} inside a function")
    return [*late, *(f"modules import in a circle: {' -> '.join(circle)}" for circle in _circles(graph))]
