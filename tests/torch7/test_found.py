"""A network is found wherever it is in a file: in tables, as a key, in containers of tds, in objects of any class."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nntrain
from nntrain.cli.main import run_command
from nntrain.errors import CheckpointError
from nntrain.exchange.network_files import read_network
from nntrain.nn import build
from nntrain_torch7.format import ObjectKey, TorchObject, write
from nntrain_torch7.object_builder import ObjectBuilder
from tests.torch7.test_import import Fields, exported, inside, linear


def test_a_network_is_found_in_a_table(tmp_path: Path) -> None:
    criterion = ObjectBuilder("x").build(build({"type": "MSECriterion"}, "criterion"))
    saved = {"model": exported(linear()), "epoch": 3.0, "parts": {"criterion": criterion}}
    write(saved, tmp_path / "saved.t7")
    network = read_network(tmp_path / "saved.t7")
    assert type(network.criterion).__name__ == "MSECriterion"
    assert network.notes == ("the network is at 'model' of the table in the file",)
    assert nntrain.load(tmp_path / "saved.t7")["epoch"] == 3
    write({**saved, "other": exported(linear())}, tmp_path / "saved.t7")
    with pytest.raises(CheckpointError, match="contains several networks: model, other"):
        read_network(tmp_path / "saved.t7")
    write({"epoch": 3.0}, tmp_path / "saved.t7")
    with pytest.raises(CheckpointError, match="but no network; show it: nntrain t7"):
        read_network(tmp_path / "saved.t7")


def test_a_network_is_found_wherever_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = exported(linear())
    loop: Fields = {"epochs": 3.0, ObjectKey({1: "any"}): {2: {3: {4: {"net": model, "first": inside(model)}}}}}
    loop["self"] = loop
    loop[ObjectKey(loop)] = [loop, "x"]
    cost = ObjectBuilder("x").build(build({"type": "L1Cost"}, "criterion"))
    vector = TorchObject("tds.Vec", 0, {1: None, 2: TorchObject("tds.Hash", 0, {"model": model, "cost": cost})})
    places = {
        "loop": (loop, "'<table>[2][3][4].net' of the table"),
        "key": ({"a": {ObjectKey(model): True}}, "'a.key' of the table"),
        "hash": (TorchObject("tds.Hash", 0, {"model": model, 1: "x"}), "'model' of the tds.Hash"),
        "vector": (vector, "'[2].model' of the tds.Vec"),
        "trainer": (
            TorchObject("nn.StochasticGradient", 1, {"module": model}),
            "'module' of the nn.StochasticGradient",
        ),
        "object": ({"all": TorchObject("my.Trainer", 1, {"net": {1: model}})}, "'all.net[1]' of the table"),
    }
    for name, (value, place) in places.items():
        path = tmp_path / f"{name}.t7"
        write(value, path)
        network = read_network(path)
        np.testing.assert_array_equal(network.model.parameters()[0][0], inside(model).fields["weight"])
        assert network.notes == (f"the network is at {place} in the file",)
        assert run_command(["show", str(path), "--partial"]) == 0
        assert "Linear(4 -> 3)" in capsys.readouterr().out
        assert (type(network.criterion).__name__ == "L1Cost") == (name == "vector")


def test_what_an_unknown_class_holds_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unknown = TorchObject("my.Net", 1, {"gradInput": {}, "branches": {"left": exported(linear()), "n": 2.0}})
    write(TorchObject("tds.Hash", 0, {"model": unknown}), tmp_path / "unknown.t7")
    path = str(tmp_path / "unknown.t7")
    assert run_command(["show", path]) == 5
    assert "nntrain has no counterpart for my.Net" in capsys.readouterr().err
    assert run_command(["show", path, "--partial"]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("my.Net (unknown)"))
    assert lines[start + 1].startswith("  0 Sequential")
    assert lines[start + 2].startswith("    0.0 Linear(4 -> 3)")


@pytest.mark.parametrize("options", [(), ("--partial",)])
def test_a_container_without_a_network_is_one_line(
    options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.t7"
    write(TorchObject("tds.Hash", 0, {"rows": 3.0}), path)
    assert run_command(["show", str(path), *options]) == 5
    assert capsys.readouterr().err == (
        f"Error: {path}: contains a tds.Hash, but no network; show it: nntrain t7 {path}\n"
    )
