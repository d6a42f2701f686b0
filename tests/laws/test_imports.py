"""Packages import only packages below them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.laws.sources import ROOT, dotted, files, imports, tree

# A package may import those of earlier rows; packages of one row do not import each other.
ROWS = (
    ("formatting",),
    ("shell_command",),
    ("errors", "system_limits", "signals"),
    ("files",),
    ("hooks", "compute", "specs"),
    ("nn", "hdf5"),
    ("optim", "data", "checkpoint"),
    ("config", "exchange"),
    ("training",),
    ("explanation",),
    ("report",),
    ("cli",),
)
RANK = {part: rank for rank, row in enumerate(ROWS) for part in row}

# The package itself and ``python -m nntrain`` may import everything.
ENTRIES = {"nntrain", "nntrain.__main__"}

# The packages that a layer family may import.
OPEN = ("compute", "specs", "nn", "errors", "shell_command", "formatting", "hooks", "exchange", "files")

# Names of higher packages that a layer family may import, like a third-party plugin.
PUBLIC = ("nntrain.training", "nntrain.training.Callback")

FAMILIES = sorted(path.name for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists())


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def part(name: str) -> str:
    """``nn`` of ``nntrain.nn.module``."""
    return [*name.split("."), ""][1]


@pytest.mark.parametrize("path", files("nntrain"), ids=place)
def test_a_package_imports_only_lower_packages(path: Path) -> None:
    own = part(dotted(path))
    if dotted(path) in ENTRIES:
        return
    assert own in RANK, f"{own} is missing in ROWS"
    for name in imports(path):
        if name.startswith("nntrain.") and part(name) not in (own, "__version__"):
            assert RANK[part(name)] < RANK[own], f"imports {name}"


def test_nntrain_imports_no_family() -> None:
    assert not [(place(path), name) for path in files("nntrain") for name in imports(path) if of(name) in FAMILIES]


def of(name: str) -> str:
    """Return the top-level package of an import."""
    return name.split(".")[0]


@pytest.mark.parametrize("path", files("plugins"), ids=place)
def test_a_layer_family_imports_the_engine_and_no_other_family(path: Path) -> None:
    own = of(dotted(path))
    for name in imports(path):
        if of(name).startswith("nntrain") and of(name) != own:
            assert of(name) == "nntrain", f"imports {name}"
            assert part(name) in OPEN or name in PUBLIC, f"imports {name}"


def test_pydantic_stays_in_the_config() -> None:
    users = {place(path) for path in files("nntrain", "plugins") for name in imports(path) if of(name) == "pydantic"}
    assert all(user.startswith("nntrain/config/") for user in users)


def test_the_checkpoint_knows_nothing_of_networks() -> None:
    for path in files("nntrain/checkpoint"):
        assert not [name for name in imports(path) if name.startswith("nntrain.nn")]


@pytest.mark.parametrize("path", files("nntrain", "plugins"), ids=place)
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    assert not {"pickle", "cPickle", "dill", "marshal", "shelve", "joblib"} & set(map(of, imports(path)))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__"), f"line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert isinstance(node.value, ast.Constant), f"line {node.value.lineno}"
            assert node.value.value is False, f"line {node.value.lineno}"


def test_imports_for_types_only_do_not_count() -> None:
    path = ROOT / "nntrain" / "hooks" / "hookspecs.py"
    assert "TYPE_CHECKING" in path.read_text(encoding="utf-8")
    assert not [name for name in imports(path) if name.startswith("nntrain.nn")]
