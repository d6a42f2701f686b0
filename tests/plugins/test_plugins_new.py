"""``nntrain plugins new``: what it writes is in order, and what cannot be is one line."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from nntrain import __version__
from nntrain.hooks.plugin_names import PluginNames, build_plugin_names, create_plugin

Said = Callable[..., tuple[int, str]]


@pytest.mark.parametrize(
    "names",
    [
        PluginNames("nntrain-swish", "nntrain_swish", "Swish", "swish"),
        PluginNames("nntrain-hard-gate", "nntrain_hard_gate", "HardGate", "hard_gate"),
        PluginNames("gates2", "gates2", "Gates2", "gates2"),
    ],
    ids=lambda names: names.distribution,
)
def test_a_name_gives_all_others(names: PluginNames) -> None:
    assert build_plugin_names(names.distribution) == names


def test_every_file_speaks_of_the_new_name(tmp_path: Path) -> None:
    create_plugin("nntrain-hard-gate", tmp_path / "new")
    files = {str(path.relative_to(tmp_path / "new")): path for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert set(files) == {
        ".github/workflows/test.yml",
        ".gitignore",
        "README.md",
        "hard_gate.toml",
        "nntrain_hard_gate/__init__.py",
        "nntrain_hard_gate/cases.py",
        "nntrain_hard_gate/hard_gate.py",
        "nntrain_hard_gate/plugin.py",
        "nntrain_hard_gate/py.typed",
        "pyproject.toml",
        "rings.csv",
        "tests/test_hard_gate.py",
    }
    assert not [name for name, path in files.items() if "swish" in path.read_text(encoding="utf-8").lower()]
    project = tomllib.loads(files["pyproject.toml"].read_text(encoding="utf-8"))["project"]
    assert project["name"] == "nntrain-hard-gate"
    assert f"nntrain>={__version__}" in project["dependencies"]
    assert project["entry-points"]["nntrain"] == {"hard_gate": "nntrain_hard_gate.plugin"}
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_what_is_written_is_clean(command: list[str], tmp_path: Path) -> None:
    create_plugin("nntrain-hard-gate", tmp_path / "new")
    told = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path / "new", capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("HardGate", "expected lowercase letters, digits and hyphens, such as 'hard-gate', got 'HardGate'"),
        ("nntrain_gate", "expected lowercase letters, digits and hyphens, such as 'nntrain-gate', got 'nntrain_gate'"),
        ("../gate", "expected lowercase letters, digits and hyphens, such as 'gate', got '../gate'"),
        ("5", "expected lowercase letters, digits and hyphens, such as 'nntrain-swish', got '5'"),
        ("nntrain-class", "expected a name that is valid for a Python module, got 'nntrain-class'"),
        ("nntrain-2", "expected a name that is valid for a Python module, got 'nntrain-2'"),
        ("nntrain-module", "'module' is reserved by nntrain; choose another name, got 'nntrain-module'"),
        ("plugin", "'plugin' is reserved by nntrain; choose another name, got 'plugin'"),
        ("json", "a package 'json' exists; choose another name"),
        ("nntrain", "a package 'nntrain' exists; choose another name"),
        ("nntrain-linear", "a package 'nntrain_linear' exists; choose another name"),
        ("nntrain-tanh", "nntrain already has a module 'Tanh'; choose another name"),
    ],
)
def test_a_name_that_cannot_be_is_one_line(
    name: str, problem: str, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said("plugins", "new", name) == (2, f"Error: plugins new: {problem}\n")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_exists_is_refused(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nntrain-gate").mkdir()
    told = "Error: nntrain-gate: folder exists; choose another name, or remove it\n"
    assert said("plugins", "new", "nntrain-gate") == (2, told)
    assert not list((tmp_path / "nntrain-gate").iterdir())
