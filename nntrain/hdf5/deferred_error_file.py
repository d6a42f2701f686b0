"""A file for HDF5 to write to, which defers its errors."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from nntrain.signals.deferred_signals import DeferredSignals

Item = TypeVar("Item")


class DeferredErrorFile(io.RawIOBase):
    """A new file whose first write error is raised when it is closed.

    HDF5 can neither close nor discard a file that it failed to write: the process would crash. So writes after an error
    are discarded and reported as successful. The context also defers stop signals, whose handlers would raise in the
    middle of a write; ``between`` lets them through during slow work.
    """

    def __init__(self, path: Path) -> None:
        self.deferred = DeferredSignals()
        self.file = open(path, "w+b", buffering=0)  # noqa: SIM115 (closed by close)
        self.error: OSError | None = None
        self.position = 0
        self.end = 0

    def __enter__(self) -> Self:
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
        """Yield the items to write; a stop signal can act while the next item is computed."""
        return self.deferred.between(items)

    def close(self) -> None:
        """Close the file. OSError if a write failed."""
        if not self.closed:
            super().close()
            self.file.close()
            if self.error is not None:
                raise self.error

    def seek(self, offset: int, whence: int = 0) -> int:
        self.position = offset + (0, self.position, self.end)[whence]
        return self.position

    def tell(self) -> int:
        return self.position

    def readinto(self, buffer: Any) -> int:
        self.file.seek(self.position)
        size = self.file.readinto(buffer)
        self.position += size
        return size

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        try:
            self.file.seek(self.position)
            while len(rest) and self.error is None:
                rest = rest[self.file.write(rest) :]
        except OSError as error:
            self.error = error
        self.position += len(data)
        self.end = max(self.end, self.position)
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        self.end = self.position if size is None else size
        try:
            self.file.truncate(self.end)
        except OSError as error:
            self.error = self.error or error
        return self.end
