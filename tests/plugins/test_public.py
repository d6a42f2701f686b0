"""What docs/plugins.md calls public is what ``__all__`` lists, and all that plugins use."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from nntrain.hooks.plugin_names import build_plugin_names, render_files
from tests.plugins.page import ROOT, examples, public

# What a module lists for nntrain itself.
OWN = {"nntrain": {"__version__"}, "nntrain.hooks": {"PROJECT", "find_imported_classes", "hookspec"}}


@pytest.mark.parametrize("module", public())
def test_the_table_is_what_the_modules_list(module: str) -> None:
    listed = importlib.import_module(module)
    assert public()[module] == set(listed.__all__) - OWN.get(module, set())
    for name in public()[module]:
        assert getattr(listed, name).__doc__ or not isinstance(getattr(listed, name), type)


def sources() -> Iterator[tuple[str, str]]:
    """Every Python file that is written as a stranger's: the template's, the page's, and the examples'."""
    for path, text in {**render_files(build_plugin_names("nntrain-swish")), **examples()}.items():
        if path.endswith(".py"):
            yield path, text
    for path in sorted((ROOT / "plugins" / "examples").rglob("*.py")):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "text"), list(sources()), ids=lambda value: value if value.endswith(".py") else "")
def test_a_stranger_s_file_imports_what_is_public_and_nothing_else(path: str, text: str) -> None:
    known = public()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            assert not [name.name for name in node.names if name.name.partition(".")[0] == "nntrain"]
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "nntrain":
            names = {name.name for name in node.names}
            modules = {name for name in names if f"{node.module}.{name}" in known}
            assert names - modules <= known.get(node.module or "", set()), f"{path}:{node.lineno}"


def test_there_are_files_of_strangers() -> None:
    assert len(list(sources())) > 8
    assert all(isinstance(path, str) and Path(path).suffix == ".py" for path, _ in sources())
