"""Several listeners to one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.errors import NntrainError
from nntrain.nn.module import Module
from nntrain.training.events import Events

__all__ = ["Listeners"]


class Listeners(Events):
    """Tells each of them everything. A guest that raises is told of to the host, and hears no more."""

    def __init__(self, host: Events, guests: Sequence[Events]) -> None:
        self.host = host
        self.guests = list(guests)

    def attached(self, folder: Path, model: Module, config: Mapping[str, Any]) -> None:
        self._tell("attached", folder, model, config)

    def started(self, epoch: int, epochs: int, steps: int) -> None:
        self._tell("started", epoch, epochs, steps)

    def stepped(self, step: int, loss: float) -> None:
        if self.guests:
            self._tell("stepped", step, loss)
        else:
            self.host.stepped(step, loss)

    def epoch_ended(self, line: dict[str, Any]) -> None:
        self._tell("epoch_ended", line)

    def warned(self, what: str) -> None:
        self._tell("warned", what)

    def ended(self, why: str) -> None:
        self._tell("ended", why)

    def closed(self) -> None:
        self._tell("closed")

    def _tell(self, event: str, *what: Any) -> None:
        getattr(self.host, event)(*what)
        for guest in tuple(self.guests):
            try:
                getattr(guest, event)(*what)
            except Exception as error:
                self.guests.remove(guest)
                reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
                self.host.warned(f"the logger {type(guest).__name__.lower()} is left out: {reason}")
