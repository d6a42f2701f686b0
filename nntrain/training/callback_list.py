"""Several callbacks of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.errors import NntrainError
from nntrain.nn.module import Module
from nntrain.training.callback import Callback


class CallbackList(Callback):
    """Forwards every event to all callbacks. A logger that raises is removed, with a warning to the first callback."""

    def __init__(self, callback: Callback, loggers: Sequence[Callback]) -> None:
        self.primary = callback
        self.loggers = list(loggers)

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

    def _call(self, event: str, *args: Any) -> None:
        getattr(self.primary, event)(*args)
        for logger in tuple(self.loggers):
            try:
                getattr(logger, event)(*args)
            except Exception as error:
                self.loggers.remove(logger)
                reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
                self.primary.on_warning(f"the logger {type(logger).__name__.lower()} is disabled: {reason}")
