"""Torch7's networks live again: they compute what they did, in every form, and learn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import nntrain
from nntrain import nn
from nntrain.cli.main import run_command
from nntrain.nn import Module
from tests.torch7.figures import Record, records

RECORDS = [record for record in records() if record.kind == "module"]
CRITERIONS = [record for record in records() if record.kind == "criterion"]

# How a record comes: binary, ascii, from our own checkpoint, and from our own .t7 files.
FORMS = ("binary", "ascii", "h5", "t7 again", "ascii t7 again")


def loaded(record: Record, form: str, folder: Path) -> Module:
    path = record.files[form == "ascii"]
    if form not in ("binary", "ascii"):
        for suffix in (".h5", ".t7") if form == "t7 again" else (".h5", ".ascii.t7") if "ascii" in form else (".h5",):
            out = folder / f"again{suffix}"
            assert run_command(["convert", str(path), str(out)]) == 0
            path = out
    model: Module = nntrain.load(path)
    return model


def near(ours: Any, theirs: Any) -> None:
    tolerance = 1e-12 if np.asarray(theirs).dtype == np.float64 else 1e-5
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_it_computes_what_torch_did(record: Record, form: str, tmp_path: Path) -> None:
    model = loaded(record, form, tmp_path)
    model.training() if record.train else model.evaluate()
    for ours, theirs in zip(model.parameters()[0], record.params, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    near(model.forward(record.input), record.output)
    if record.grad_output is not None:
        model.zero_grad_parameters()
        near(model.backward(record.input, record.grad_output), record.grad_input)
        for ours, theirs in zip(model.parameters()[1], record.grad_params, strict=True):
            near(ours, theirs)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("record", [record for record in RECORDS if record.shared], ids=str)
def test_what_was_tied_stays_tied(record: Record, form: str, tmp_path: Path) -> None:
    model = loaded(record, form, tmp_path)
    model.evaluate()
    for place, other in record.shared:
        assert np.shares_memory(at(model, place), at(model, other))
    # What the record did before its second pass.
    model.modules[0].modules[0].modules[0].weight += 0.1  # type: ignore[attr-defined]
    near(model.forward(record.input), record.output_after)


def at(model: Any, place: str) -> Any:
    """The array at a place such as 0.0.weight, from the network itself on."""
    *path, name = place.split(".")
    for position in path:
        model = model.modules[int(position)]
    return getattr(model, name)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_it_prints_and_learns(record: Record, form: str, tmp_path: Path) -> None:
    model = loaded(record, form, tmp_path)
    assert str(model).startswith("nn.Sequential {")
    model.training() if record.train else model.evaluate()
    target = np.zeros_like(record.output)
    criterion = nn.MSECriterion().type(model.type())
    losses = []
    for _ in range(20):
        losses.append(criterion.forward(model.forward(record.input), target))
        model.zero_grad_parameters()
        model.backward(record.input, criterion.backward(model.output, target))
        model.update_parameters(0.01)
    assert losses[-1] < losses[0]
    for place, other in record.shared:
        np.testing.assert_array_equal(at(model, place), at(model, other))


@pytest.mark.parametrize("record", RECORDS, ids=str)
def test_it_is_shown(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["show", str(record.files[0])]) == 0
    told = capsys.readouterr().out
    count = sum(array.size for array in record.params)
    assert "\nSequential " in told
    assert " parameters; criterion not recorded" in told
    assert record.shared or f"{count:,} parameters" in told


@pytest.mark.parametrize("record", CRITERIONS, ids=str)
@pytest.mark.parametrize("form", [0, 1])
def test_a_criterion_computes_what_torch_did(record: Record, form: int) -> None:
    criterion = nntrain.load(record.files[form])
    # Labels count from 1 in Torch, and from 0 here and in the figures.
    assert criterion.forward(record.input, record.target) == pytest.approx(record.loss, abs=1e-12)
    near(criterion.backward(record.input, record.target), record.grad_input)


def test_a_lenet_goes_on_learning_on_images_of_its_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = next((record for record in RECORDS if record.name == "lenet"), None)
    if record is None:
        pytest.skip("the records beside the repository are not there")
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(3)
    labels = np.arange(200) % 4
    shape = record.input.shape[1:]
    images = generator.normal(size=(200, *shape)) + labels[:, None, None, None]
    with h5py.File("images.h5", "w") as file:
        file["inputs"], file["targets"] = images, labels
    settings = ("--set", f"model.from='{record.files[0]}'", "--set", "train.epochs=15")
    assert run_command(["fit", "images.h5", *settings, "--out", "run"]) == 0
    scores = json.loads(Path("run/scores.json").read_text())
    assert scores["test"]["accuracy"] > 0.6
    assert run_command(["convert", "run", "run.t7"]) == 0
    tuned, again = nntrain.load("run"), nntrain.load("run.t7")
    tuned.evaluate()
    again.evaluate()
    x = images.astype(np.float32)
    np.testing.assert_array_equal(tuned.forward(x), again.forward(x))
