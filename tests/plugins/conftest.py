from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nntrain.cli.main import run_command
from nntrain.hooks.registry import get_command_registry, get_registry


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Let a distribution be installed whose only plugin is a module, until the test ends."""

    def one(distribution: str, module: str) -> None:
        folder = tmp_path / f"{distribution.replace('-', '_')}-1.2.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        (folder / "entry_points.txt").write_text(f"[nntrain]\n{distribution} = {module}\n")
        monkeypatch.syspath_prepend(tmp_path)
        forget()

    def forget() -> None:
        get_registry.cache_clear()
        get_command_registry.cache_clear()

    yield one
    monkeypatch.undo()
    forget()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The exit code of a command, and what it says on both outputs."""

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = run_command(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


@pytest.fixture
def written(tmp_path: Path, install: Callable[[str, str], None]) -> Callable[[str], None]:
    """Let a plugin be installed whose module is this text."""

    def one(text: str) -> None:
        (tmp_path / "written_plugin.py").write_text(f"from nntrain.hooks import hookimpl\n{text}", encoding="utf-8")
        sys.modules.pop("written_plugin", None)
        install("nntrain-written", "written_plugin")

    return one
