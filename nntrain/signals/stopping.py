"""Signals that stop a process. Imports nothing that takes time."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

__all__ = ["ASKED", "ONCE", "SAVES", "STOPS", "ignore", "listen", "staying"]

# Windows has INT and TERM alone. HUP: the terminal was closed. XCPU: the limit of CPU time (`ulimit -t`) is reached.
STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name))
SAVES = tuple(getattr(signal, name) for name in ("SIGUSR1",) if hasattr(signal, name))

# Those by which a person asks: a second one means at once. A terminal that closes may send HUP twice, and XCPU comes
# again every second.
ASKED = (signal.SIGINT, signal.SIGTERM)

# `timeout` sends its signal twice, to the process and to its group. What comes within so many seconds is one request.
ONCE = 0.25

# Seconds until a stop that nobody could catch is tried again.
AGAIN = 0.01


class Stopped(KeyboardInterrupt):
    """A stop by a signal. After a plain KeyboardInterrupt inside ``eval`` Python ends by INT, with no exit code."""


class Stop:
    """A handler of signals that raises Stopped, once for all that come at nearly the same time."""

    def __init__(self) -> None:
        self.last: float | None = None
        self.number: int = signal.SIGTERM

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = number
        if is_loading(frame):
            self.come_again()
            return
        if number not in ASKED:
            signal.signal(number, signal.SIG_IGN)  # the system repeats XCPU
        now = time.monotonic()
        if self.last is None or now - self.last > ONCE:
            self.last = now
            raise Stopped

    def uncaught(self, found: sys.UnraisableHookArgs) -> None:
        """Stop a little later if Stopped was raised where Python only prints it, as in a weak reference."""
        if issubclass(found.exc_type, Stopped):
            self.last = None
            self.come_again()
        else:
            sys.__unraisablehook__(found)

    def come_again(self) -> None:
        """Send the signal to the main thread again, in a moment."""
        from threading import Timer, main_thread

        if self.number not in ASKED:
            signal.signal(self.number, self)
        if hasattr(signal, "pthread_kill"):
            Timer(AGAIN, signal.pthread_kill, (main_thread().ident, self.number)).start()
        else:
            Timer(AGAIN, signal.raise_signal, (self.number,)).start()


def is_loading(frame: FrameType | None) -> bool:
    """Whether a library in C is being imported. Some end the process if an exception passes through them then."""
    while frame is not None:
        if frame.f_code.co_qualname in ("ExtensionFileLoader.create_module", "ExtensionFileLoader.exec_module"):
            return True
        frame = frame.f_back
    return False


def listen() -> None:
    """Have the signals to stop raise KeyboardInterrupt. One to save is ignored until there is something to save."""
    stop = Stop()
    for number in STOPS:
        # Those that are ignored stay so: HUP under `nohup`, INT in the background of a script.
        if signal.getsignal(number) is not signal.SIG_IGN or number == signal.SIGTERM:
            signal.signal(number, stop)
    for number in SAVES:
        signal.signal(number, signal.SIG_IGN)
    sys.unraisablehook = stop.uncaught


def staying(number: int) -> bool:
    """Whether a signal was ignored before, as HUP is under ``nohup``, and stays so."""
    return number not in (*ASKED, *SAVES) and signal.getsignal(number) is signal.SIG_IGN


def ignore() -> None:
    """Ignore further signals to stop: the process is about to end."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
