"""Signals that stop a process. Imports nothing that takes time."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

__all__ = [
    "REPEAT_WINDOW",
    "SAVE_SIGNALS",
    "STOP_SIGNALS",
    "USER_SIGNALS",
    "ignore_signals",
    "install_handlers",
    "is_ignored",
]

# Windows has INT and TERM alone. HUP: the terminal was closed. XCPU: the limit of CPU time (`ulimit -t`) is reached.
STOP_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name)
)
SAVE_SIGNALS = tuple(getattr(signal, name) for name in ("SIGUSR1",) if hasattr(signal, name))

# Those by which a person asks: a second one means at once. A terminal that closes may send HUP twice, and XCPU comes
# again every second.
USER_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# `timeout` sends its signal twice, to the process and to its group. What comes within so many seconds is one request.
REPEAT_WINDOW = 0.25

# Seconds until a stop that nobody could catch is tried again.
RETRY_DELAY = 0.01


class StopRequested(KeyboardInterrupt):
    """A stop by a signal. After a plain KeyboardInterrupt inside ``eval`` Python ends by INT, with no exit code."""


class StopHandler:
    """A handler of signals that raises Stopped, once for all that come at nearly the same time."""

    def __init__(self) -> None:
        self.last: float | None = None
        self.number: int = signal.SIGTERM

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = number
        if is_loading_extension(frame):
            self.come_again()
            return
        if number not in USER_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # the system repeats XCPU
        now = time.monotonic()
        if self.last is None or now - self.last > REPEAT_WINDOW:
            self.last = now
            raise StopRequested

    def uncaught(self, found: sys.UnraisableHookArgs) -> None:
        """Stop a little later if Stopped was raised where Python only prints it, as in a weak reference."""
        if issubclass(found.exc_type, StopRequested):
            self.last = None
            self.come_again()
        else:
            sys.__unraisablehook__(found)

    def come_again(self) -> None:
        """Send the signal to the main thread again, in a moment."""
        from threading import Timer, main_thread

        if self.number not in USER_SIGNALS:
            signal.signal(self.number, self)
        if hasattr(signal, "pthread_kill"):
            Timer(RETRY_DELAY, signal.pthread_kill, (main_thread().ident, self.number)).start()
        else:
            Timer(RETRY_DELAY, signal.raise_signal, (self.number,)).start()


def is_loading_extension(frame: FrameType | None) -> bool:
    """Whether a library in C is being imported. Some end the process if an exception passes through them then."""
    while frame is not None:
        if frame.f_code.co_qualname in ("ExtensionFileLoader.create_module", "ExtensionFileLoader.exec_module"):
            return True
        frame = frame.f_back
    return False


def install_handlers() -> None:
    """Have the signals to stop raise KeyboardInterrupt. One to save is ignored until there is something to save."""
    stop = StopHandler()
    for number in STOP_SIGNALS:
        # Those that are ignored stay so: HUP under `nohup`, INT in the background of a script.
        if signal.getsignal(number) is not signal.SIG_IGN or number == signal.SIGTERM:
            signal.signal(number, stop)
    for number in SAVE_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.unraisablehook = stop.uncaught


def is_ignored(number: int) -> bool:
    """Whether a signal was ignored before, as HUP is under ``nohup``, and stays so."""
    return number not in (*USER_SIGNALS, *SAVE_SIGNALS) and signal.getsignal(number) is signal.SIG_IGN


def ignore_signals() -> None:
    """Ignore further signals to stop: the process is about to end."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
