"""docs/tensorboard.md: its commands run, and give the files and the tags that it names."""

from __future__ import annotations

import inspect
import re
import shlex
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain_tensorboard.tensorboard import TensorBoard
from tests.cli.conftest import nntrain  # noqa: F401 - a fixture
from tests.paths import ROOT
from tests.tensorboard.test_tensorboard import told

TEXT = (ROOT / "docs" / "tensorboard.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}(\S.*)$", TEXT, re.MULTILINE)

# What pip and TensorBoard themselves do is not ours to try.
OURS = [shlex.split(line)[1:] for line in COMMANDS if line.startswith("nntrain ")]


@pytest.fixture
def page(nntrain: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:  # noqa: F811
    shutil.copy(ROOT / "datasets" / "iris.csv", tmp_path / "iris.csv")
    return nntrain


def test_the_commands_run_and_give_the_files_and_tags_of_the_page(page: Callable[..., Any], tmp_path: Path) -> None:
    assert [command[0] for command in OURS] == ["fit", "fit", "fit", "diff"]
    for command in OURS:
        # A network with the names of the page, in which the first layer has a weight and a bias.
        short = ["--set", "train.epochs=2", "--set", "model.hidden=[8]"] if command[0] == "fit" else []
        outcome = page(*command, *short)
        assert outcome.code == 0, outcome.err
    pattern = re.search(r"`(runs/iris/logs/events\S*)`", TEXT)
    assert pattern
    assert len(list(tmp_path.glob(pattern[1]))) == 1
    assert {folder.name for folder in (tmp_path / "runs").iterdir()} >= {"iris", "slow", "fast"}
    for run in ("iris", "slow", "fast"):
        rows = re.findall(r"^\| (`.*`.*) \| (?:scalar|histogram) \|", TEXT, re.MULTILINE)
        tags = {tag for row in rows for tag in re.findall(r"`([^`]+)`", row)} - {"step/rate"}
        found = told(tmp_path / "runs" / run / "logs")
        assert tags <= set(found)
        kinds = {tag.partition("/")[0] if "/" in tag else tag.rpartition(".")[2] for tag in found}
        assert kinds == {"step", "train", "validation", "weight", "bias"}


def test_a_run_with_a_schedule_has_the_tag_of_its_rate(page: Callable[..., Any], tmp_path: Path) -> None:
    settings = ("--set", "train.epochs=2", "--set", "schedule.type=cosine")
    assert page(*OURS[0], *settings).code == 0
    assert len(told(tmp_path / "runs" / "iris" / "logs")["step/rate"]) == 2


def test_the_config_of_the_page_is_taken_and_its_table_is_complete(page: Callable[..., Any], tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert block
    loggers = tomllib.loads(block[1])["train"]["loggers"]
    config = '[data]\npath = "iris.csv"\ntarget = "species"\n' + block[1] + "epochs = 2\n"
    (tmp_path / "iris.toml").write_text(config, encoding="utf-8")
    assert page("fit", "iris.toml").code == 0
    assert "0.weight" not in told(tmp_path / "runs" / "iris" / "logs")
    table = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", TEXT, re.MULTILINE))
    arguments = inspect.signature(TensorBoard).parameters
    assert table == {name: str(parameter.default).lower() for name, parameter in arguments.items()}
    assert set(loggers[0]) == {"type", *arguments}
