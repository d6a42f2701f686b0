"""A file for HDF5 to write to that never fails under it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from nntrain.signals.deferred_signals import DeferredSignals

__all__ = ["DeferredErrorFile"]

Item = TypeVar("Item")


class DeferredErrorFile(io.RawIOBase):
    """A new file whose first error in writing is raised when it is closed, and not before.

    HDF5 can neither close nor forget a file that it failed to write: the process would end in a crash. So what comes
    after an error goes nowhere, and HDF5 is told that all went well. In the context of a Sink signals to stop wait, for
    their handlers would raise in the middle of a write: what takes long goes through ``between``.
    """

    def __init__(self, path: Path) -> None:
        self.deferred = DeferredSignals()
        self.file = open(path, "w+b", buffering=0)  # noqa: SIM115 (closed by close)
        self.error: OSError | None = None
        self.place = 0
        self.end = 0

    def __enter__(self) -> DeferredErrorFile:
        self.deferred.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        finally:
            self.deferred.__exit__(kind, error, trace)

    def between(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items to write; while the next one is made, the process may be stopped."""
        return self.deferred.between(items)

    def close(self) -> None:
        """Close the file. OSError if it is not what was written."""
        if not self.closed:
            super().close()
            self.file.close()
            if self.error is not None:
                raise self.error

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = offset + (0, self.place, self.end)[whence]
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: Any) -> int:
        self.file.seek(self.place)
        size = self.file.readinto(buffer)
        self.place += size
        return size

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        try:
            self.file.seek(self.place)
            while len(rest) and self.error is None:
                rest = rest[self.file.write(rest) :]
        except OSError as error:
            self.error = error
        self.place += len(data)
        self.end = max(self.end, self.place)
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        self.end = self.place if size is None else size
        try:
            self.file.truncate(self.end)
        except OSError as error:
            self.error = self.error or error
        return self.end
