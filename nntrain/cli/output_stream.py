"""Streams for stdout and stderr that may be closed, full, or without a reader."""

import errno
import io
import os
import sys
from typing import Any, TextIO


class OutputStream(io.RawIOBase):
    """A binary stream that writes to ``raw``, the system stream ``name``.

    If the output is ``needed``, a failed write raises OSError, and the process exits without a message if the reader
    has closed the pipe, as `head` does. Otherwise nothing more is written after a failed write.
    """

    def __init__(self, raw: io.RawIOBase, name: str, needed: bool) -> None:
        self.raw = raw
        self.stream_name = name
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
                    raise OSError(error.errno, error.strerror, self.stream_name) from None
                self.lost = True
            else:
                self.wait_until_writable()
        return size

    def wait_until_writable(self) -> None:
        """Wait until there is room in a nonblocking pipe."""
        import select

        select.select([], [self.raw], [])

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.raw.fileno()

    def isatty(self) -> bool:
        return self.raw.isatty()


# The streams of this process; empty if other Python code calls nntrain.
OPEN_STREAMS: list[OutputStream] = []


def reserve_descriptors() -> None:
    """Open closed stdin, stdout and stderr, so that no other file gets their descriptors.

    Otherwise printed lines could be written to a checkpoint. They are opened in the wrong direction, so that reads and
    writes fail.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest free descriptor


def open_outputs() -> None:
    """Write stdout, which is needed, and stderr, which is not, through an OutputStream.

    Characters that the encoding lacks are escaped.
    """
    sys.stdout, sys.stderr = replace_stream(sys.stdout, 1, needed=True), replace_stream(sys.stderr, 2, needed=False)


def replace_stream(stream: Any, number: int, *, needed: bool) -> TextIO:
    """A text stream over an OutputStream. Writes to a closed stream fail."""
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
    """From now on ignore failed writes: a run is worth more than its output."""
    for output in OPEN_STREAMS:
        output.needed = False
