"""Signals to a run: Ctrl-C and terminate stop it after the step, a second one at once; USR1 saves."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Interrupt"]

STOPS = (signal.SIGINT, signal.SIGTERM)

# Windows has no such signal.
SAVES = tuple(filter(None, [getattr(signal, "SIGUSR1", None)]))


class Interrupt:
    """A context in which ``requested`` becomes true at the first signal to stop, ``saves`` at one to save.

    Outside the main thread it hears none.
    """

    def __init__(self) -> None:
        self.requested = False
        self.saves = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._heard) for number in (*STOPS, *SAVES)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if number in SAVES:
            self.saves = True
            return
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
