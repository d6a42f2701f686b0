"""Signals to a run: those to stop end it after the step, Ctrl-C or TERM a second time at once; USR1 saves."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

from nntrain.signals.stopping import ASKED, ONCE, SAVES, STOPS, staying

__all__ = ["Interrupt"]


class Interrupt:
    """A context in which ``requested`` becomes true at the first signal to stop, ``saves`` at one to save.

    Outside the main thread it hears none.
    """

    def __init__(self) -> None:
        self.requested = False
        self.saves = False
        self._asked: float | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            heard = (number for number in (*STOPS, *SAVES) if not staying(number))
            self._before = {number: signal.signal(number, self._heard) for number in heard}
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
        if number in ASKED:
            now = time.monotonic()
            if self._asked is not None and now - self._asked > ONCE:
                raise KeyboardInterrupt
            self._asked = now
        else:
            # Nobody asks twice by these.
            signal.signal(number, signal.SIG_IGN)
            self._before.pop(number, None)
        self.requested = True
