"""What TensorBoard is told is read back from its files."""

import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nntrain.config.load import build_config
from nntrain.errors import InterruptedRunError
from nntrain.training.callback_list import CallbackList
from nntrain.training.resuming.resume import resume_run
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import train
from nntrain_tensorboard.tensorboard import TensorBoard
from tests.cli.conftest import nntrain  # noqa: F401 - a fixture
from tests.training.stopping import ADAM, IRIS, StopAfter, config

event_pb2 = pytest.importorskip("tensorboardX.proto.event_pb2", reason="tensorboardX is not installed")


def events(folder: Path) -> Iterator[Any]:
    """The events of all files of a folder: each is a length, its checksum, the message, and its checksum."""
    for path in sorted(folder.glob("events.out.tfevents.*")):
        content = path.read_bytes()
        while content:
            (length,) = struct.unpack("<Q", content[:8])
            event = event_pb2.Event()
            event.ParseFromString(content[12 : 12 + length])
            content = content[16 + length :]
            yield event


def told(folder: Path) -> dict[str, dict[int, Any]]:
    """By tag and step: scalars, and histograms; what a later file begins with makes older steps void."""
    found: dict[str, dict[int, Any]] = {}
    for event in events(folder):
        if event.HasField("session_log"):
            for values in found.values():
                for step in [step for step in values if step >= event.step]:
                    del values[step]
        for value in event.summary.value:
            known = found.setdefault(value.tag, {})
            assert event.step not in known, "told twice"
            known[event.step] = value.histo if value.HasField("histo") else value.simple_value
    return found


def test_scores_and_parameters_are_reported_once_also_when_a_run_goes_on(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    settings = build_config(config(ADAM))
    run, decided = start_run(settings, load_splits(settings), "", folder, [])

    def listen() -> CallbackList:
        listeners = CallbackList(StopAfter(17), [TensorBoard(every=5)])
        listeners.setup(folder.logs, run.network.model, {})
        return listeners

    listeners = listen()
    with pytest.raises(InterruptedRunError):
        train(run, folder, decided.train, listeners)
    listeners.teardown()
    run, decided = resume_run(folder)
    listeners = listen()
    train(run, folder, decided.train, listeners)
    listeners.teardown()
    assert not listeners.loggers[1:]
    assert listeners.loggers, "it was not left out"
    found = told(folder.logs)
    assert list(found["step/loss"]) == [5, 10, 15, 20, 25, 30, 35, 40]
    lines = folder.read_metrics()
    for part in ("train", "validation"):
        for name in ("loss", "accuracy"):
            wanted = {line["step"]: line[part][name] for line in lines}
            assert found[f"{part}/{name}"] == pytest.approx(wanted, rel=1e-6)
    weight = run.network.model.modules[0].weight
    last = found["0.weight"][42]
    assert (last.num, last.sum) == (weight.size, pytest.approx(float(weight.sum()), rel=1e-4, abs=1e-4))
    assert len(found["0.weight"]) == 6


def test_it_is_chosen_on_the_command_line(nntrain: Callable[..., Any]) -> None:  # noqa: F811
    outcome = nntrain("fit", IRIS, "--target", "species", "--set", "train.epochs=2", "--log", "tensorboard")
    assert (outcome.code, outcome.err) == (0, "")
    assert "validation/accuracy" in told(Path("runs/iris/logs"))


def test_without_the_extra_it_is_one_line_and_the_run_goes_on(
    nntrain: Callable[..., Any],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    outcome = nntrain("fit", IRIS, "--target", "species", "--set", "train.epochs=1", "--log", "tensorboard")
    assert outcome.code == 0
    assert outcome.err == (
        'Warning: the logger tensorboard is disabled: it needs tensorboardX: pip install "nntrain[tensorboard]"\n'
    )
