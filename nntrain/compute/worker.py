"""A thread that waits for parts of work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

__all__ = ["Worker"]


class Worker:
    """Does one part at a time: ``give`` it, and ask for its ``result``.

    Two locks: a thread that waits for one wakes 30 µs earlier than one that waits for a queue, and whoever waits for a
    future. ``_go`` is free while a part waits to be begun, and whoever acquires it does the part; ``_rest`` is free
    while there is no part.
    """

    def __init__(self) -> None:
        self._go, self._idle = threading.Lock(), threading.Lock()
        self._go.acquire()
        self._work: Callable[[], Any] = list
        self._result: Any = None
        self._error: BaseException | None = None
        threading.Thread(target=self._live, name="nntrain", daemon=True).start()

    def _live(self) -> None:
        while True:
            self._go.acquire()
            try:
                self._result, self._error = self._work(), None
            except BaseException as error:
                self._result, self._error = None, error
            self._idle.release()

    def submit(self, work: Callable[[], Any]) -> None:
        """Have the thread do it."""
        self._idle.acquire()
        self._work = work
        self._go.release()

    def cancel(self) -> bool:
        """Whether the part was not begun, and now will not be."""
        if not self._go.acquire(blocking=False):
            return False
        self._work = list
        self._idle.release()
        return True

    def wait(self) -> None:
        """Wait until no part is at work; to ask twice, or after an interruption, does no harm."""
        with self._idle:
            pass

    def result(self) -> Any:
        """What the part gave, once it is done; or its error."""
        self.wait()
        result, error = self._result, self._error
        self._work, self._result, self._error = list, None, None
        if error is not None:
            raise error
        return result
