"""``nntrain diff`` tells where two runs part, and that they do not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint

Command = Callable[..., Any]


@pytest.fixture
def trained(nntrain: Command, iris: Path) -> Callable[..., str]:
    def train(out: str, *options: str) -> str:
        arguments = ("fit", iris, "--target", "species", "--out", out, "--set", "train.epochs=3", *options)
        assert nntrain(*arguments).code == 0
        return out

    return train


def compared(nntrain: Command, first: str, second: str) -> dict[str, Any]:
    outcome = nntrain("diff", first, second, "--json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_equal_runs_do_not_part(nntrain: Command, trained: Callable[..., str]) -> None:
    found = compared(nntrain, trained("a"), trained("b"))
    empty = {name: found[name] for name in ("config", "data", "versions", "parting", "parameters")}
    assert empty == {"config": {}, "data": {}, "versions": {}, "parting": None, "parameters": None}
    assert found["scores"]["test"]["accuracy"][0] == found["scores"]["test"]["accuracy"][1]
    told = nntrain("diff", "a", "b").out
    assert "The configs are identical." in told
    assert "bit-for-bit identical" in told


def test_only_the_keys_that_differ_are_reported(nntrain: Command, trained: Callable[..., str]) -> None:
    found = compared(nntrain, trained("a"), trained("b", "--set", "optimizer.learning_rate=0.01"))
    assert found["config"] == {"optimizer.learning_rate": [0.04, 0.01]}
    assert (found["parting"]["epoch"], "train.loss" in found["parting"]["values"]) == (1, True)
    assert found["parameters"]["first"] == "0.0.frequency"
    assert found["parameters"]["largest"]["difference"] > 0


def test_a_run_that_went_on_parts_where_the_other_stopped(nntrain: Command, trained: Callable[..., str]) -> None:
    # The rates of a schedule would depend on the number of epochs.
    trained("a", "--set", "model.hidden=[4]")
    trained("b", "--set", "model.hidden=[4]", "--set", "train.epochs=2")
    found = compared(nntrain, "a", "b")
    assert found["parting"]["epoch"] == 3
    assert found["parting"]["values"]["train.loss"][1] == "(absent)"
    assert "are identical up to epoch 2, where one of the runs ends." in nntrain("diff", "a", "b").out


def test_networks_of_other_shapes_are_distinguished(nntrain: Command, trained: Callable[..., str]) -> None:
    trained("a", "--set", "model.hidden=[4]")
    trained("b", "--set", "model.hidden=[5]")
    assert compared(nntrain, "a", "b")["parameters"]["shapes"] == [[4, 4], [5, 4]]
    assert "first 0.weight (4, 4) and (5, 4)" in nntrain("diff", "a", "b").out


def test_one_changed_number_is_found(nntrain: Command, trained: Callable[..., str], tmp_path: Path) -> None:
    trained("a")
    trained("b")
    tree = read_checkpoint(tmp_path / "b" / "best.h5")
    blocks = tree["network"]["state"]["blocks"]
    (next(iter(blocks.values())) if isinstance(blocks, dict) else blocks[0])[-1] += 0.5
    write_checkpoint(tmp_path / "b" / "best.h5", tree)
    found = compared(nntrain, "a", "b")["parameters"]
    assert found["arrays"] == 1
    assert found["largest"]["difference"] == pytest.approx(0.5)


def test_data_that_differ_are_reported(
    nntrain: Command, trained: Callable[..., str], iris: Path, tmp_path: Path
) -> None:
    trained("a")
    (tmp_path / "iris.csv").write_text("".join(iris.read_text().splitlines(keepends=True)[:-1]))
    assert nntrain("fit", "iris.csv", "--target", "species", "--out", "b", "--set", "train.epochs=1").code == 0
    assert "fingerprint" in compared(nntrain, "a", "b")["data"]


def test_invalid_run_is_reported(nntrain: Command, trained: Callable[..., str]) -> None:
    outcome = nntrain("diff", trained("a"), "nothing")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "nothing: not a run folder" in outcome.err
