"""A worker thread of the pool."""

import threading
from collections.abc import Callable
from typing import Any


class Worker:
    """Runs one task at a time: ``submit`` it, then get its ``result``.

    Uses two locks, because a thread that waits for a lock wakes 30 µs earlier than one that waits for a queue or a
    future. ``_go`` is free while a task is pending, and the thread that acquires it runs the task; ``_idle`` is free
    while there is no task.
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
        """Start a task in the thread."""
        self._idle.acquire()
        self._work = work
        self._go.release()

    def cancel(self) -> bool:
        """Cancel the task; return False if it has started or finished."""
        if not self._go.acquire(blocking=False):
            return False
        self._work = list
        self._idle.release()
        return True

    def wait(self) -> None:
        """Wait until no task is running; may be called repeatedly."""
        with self._idle:
            pass

    def result(self) -> Any:
        """Wait for the task, and return its result or raise its error."""
        self.wait()
        result, error = self._result, self._error
        self._work, self._result, self._error = list, None, None
        if error is not None:
            raise error
        return result
