"""Several listeners to one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.errors import NntrainError
from nntrain.nn.module import Module
from nntrain.training.callback import Callback

__all__ = ["CallbackList"]


class CallbackList(Callback):
    """Tells each of them everything. A guest that raises is told of to the host, and hears no more."""

    def __init__(self, callback: Callback, guests: Sequence[Callback]) -> None:
        self.primary = callback
        self.loggers = list(guests)

    def setup(self, folder: Path, model: Module, config: Mapping[str, Any]) -> None:
        self._call("setup", folder, model, config)

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        self._call("on_train_start", epoch, epochs, steps)

    def on_step_end(self, step: int, loss: float) -> None:
        if self.loggers:
            self._call("on_step_end", step, loss)
        else:
            self.primary.on_step_end(step, loss)

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        self._call("on_epoch_end", logs)

    def on_warning(self, message: str) -> None:
        self._call("on_warning", message)

    def on_train_end(self, reason: str) -> None:
        self._call("on_train_end", reason)

    def teardown(self) -> None:
        self._call("teardown")

    def _call(self, event: str, *what: Any) -> None:
        getattr(self.primary, event)(*what)
        for guest in tuple(self.loggers):
            try:
                getattr(guest, event)(*what)
            except Exception as error:
                self.loggers.remove(guest)
                reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
                self.primary.on_warning(f"the logger {type(guest).__name__.lower()} is left out: {reason}")
