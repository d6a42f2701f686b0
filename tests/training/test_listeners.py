"""Listeners to a run hear everything, change nothing, and cannot break it."""

from pathlib import Path
from typing import Any

import pytest

from nntrain.config.load import build_config
from nntrain.errors import ConfigError
from nntrain.training.callback import Callback
from nntrain.training.callback_list import CallbackList
from nntrain.training.run_folder.run_folder import RunFolder
from nntrain.training.run_start import load_splits, start_run
from nntrain.training.training_loop import score_best_network, train
from tests.training.stopping import ADAM, config, outcome, run_to_the_end


class Heard(Callback):
    def __init__(self) -> None:
        self.calls: list[str] = []

    def setup(self, folder: Path, model: Any, config: Any) -> None:
        self.calls.append(f"attached {folder.name} {config['train']['epochs']}")

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        self.calls.append(f"started {epoch} {epochs} {steps}")

    def on_step_end(self, step: int, loss: float) -> None:
        self.calls.append(f"stepped {step}")

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        self.calls.append(f"epoch {logs['epoch']}")

    def on_warning(self, message: str) -> None:
        self.calls.append(f"warned {message}")

    def on_train_end(self, reason: str) -> None:
        self.calls.append(f"ended {reason}")

    def teardown(self) -> None:
        self.calls.append("closed")


class Breaks(Callback):
    def on_step_end(self, step: int, loss: float) -> None:
        if step == 3:
            raise ValueError("no room")


def test_all_hear_everything_and_one_that_breaks_hears_no_more(tmp_path: Path) -> None:
    straight, folder = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "run")
    run_to_the_end(straight, config(ADAM), Callback())
    host, guest = Heard(), Heard()
    told = build_config(config(ADAM))
    run, decided = start_run(told, load_splits(told), "", folder, [])
    listeners = CallbackList(host, [Breaks(), guest])
    listeners.setup(folder.path, run.network.model, decided.model_dump())
    train(run, folder, decided.train, listeners)
    listeners.teardown()
    score_best_network(run, folder)
    assert guest.calls[:4] == ["attached run 6", "started 1 6 7", "stepped 1", "stepped 2"]
    assert guest.calls[-4:] == ["stepped 42", "epoch 6", "ended reached 6 epochs", "closed"]
    assert len(guest.calls) == 1 + 1 + 42 + 6 + 1 + 1
    extra = [call for call in host.calls if call not in guest.calls]
    assert extra == ["warned the logger breaks is disabled: ValueError: no room"]
    assert outcome(folder) == outcome(straight)


@pytest.mark.parametrize(
    ("loggers", "told"),
    [
        (["tensorbord"], r"train\.loggers\[0\]: unknown logger 'tensorbord'"),
        ([3], r"train\.loggers\[0\]: expected the name of a logger"),
    ],
)
def test_a_logger_that_is_not_there_is_reported(loggers: list[Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        build_config(config(ADAM, loggers=loggers))
