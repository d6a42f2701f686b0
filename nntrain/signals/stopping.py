"""Signals that stop a process. Imports nothing that takes time."""

from __future__ import annotations

import signal
from types import FrameType

__all__ = ["ASKED", "SAVES", "STOPS", "ignore", "listen", "staying"]

# Windows has INT and TERM alone. HUP: the terminal was closed. XCPU: the limit of CPU time (`ulimit -t`) is reached.
STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGXCPU") if hasattr(signal, name))
SAVES = tuple(getattr(signal, name) for name in ("SIGUSR1",) if hasattr(signal, name))

# Those by which a person asks: a second one means at once. A terminal that closes may send HUP twice, and XCPU comes
# again every second.
ASKED = (signal.SIGINT, signal.SIGTERM)


def listen() -> None:
    """Have the signals to stop raise KeyboardInterrupt. One to save is ignored until there is something to save."""
    for number in STOPS:
        if number != signal.SIGINT and not staying(number):
            signal.signal(number, stop)
    for number in SAVES:
        signal.signal(number, signal.SIG_IGN)


def staying(number: int) -> bool:
    """Whether a signal was ignored before, as HUP is under ``nohup``, and stays so."""
    return number not in (*ASKED, *SAVES) and signal.getsignal(number) is signal.SIG_IGN


def ignore() -> None:
    """Hear no further signal to stop: the process is about to end."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)


def stop(number: int, frame: FrameType | None) -> None:
    """Stop at once. XCPU is not heard again: the system repeats it."""
    if number not in ASKED:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
