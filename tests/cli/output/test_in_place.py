"""A config with a module that works in place on memory that is still needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome

CONFIG = """
[data]
path = "rows.csv"
target = "y"

[model]
modules = [
  {{ type = "Linear", output_size = 4 }},
  {{ type = "ConcatTable", modules = [
    {{ type = "ReLU", inplace = {inplace} }},
    {{ type = "Linear", output_size = 4 }},
  ] }},
  {{ type = "CAddTable" }},
  {{ type = "Linear" }},
]

[train]
epochs = 1
"""


@pytest.fixture
def run(nntrain: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """A command with that config, whose module is in place or is not."""
    lines = [f"{i % 7 / 7},{i % 5 / 5},{i % 3 + i % 7 / 9}" for i in range(60)]
    Path("rows.csv").write_text("\n".join(["a,b,y", *lines]) + "\n", encoding="utf-8")

    def call(command: str, *, inplace: str) -> Outcome:
        Path("net.toml").write_text(CONFIG.format(inplace=inplace), encoding="utf-8")
        return nntrain(command, "net.toml")

    return call


@pytest.mark.parametrize("command", ["check", "fit"])
def test_it_is_refused_in_one_line_with_its_path(command: str, run: Callable[..., Outcome]) -> None:
    result = run(command, inplace="true")
    assert result.code != 0
    (line,) = [line for line in (result.out + result.err).splitlines() if "inplace" in line]
    assert "model.modules[1].modules[0]: ReLU overwrites its input" in line
    assert line.endswith("set inplace = false")


def test_it_is_trained_without(run: Callable[..., Outcome]) -> None:
    assert run("fit", inplace="false").code == 0
