"""Text output to the terminal: wrappers of stdout and stderr that escape all printed text."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

import click

from nntrain.formatting import MAX_LENGTH, escape_line, escape_text


class Terminal(io.TextIOBase):
    """A text stream that escapes control and invisible characters and shortens long lines.

    Line ends are not escaped. Characters that the encoding of the stream lacks are escaped too.
    """

    # Any text may be written.
    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: TextIO, longest: int | None = MAX_LENGTH) -> None:
        self.stream = stream
        self.longest = longest
        self.printed = 0  # characters of the current line

    @property
    def buffer(self) -> io.RawIOBase:
        """The binary stream; on a terminal, its bytes are written as text."""
        return cast(io.RawIOBase, TerminalBytes(self) if self.isatty() else self.stream.buffer)

    def write(self, text: str) -> int:
        shown = escape_text(text)
        if self.longest is not None:
            shown = "\n".join(self.split_lines(shown.split("\n"), self.longest))
        encoding = self.stream.encoding or "utf-8"
        self.stream.write(shown.encode(encoding, "backslashreplace").decode(encoding))
        return len(text)

    def split_lines(self, lines: list[str], longest: int) -> Iterator[str]:
        """The lines, each shortened to ``longest`` characters. The first continues the current line."""
        for index, line in enumerate(lines):
            if index:
                self.printed = 0
            room = longest - self.printed
            self.printed += len(line)
            yield line if len(line) <= room else f"{line[: max(0, room)]}{' ...' if room >= 0 else ''}"

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self.stream.flush()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def fileno(self) -> int:
        return self.stream.fileno()


class TerminalBytes(io.RawIOBase):
    """A binary stream that writes to a terminal as text."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.terminal.write(bytes(data).decode(errors="surrogateescape"))
        return len(data)


@contextmanager
def use_terminal() -> Iterator[None]:
    """Wrap stdout and stderr in a Terminal; a closed stream stays closed."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(wrap_stream, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def wrap_stream(stream: TextIO) -> TextIO:
    """The stream in a Terminal. Lines to a file or a pipe are not shortened: a program may read them."""
    if stream is None:
        return stream
    return cast(TextIO, Terminal(stream, MAX_LENGTH if stream is sys.stderr or stream.isatty() else None))


def unwrap_stream(stream: TextIO) -> TextIO:
    """The system stream itself, for a progress bar, which moves the cursor and must escape its own text."""
    return stream.stream if isinstance(stream, Terminal) else stream


def get_data_output() -> TextIO:
    """stdout for machine-readable data: exact in a file or a pipe, escaped but not shortened on a terminal.

    Files and pipes get UTF-8, like the files that nntrain writes, regardless of the locale.
    """
    stream = unwrap_stream(sys.stdout)
    if stream.isatty():
        return cast(TextIO, Terminal(stream, longest=None))
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return stream


def print_data(text: str, end: str = "\n") -> None:
    """Print machine-readable data."""
    output = get_data_output()
    output.write(f"{text}{end}")
    output.flush()


def print_line(text: str) -> None:
    """Print a sentence on one line of stdout; line ends in names are escaped."""
    click.echo(escape_line(text))


def print_json(value: object) -> None:
    """Print JSON in ASCII, which a terminal does not change."""
    print_data(json.dumps(value))
