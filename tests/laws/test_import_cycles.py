"""Modules import each other in one direction, also inside functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.sources import dotted, files, imports, names, running, tree

MODULES = {dotted(path): path for path in files("nntrain")}

Import = tuple[str, str]

# Imports inside functions that close a cycle, with the reason why they are late.
LATE: dict[Import, str] = {
    ("nntrain", "nntrain.training.inference.network_loading"): "``import nntrain`` must not import NumPy",
    ("nntrain.cli.entry", "nntrain.cli.main"): "signals are handled before the commands are imported",
}


def resolve(name: str) -> str | None:
    """``from nntrain.nn import flatten`` imports the module nntrain.nn.flatten, ``import Module`` the one around it."""
    return name if name in MODULES else name.rpartition(".")[0] if name.rpartition(".")[0] in MODULES else None


def late_imports(path: Path) -> set[str]:
    """The names that a file imports inside functions only."""
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {name for function in functions for node in running(function) for name in names(node, path)}
    top = {name for node in tree(path).body for inner in (node, *at_import(node)) for name in names(inner, path)}
    return inside - top


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement inside ``node`` that runs when the module is imported."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or "TYPE_CHECKING" in ast.unparse(node)[:16]:
        return
    for child in ast.iter_child_nodes(node):
        yield child
        yield from at_import(child)


def build_graph() -> dict[str, set[str]]:
    """The modules that each module imports, without the allowed late imports."""
    graph: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        targets = {resolve(name) for name in imports(path)} - {None, module}
        graph[module] = {str(target) for target in targets if (module, target) not in LATE}
    return graph


def find_cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected components with more than one module (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    cycles: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for target in graph[module]:
            if target not in index:
                visit(target)
            if target in stack:
                low[module] = min(low[module], low[target])
        if low[module] == index[module]:
            component = stack[stack.index(module) :]
            del stack[-len(component) :]
            if len(component) > 1:
                cycles.append(component)

    for module in graph:
        if module not in index:
            visit(module)
    return cycles


def test_imports_have_no_cycle() -> None:
    assert find_cycles(build_graph()) == []


@pytest.mark.parametrize(("module", "target"), LATE)
def test_every_exception_is_a_late_import_that_closes_a_cycle(module: str, target: str) -> None:
    assert target in {resolve(name) for name in late_imports(MODULES[module])}
    graph = build_graph()
    assert find_cycles({**graph, module: graph[module] | {target}})


def test_a_cycle_is_found() -> None:
    assert find_cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]
