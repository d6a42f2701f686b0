"""Signals that stop a process. This module imports nothing slow."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

# Windows has only SIGINT and SIGTERM. SIGHUP: the terminal was closed. SIGXCPU: the CPU time limit (`ulimit -t`).
STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name)
)
SAVE_SIGNALS = tuple(getattr(signal, name) for name in ("SIGUSR1",) if hasattr(signal, name))

# Signals from a user: a second one means to stop at once. A terminal that closes may send SIGHUP twice, and SIGXCPU
# repeats every second.
USER_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# `timeout` sends its signal twice, to the process and to its group. Signals within this many seconds are one request.
REPEAT_WINDOW = 0.25

# Seconds until a stop that could not be handled is tried again.
RETRY_DELAY = 0.01


class StopRequested(KeyboardInterrupt):
    """A stop by a signal. After a plain KeyboardInterrupt inside ``eval`` Python ends by SIGINT, without exit code."""


class StopHandler:
    """A signal handler that raises StopRequested, once for signals within REPEAT_WINDOW."""

    def __init__(self) -> None:
        self.last: float | None = None
        self.number: int = signal.SIGTERM

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = number
        if is_loading_extension(frame):
            self.repeat_later()
            return
        if number not in USER_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # the system repeats SIGXCPU
        now = time.monotonic()
        if self.last is None or now - self.last > REPEAT_WINDOW:
            self.last = now
            raise StopRequested

    def handle_unraisable(self, unraisable: sys.UnraisableHookArgs) -> None:
        """Stop a moment later if StopRequested was raised where Python only prints it, as in a weak reference."""
        if issubclass(unraisable.exc_type, StopRequested):
            self.last = None
            self.repeat_later()
        else:
            sys.__unraisablehook__(unraisable)

    def repeat_later(self) -> None:
        """Send the signal to the main thread again after RETRY_DELAY."""
        from threading import Timer, main_thread

        if self.number not in USER_SIGNALS:
            signal.signal(self.number, self)
        if hasattr(signal, "pthread_kill"):
            Timer(RETRY_DELAY, signal.pthread_kill, (main_thread().ident, self.number)).start()
        else:
            Timer(RETRY_DELAY, signal.raise_signal, (self.number,)).start()


def is_loading_extension(frame: FrameType | None) -> bool:
    """Whether a C extension is being imported: some end the process if an exception passes through them."""
    while frame is not None:
        if frame.f_code.co_qualname in ("ExtensionFileLoader.create_module", "ExtensionFileLoader.exec_module"):
            return True
        frame = frame.f_back
    return False


def install_handlers() -> None:
    """Make stop signals raise KeyboardInterrupt. Save signals are ignored until there is something to save."""
    stop = StopHandler()
    for number in STOP_SIGNALS:
        # Ignored signals stay ignored: SIGHUP with `nohup`, SIGINT in the background of a script.
        if signal.getsignal(number) is not signal.SIG_IGN or number == signal.SIGTERM:
            signal.signal(number, stop)
    for number in SAVE_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.unraisablehook = stop.handle_unraisable


def is_ignored(number: int) -> bool:
    """Whether a signal stays ignored, as SIGHUP with ``nohup``."""
    return number not in (*USER_SIGNALS, *SAVE_SIGNALS) and signal.getsignal(number) is signal.SIG_IGN


def ignore_signals() -> None:
    """Ignore further stop signals: the process is about to end."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
