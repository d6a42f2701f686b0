"""No decision depends on the name of a class, which would fail for subclasses and plugins."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.sources import ROOT, files, tree

NAMES = {"__name__", "__qualname__"}

# Allowed: the name itself is requested, and no property is derived from it.
ALLOWED = {
    ("nntrain/nn/module.py", "find_modules"): "find_modules takes a name",
    ("nntrain/config/json_schema.py", "build_spec_schema"): "definitions of a schema have names",
}

CLASSES = {
    node.name for path in files("nntrain", "plugins") for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)
}


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every function of a file by its name, and every statement outside of functions under none."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Module | ast.ClassDef):
            plain = (item for item in node.body if not isinstance(item, ast.FunctionDef | ast.ClassDef))
            yield from (("", item) for item in plain)


def name_of_class(node: ast.AST, named: set[str]) -> bool:
    """Whether an expression is the name of a class, or a variable with one."""
    return any(
        (isinstance(inner, ast.Attribute) and inner.attr in NAMES)
        or (isinstance(inner, ast.Name) and inner.id in named)
        for inner in ast.walk(node)
    )


def literal_class(node: ast.AST) -> bool:
    """Whether an expression is the name of a class in quotes, or a tuple, list or set with one."""
    inner = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return any(isinstance(item, ast.Constant) and item.value in CLASSES for item in inner)


def held(function: ast.AST) -> set[str]:
    """Return the variables of a function that are only assigned names of classes."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr in NAMES:
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def decisions(function: ast.AST) -> Iterator[int]:
    """Return the lines of a function where a decision depends on the name of a class."""
    named = held(function)
    for node in ast.walk(function):
        if any(name_of_class(asked, named) for asked in asked_of(node)) or any(map(literal_class, compared_with(node))):
            yield getattr(node, "lineno", None) or node.pattern.lineno  # type: ignore[attr-defined]


def asked_of(node: ast.AST) -> list[ast.expr]:
    """Return the values that a comparison, a lookup or a match depends on."""
    match node:
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.Subscript(ctx=ast.Load()):
            return [node.slice]
        case ast.Match():
            return [node.subject]
        case ast.Call(func=ast.Attribute(attr="get" | "index" | "find" | "startswith" | "endswith")):
            return [node.func.value, *node.args]
    return []


def compared_with(node: ast.AST) -> list[ast.expr]:
    """Return the values of a comparison and of a case."""
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.match_case):
        return [inner.value for inner in ast.walk(node.pattern) if isinstance(inner, ast.MatchValue)]
    return []


@pytest.mark.parametrize("path", files("nntrain", "plugins"), ids=place)
def test_nothing_is_decided_by_the_name_of_a_class(path: Path) -> None:
    allowed = {
        line for name, function in functions(path) if (place(path), name) in ALLOWED for line in decisions(function)
    }
    found = sorted({line for _, function in functions(path) for line in decisions(function)} - allowed)
    assert not found, f"{place(path)}: lines {found}"


@pytest.mark.parametrize(
    "code",
    [
        "if type(x).__name__ == 'Linear': pass",
        "def f(x):\n    name = type(x).__name__\n    return name in ('A', 'B')",
        "y = table[type(x).__name__]",
        "y = table.get(x.__class__.__qualname__)",
        "y = type(x).__name__.startswith('Spatial')",
        "match type(x).__name__:\n    case _: pass",
        "match kind:\n    case 'Linear': pass",
        "if kind == 'BCECriterion': pass",
        "if kind in ('LogSoftMax', 'LogSigmoid'): pass",
    ],
)
def test_such_a_decision_is_found(code: str) -> None:
    assert list(decisions(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "print(type(x).__name__)",
        "spec = {'type': type(x).__name__}",
        "if isinstance(x, Linear): pass",
        "y = {'Linear': 1}",
    ],
)
def test_a_name_may_be_shown_and_written(code: str) -> None:
    assert not list(decisions(ast.parse(code)))


def test_what_is_allowed_is_there() -> None:
    for where, name in ALLOWED:
        found = [function for called, function in functions(ROOT / where) if name == called]
        assert any(True for function in found for _ in decisions(function)), (where, name)
