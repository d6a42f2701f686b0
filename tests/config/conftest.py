"""A way to say what is wrong with a text in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nntrain.config.load import load_config
from nntrain.errors import ConfigError

ProblemsOf = Callable[..., tuple[str, ...]]


@pytest.fixture
def problems_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProblemsOf:
    """Every problem of the text as ``c.toml``, with overrides; none when it loads."""
    monkeypatch.chdir(tmp_path)

    def problems(text: str, *overrides: str) -> tuple[str, ...]:
        Path("c.toml").write_text(text, encoding="utf-8")
        try:
            load_config(Path("c.toml"), overrides)
        except ConfigError as error:
            return error.problems
        return ()

    return problems
