"""Several callbacks of one run."""

from collections.abc import Sequence
from functools import partialmethod
from typing import Any

from nntrain.errors import NntrainError
from nntrain.training.callback import Callback


class CallbackList(Callback):
    """Forwards every event to all callbacks. A logger that raises is removed, with a warning to the first callback."""

    def __init__(self, callback: Callback, loggers: Sequence[Callback]) -> None:
        self.primary = callback
        self.loggers = list(loggers)

    def on_step_end(self, step: int, loss: float) -> None:
        if self.loggers:
            self._call("on_step_end", step, loss)
        else:
            self.primary.on_step_end(step, loss)

    def _call(self, event: str, *args: Any) -> None:
        getattr(self.primary, event)(*args)
        for logger in tuple(self.loggers):
            try:
                getattr(logger, event)(*args)
            except Exception as error:
                self.loggers.remove(logger)
                reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
                self.primary.on_warning(f"the logger {type(logger).__name__.lower()} is disabled: {reason}")


# The other events, in which speed matters less than in a step.
for event in vars(Callback):
    if not event.startswith("_") and event not in vars(CallbackList):
        setattr(CallbackList, event, partialmethod(CallbackList._call, event))
