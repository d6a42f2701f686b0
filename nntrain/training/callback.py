"""The base of callbacks: the events of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nntrain.nn.module import Module


class Callback:
    """Methods that a run calls during training. They do nothing here; a subclass overrides those that it needs.

    Public: a plugin's logger is a subclass, registered by the hook ``nntrain_loggers``. The arguments of its
    constructor are its options in a config. It may read the network but must not change it.
    """

    def setup(self, folder: Path, model: Module, config: Mapping[str, Any]) -> None:
        """Called before anything else, with a folder for logs, the network and the config as a dict."""

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        """Called when training starts or resumes in an epoch (from 1). ``steps``: the steps per epoch."""

    def on_step_end(self, step: int, loss: float) -> None:
        """Called after a step (from 1). ``loss``: the loss of its rows."""

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        """Called after an epoch. ``logs``: its line in ``metrics.jsonl``."""

    def on_warning(self, message: str) -> None:
        """Called for a problem that does not stop training."""

    def on_train_end(self, reason: str) -> None:
        """Called when training is over. ``reason``: a short sentence for the user."""

    def teardown(self) -> None:
        """Called last, whether training ended, was stopped or failed."""
