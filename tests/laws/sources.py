"""The Python files of the project and their imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.paths import ROOT

EXAMPLES = ROOT / "plugins" / "examples"


def files(*folders: str) -> list[Path]:
    """Return the Python files below the folders, without the examples, which are separate projects."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if EXAMPLES not in path.parents)


def dotted(path: Path) -> str:
    """Return the module name of a file: ``nntrain.nn.module``, ``nntrain_linear.linear``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part not in ("plugins", "__init__"))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> list[str]:
    """Return every import of a file, at module level or in functions, without those for types only."""
    return [name for node in running(tree(path)) for name in names(node, path)]


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Iterate over the nodes that are not inside ``if TYPE_CHECKING:``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from running(other)
            continue
        yield child
        yield from running(child)


def names(node: ast.AST, path: Path) -> list[str]:
    """Return the names of an import statement: ``from a import b`` gives a.b, which may mean a."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{path}: relative import"
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
