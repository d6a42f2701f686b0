"""stdout and stderr that may be closed, full, or without a reader."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any, TextIO

__all__ = ["OutputStream", "ignore_print_errors", "open_outputs", "reserve_descriptors"]


class OutputStream(io.RawIOBase):
    """Bytes to ``raw``, the stream ``name`` of the system.

    Those that are ``needed`` and cannot be written are an OSError; if a reader went away, as `head` does, the process
    ends without a message. Of others, the first that cannot be written is the last that is tried.
    """

    def __init__(self, raw: io.RawIOBase, name: str, needed: bool) -> None:
        self.raw = raw
        self.named = name
        self.needed = needed
        self.lost = False

    def write(self, data: Any) -> int:
        size = memoryview(data).nbytes
        while not self.lost:
            try:
                if (written := self.raw.write(data)) is not None:
                    return written
            except OSError as error:
                if self.needed and error.errno == errno.EPIPE:
                    raise SystemExit(0) from None
                if self.needed:
                    raise OSError(error.errno, error.strerror, self.named) from None
                self.lost = True
            else:
                self.wait_until_writable()
        return size

    def wait_until_writable(self) -> None:
        """Until there is room in a pipe that its reader has set not to block."""
        import select

        select.select([], [self.raw], [])

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.raw.fileno()

    def isatty(self) -> bool:
        return self.raw.isatty()


# Those of this process: none where nntrain is called by other Python code.
OPEN_STREAMS: list[OutputStream] = []


def reserve_descriptors() -> None:
    """Open what is closed of stdin, stdout and stderr, so that no file gets their numbers, in the wrong direction.

    Otherwise a line that is printed would be written into a checkpoint. What is read from or written to them fails.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest number that is free


def open_outputs() -> None:
    """Put an Output below stdout, whose text is needed, and below stderr, of whose failure nobody could be told.

    A character that the encoding lacks is spelled out.
    """
    sys.stdout, sys.stderr = replace_stream(sys.stdout, 1, needed=True), replace_stream(sys.stderr, 2, needed=False)


def replace_stream(stream: Any, number: int, *, needed: bool) -> TextIO:
    """The stream with an Output below. A stream that is closed is one that fails."""
    if stream is None:
        raw: Any = io.FileIO(number, "w", closefd=False)
    else:
        stream.flush()
        raw = getattr(stream.buffer, "raw", stream.buffer)
    output = OutputStream(raw, ("stdin", "stdout", "stderr")[number], needed)
    OPEN_STREAMS.append(output)
    return io.TextIOWrapper(
        io.BufferedWriter(output),
        encoding=None if stream is None else stream.encoding,
        errors="backslashreplace",
        line_buffering=stream is None or stream.line_buffering or stream.write_through,
    )


def ignore_print_errors() -> None:
    """From now on what cannot be printed is lost, and nothing else: a run is worth more than its lines."""
    for output in OPEN_STREAMS:
        output.needed = False
