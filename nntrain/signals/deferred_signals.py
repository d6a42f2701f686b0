"""Defer stop signals until a critical section ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, TypeVar

from nntrain.signals.stop_signals import STOP_SIGNALS

Item = TypeVar("Item")


class DeferredSignals:
    """A context that defers stop signals until its end.

    It does nothing outside the main thread, the only one that receives signals.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, None] = {}
        self._before: dict[int, Any] = {}

    def __enter__(self) -> DeferredSignals:
        self._hold()
        return self

    def __exit__(self, *error: object) -> None:
        self._release()

    def between(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items, and let signals through while the next item is computed."""
        iterator = iter(items)
        while True:
            try:
                self._release()
                item = next(iterator)
            except StopIteration:
                return
            finally:
                self._hold()
            yield item

    def let_through(self) -> None:
        """Stop now if a signal was deferred."""
        try:
            self._release()
        finally:
            self._hold()

    def _hold(self) -> None:
        if threading.current_thread() is threading.main_thread():
            # Only a Python function as a handler can raise an exception here.
            self._before = {number: handler for number in STOP_SIGNALS if callable(handler := signal.getsignal(number))}
            for number in self._before:
                signal.signal(number, self._defer)

    def _release(self) -> None:
        before, self._before = self._before, {}
        for number, handler in before.items():
            signal.signal(number, handler)
        waiting, self._waiting = self._waiting, {}
        for number in waiting:
            signal.raise_signal(number)

    def _defer(self, number: int, frame: FrameType | None) -> None:
        self._waiting[number] = None
