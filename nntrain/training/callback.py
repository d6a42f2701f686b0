"""What a run tells while it trains."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nntrain.nn.module import Module

__all__ = ["Callback"]


class Callback:
    """Calls that a run makes on its way. Each does nothing here; a listener overrides what it wants to hear.

    Public: a plugin's logger is a subclass, and comes in by the hook ``nntrain_events``. Arguments of its constructor
    are options in a config. It may look at the network, and must not change it.
    """

    def setup(self, folder: Path, model: Module, config: Mapping[str, Any]) -> None:
        """The run to listen to, before anything else: a folder for logs, its network, its config as a table."""

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        """Training begins, or goes on, in an epoch (from 1) of so many steps."""

    def on_step_end(self, step: int, loss: float) -> None:
        """A step was made, the first of the run is 1; ``loss`` is that of its rows."""

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        """An epoch is over; ``line`` is what went into ``metrics.jsonl``."""

    def on_warning(self, message: str) -> None:
        """Something went wrong that training goes on in spite of."""

    def on_train_end(self, reason: str) -> None:
        """Training is over: in words, why."""

    def teardown(self) -> None:
        """Nothing more will be told, whether training ended, was stopped, or failed."""
