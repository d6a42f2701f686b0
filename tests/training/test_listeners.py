"""Listeners to a run hear everything, change nothing, and cannot break it."""

from pathlib import Path
from typing import Any

import pytest

from nntrain.config.load import config_of
from nntrain.errors import ConfigError
from nntrain.training.events import Events
from nntrain.training.finish import finish
from nntrain.training.listeners import Listeners
from nntrain.training.loop import train
from nntrain.training.run_folder import RunFolder
from nntrain.training.start import begin, prepare
from tests.training.stopping import ADAM, config, outcome, run_to_the_end


class Heard(Events):
    def __init__(self) -> None:
        self.calls: list[str] = []

    def attached(self, folder: Path, model: Any, config: Any) -> None:
        self.calls.append(f"attached {folder.name} {config['train']['epochs']}")

    def started(self, epoch: int, epochs: int, steps: int) -> None:
        self.calls.append(f"started {epoch} {epochs} {steps}")

    def stepped(self, step: int, loss: float) -> None:
        self.calls.append(f"stepped {step}")

    def epoch_ended(self, line: dict[str, Any]) -> None:
        self.calls.append(f"epoch {line['epoch']}")

    def warned(self, what: str) -> None:
        self.calls.append(f"warned {what}")

    def ended(self, why: str) -> None:
        self.calls.append(f"ended {why}")

    def closed(self) -> None:
        self.calls.append("closed")


class Breaks(Events):
    def stepped(self, step: int, loss: float) -> None:
        if step == 3:
            raise ValueError("no room")


def test_all_hear_everything_and_one_that_breaks_hears_no_more(tmp_path: Path) -> None:
    straight, folder = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "run")
    run_to_the_end(straight, config(ADAM), Events())
    host, guest = Heard(), Heard()
    told = config_of(config(ADAM))
    run, decided = begin(told, prepare(told), "", folder, [])
    listeners = Listeners(host, [Breaks(), guest])
    listeners.attached(folder.path, run.network.model, decided.model_dump())
    train(run, folder, decided.train, listeners)
    listeners.closed()
    finish(run, folder)
    assert guest.calls[:4] == ["attached run 6", "started 1 6 7", "stepped 1", "stepped 2"]
    assert guest.calls[-4:] == ["stepped 42", "epoch 6", "ended all 6 epochs are done", "closed"]
    assert len(guest.calls) == 1 + 1 + 42 + 6 + 1 + 1
    extra = [call for call in host.calls if call not in guest.calls]
    assert extra == ["warned the logger breaks is left out: ValueError: no room"]
    assert outcome(folder) == outcome(straight)


@pytest.mark.parametrize(
    ("loggers", "told"),
    [
        (["tensorbord"], r"train\.loggers\[0\]: unknown logger 'tensorbord'"),
        ([3], r"train\.loggers\[0\]: expected the name of a logger"),
    ],
)
def test_a_logger_that_is_not_there_is_told(loggers: list[Any], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        config_of(config(ADAM, loggers=loggers))
