"""No block of code is repeated in two files."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.laws.sources import ROOT, files, tree

# Maximum number of equal lines in two files, plus one.
LINES = 6


def logic(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file with numbers, without imports, docstrings, comments and signatures."""
    left_out: set[int] = set()
    for node in ast.walk(tree(path)):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.stmt) and (text or isinstance(node, ast.Import | ast.ImportFrom)):
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            left_out.update(range(node.lineno, node.body[0].lineno))
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    heads = ("#", "@", ")", "]", "}", '"', "__all__")
    return [
        (number, line.strip())
        for number, line in lines
        if number not in left_out and line.strip() and not line.strip().startswith(heads)
    ]


def test_no_six_lines_are_repeated_in_two_files() -> None:
    places: dict[tuple[str, ...], list[tuple[Path, int]]] = defaultdict(list)
    for path in files("nntrain", "plugins"):
        lines = logic(path)
        for start in range(len(lines) - LINES + 1):
            passage = tuple(line for _, line in lines[start : start + LINES])
            places[passage].append((path, lines[start][0]))
    repeated = [
        [f"{path.relative_to(ROOT)}:{number}" for path, number in found]
        for found in places.values()
        if len({path for path, _ in found}) > 1
    ]
    assert not repeated
