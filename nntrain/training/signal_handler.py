"""Signals to a run: a stop signal ends it after the step, a second SIGINT or SIGTERM at once; SIGUSR1 saves."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType
from typing import Any

from nntrain.signals.stop_signals import REPEAT_WINDOW, SAVE_SIGNALS, STOP_SIGNALS, USER_SIGNALS, is_ignored


class SignalHandler:
    """A context that sets ``is_stop_requested`` on a stop signal and ``is_save_requested`` on a save signal.

    Outside the main thread it receives none.
    """

    def __init__(self) -> None:
        self.is_stop_requested = False
        self.is_save_requested = False
        self._stop_requested_at: float | None = None
        self._previous_handlers: dict[int, Any] = {}

    def __enter__(self) -> SignalHandler:
        if threading.current_thread() is threading.main_thread():
            handled = (number for number in (*STOP_SIGNALS, *SAVE_SIGNALS) if not is_ignored(number))
            self._previous_handlers = {number: signal.signal(number, self._handle) for number in handled}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._previous_handlers.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if number in SAVE_SIGNALS:
            self.is_save_requested = True
            return
        if number in USER_SIGNALS:
            now = time.monotonic()
            if self._stop_requested_at is not None and now - self._stop_requested_at > REPEAT_WINDOW:
                raise KeyboardInterrupt
            self._stop_requested_at = now
        else:
            # The system may repeat these; a repetition is not a second request.
            signal.signal(number, signal.SIG_IGN)
            self._previous_handlers.pop(number, None)
        self.is_stop_requested = True
