"""``nntrain convert`` writes ONNX, as a user meets it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.checkpoint.writing import write_checkpoint
from nntrain.cli.main import run_command
from nntrain.exchange import ExchangeNetwork
from nntrain.nn import Module, build
from nntrain.training.inference.raw_network import build_raw_tree
from nntrain_onnx import export
from tests.onnx.asked import agree, exported, said
from tests.onnx.running import session
from tests.paths import ROOT
from tests.torch7.figures import Record, records

IRIS = ROOT / "datasets" / "iris.csv"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def bare(*modules: dict[str, Any]) -> Module:
    """A network without preprocessing, in net.h5."""
    model: Module = build({"type": "Sequential", "modules": list(modules)}, "module")
    model.evaluate()
    write_checkpoint(Path("net.h5"), build_raw_tree(ExchangeNetwork(model)))
    return model


def linear(inputs: int, outputs: int) -> dict[str, Any]:
    return {"type": "Linear", "input_size": inputs, "output_size": outputs}


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command says that ends with one line, and leaves no file behind."""
    before = sorted(Path().iterdir())
    capsys.readouterr()
    assert run_command(["convert", *map(str, arguments)]) not in (0, 70)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert sorted(Path().iterdir()) == before
    return told


def test_what_goes_in_and_out_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    made = exported(IRIS, 'data.target="species"')
    assert capsys.readouterr().out.endswith(
        """ parameters to run.onnx.
  ONNX, opset 18, ai.onnx.ml 3
  input   sepal_length   float64 (rows, 1)  a number, NaN where missing
  input   sepal_width    float64 (rows, 1)  a number, NaN where missing
  input   petal_length   float64 (rows, 1)  a number, NaN where missing
  input   petal_width    float64 (rows, 1)  a number, NaN where missing
  output  prediction     string (rows,)     the most probable class
  output  probabilities  float32 (rows, 3)  the probability of each of the labels in the metadata
"""
    )
    agree(made, IRIS)
    said("convert", "run/best.h5", "best.onnx")
    assert Path("best.onnx").read_bytes() == Path("run.onnx").read_bytes()


def test_a_network_alone_needs_the_sizes_of_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    model = bare(
        {"type": "SpatialConvolution", "n_input_plane": 1, "n_output_plane": 2, "kw": 3, "kh": 3},
        {"type": "ConcatTable", "modules": [{"type": "Tanh"}, {"type": "Sum", "dim": 1}]},
    )
    assert "set it, e.g. --input-size 1x28x28" in refused(capsys, "net.h5", "net.onnx")
    assert "expected a shape, e.g. 1x28x28" in click_error(capsys, "net.h5", "net.onnx", "--input-size", "a")
    wrong = refused(capsys, "net.h5", "net.onnx", "--input-size", "25")
    assert "net.onnx: " in wrong
    assert "Sequential[0] > SpatialConvolution" in wrong
    said("convert", "net.h5", "net.onnx", "--input-size", "1x5x6")
    assert "input   input     float32 (rows, 1, 5, 6)  input of the network" in capsys.readouterr().out
    x = np.random.default_rng(1).normal(size=(4, 1, 5, 6)).astype(np.float32)
    made = session("net.onnx")
    assert [output.name for output in made.get_outputs()] == ["output.0", "output.1"]
    for theirs, ours in zip(made.run(None, {"input": x}), model.forward(x), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-5)


def click_error(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert run_command(["convert", *map(str, arguments)]) == 2
    return capsys.readouterr().err


def test_what_onnx_has_nothing_for_is_reported_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    pooling = {"type": "SpatialFractionalMaxPooling", "kw": 2, "kh": 2, "out_w": 2, "out_h": 2}
    inner = {"type": "Sequential", "modules": [pooling]}
    bare(linear(4, 4), inner, {"type": "MaskedSelect"})
    told = refused(capsys, "net.h5", "net.onnx", "--input-size", "4")
    classes = "SpatialFractionalMaxPooling (module 1.0), MaskedSelect (module 2)"
    assert told == f"Error: net.onnx: ONNX has no counterpart for {classes}\n"


def test_without_the_package_it_is_reported_with_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(linear(4, 2))
    monkeypatch.setitem(sys.modules, "onnx", None)
    told = refused(capsys, "net.h5", "net.onnx", "--input-size", "4")
    assert told == 'Error: an .onnx file needs onnx: pip install "nntrain[onnx]"\n'


def test_what_the_format_cannot_hold_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bare(linear(400, 300))
    monkeypatch.setattr(export, "MAX_BYTES", 400_000)
    told = refused(capsys, "net.h5", "net.onnx", "--input-size", "400")
    assert told == "Error: net.onnx: expected parameters of at most 2 GB in an ONNX file, got 481,200 bytes\n"


def test_a_file_is_whole_or_not_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bare(linear(4, 2))
    said("convert", "net.h5", "net.onnx", "--input-size", "4")
    whole = Path("net.onnx").read_bytes()
    assert "--force" in refused(capsys, "net.h5", "net.onnx", "--input-size", "4")
    monkeypatch.setattr(os, "replace", full)
    assert "No space left" in refused(capsys, "net.h5", "net.onnx", "--input-size", "4", "--force")
    assert Path("net.onnx").read_bytes() == whole


def full(*arguments: object) -> None:
    raise OSError(28, "No space left on device")


def test_it_is_written_and_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    bare(linear(4, 2))
    said("convert", "net.h5", "net.onnx", "--input-size", "4")
    for arguments in (["show", "net.onnx"], ["convert", "net.onnx", "again.h5"], ["predict", "net.onnx", IRIS]):
        capsys.readouterr()
        assert run_command([*map(str, arguments)]) == 2
        told = capsys.readouterr().err
        assert "net.onnx: this format can only be written; expected one of .h5, " in told
        assert ".t7" in told


def test_converting_changes_nothing_in_the_network() -> None:
    exported(IRIS, 'data.target="species"', epochs=1)
    said("predict", "run", IRIS, "--out", "before.csv")
    said("convert", "run", "again.onnx")
    said("predict", "run", IRIS, "--out", "after.csv")
    assert Path("before.csv").read_bytes() == Path("after.csv").read_bytes()
    assert Path("again.onnx").read_bytes() == Path("run.onnx").read_bytes()


def taken(record: Record) -> bool:
    return record.kind == "module" and not isinstance(record.input, list)


@pytest.mark.parametrize("record", [record for record in records() if taken(record)], ids=str)
def test_torch7s_networks_go_on_as_onnx(record: Record) -> None:
    size = "x".join(map(str, record.input.shape[1:]))
    said("convert", record.files[0], "net.onnx", "--input-size", size)
    got = session("net.onnx").run(None, {"input": record.input.astype(np.float32)})
    if not record.train:
        np.testing.assert_allclose(got[0], record.output, rtol=0, atol=1e-5)


def test_a_lenet_of_torch7_learns_on_and_goes_on_as_onnx() -> None:
    lenet = next((record for record in records() if record.name == "lenet"), None)
    if lenet is None:
        pytest.skip("the records beside the repository are not there")
    labels = np.arange(200) % 4
    noise = np.random.default_rng(3).normal(size=(200, *lenet.input.shape[1:]))
    with h5py.File("images.h5", "w") as file:
        file["inputs"], file["targets"] = noise + labels[:, None, None, None], labels
    made = exported("images.h5", f"model.from='{lenet.files[0]}'", epochs=15)
    got = agree(made, Path("images.h5"))
    assert np.mean(got["prediction"] == labels.astype(str)) > 0.6
