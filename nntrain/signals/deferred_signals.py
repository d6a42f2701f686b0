"""Signals that wait until what must not be left half done is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType, TracebackType
from typing import Any, TypeVar

from nntrain.signals.stop_signals import STOP_SIGNALS

__all__ = ["DeferredSignals"]

Item = TypeVar("Item")


class DeferredSignals:
    """A context in which signals to stop wait until its end.

    Outside the main thread, which alone receives them, it does nothing.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, None] = {}
        self._before: dict[int, Any] = {}

    def __enter__(self) -> DeferredSignals:
        self._hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def between(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, and while the next one is made, signals stop as they do outside."""
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
        """Stop now if a signal waits."""
        try:
            self._release()
        finally:
            self._hold()

    def _hold(self) -> None:
        if threading.current_thread() is threading.main_thread():
            # Only a handler that is a function raises in the middle of things.
            self._before = {number: handler for number in STOP_SIGNALS if callable(handler := signal.getsignal(number))}
            for number in self._before:
                signal.signal(number, self._heard)

    def _release(self) -> None:
        before, self._before = self._before, {}
        for number, handler in before.items():
            signal.signal(number, handler)
        waiting, self._waiting = self._waiting, {}
        for number in waiting:
            signal.raise_signal(number)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self._waiting[number] = None
