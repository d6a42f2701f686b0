"""The one way for text to the terminal: in front of stdout and stderr, where nothing that is printed can miss it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

import click

from nntrain.formatting import MAX_LENGTH, escape_line, escape_text

__all__ = ["Terminal", "get_data_output", "print_data", "print_json", "print_line", "unwrap_stream", "use_terminal"]


class Terminal(io.TextIOBase):
    """Text into a stream of the system, with control and invisible characters spelled out and long lines cut.

    Only line ends pass as they are. What the encoding of the stream lacks is spelled out too.
    """

    def __init__(self, stream: TextIO, longest: int | None = MAX_LENGTH) -> None:
        self.stream = stream
        self.longest = longest
        self.printed = 0  # characters of the running line

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of what may be written, which is any text."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "backslashreplace"

    @property
    def buffer(self) -> io.RawIOBase:
        """Where bytes go, which on a terminal are text as well."""
        return cast(io.RawIOBase, TerminalBytes(self) if self.isatty() else self.stream.buffer)

    def write(self, text: str) -> int:
        shown = escape_text(text)
        if self.longest is not None:
            shown = "\n".join(self.split_lines(shown.split("\n"), self.longest))
        self.stream.write(self.replace_unencodable(shown))
        return len(text)

    def split_lines(self, lines: list[str], longest: int) -> Iterator[str]:
        """The lines, of which the first belongs to the running one, each up to ``longest`` characters."""
        for index, line in enumerate(lines):
            if index:
                self.printed = 0
            room = longest - self.printed
            self.printed += len(line)
            yield line if len(line) <= room else f"{line[: max(0, room)]}{' ...' if room >= 0 else ''}"

    def replace_unencodable(self, text: str) -> str:
        """The text in the characters that the stream can encode."""
        encoding = self.stream.encoding or "utf-8"
        return text.encode(encoding, "backslashreplace").decode(encoding)

    def writable(self) -> bool:
        return True

    def flush(self) -> None:
        self.stream.flush()

    def isatty(self) -> bool:
        return self.stream.isatty()

    def fileno(self) -> int:
        return self.stream.fileno()


class TerminalBytes(io.RawIOBase):
    """Bytes into a terminal, as text."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.terminal.write(bytes(data).decode(errors="surrogateescape"))
        return len(data)


@contextmanager
def use_terminal() -> Iterator[None]:
    """Put a Terminal in front of stdout and stderr; one that is closed stays so."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = map(wrap_stream, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def wrap_stream(stream: TextIO) -> TextIO:
    """The stream with a Terminal in front of it. In a file or a pipe, lines stay whole: a program may read them."""
    if stream is None:
        return stream
    return cast(TextIO, Terminal(stream, MAX_LENGTH if stream is sys.stderr or stream.isatty() else None))


def unwrap_stream(stream: TextIO) -> TextIO:
    """The stream of the system itself, for what moves the cursor: a bar of progress, whose texts must be visible."""
    return stream.stream if isinstance(stream, Terminal) else stream


def get_data_output() -> TextIO:
    """stdout for data that a program reads: exact in a file or a pipe, visible in whole lines on a terminal.

    Files and pipes get UTF-8 whatever the encoding of the terminal is, as the files that nntrain writes.
    """
    stream = unwrap_stream(sys.stdout)
    if stream.isatty():
        return cast(TextIO, Terminal(stream, longest=None))
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return stream


def print_data(text: str, end: str = "\n") -> None:
    """Print data that a program reads."""
    output = get_data_output()
    output.write(f"{text}{end}")
    output.flush()


def print_line(text: str) -> None:
    """Print a sentence on one line of stdout, whatever the names in it contain."""
    click.echo(escape_line(text))


def print_json(value: object) -> None:
    """Print JSON in ASCII, which is the same data on a terminal."""
    print_data(json.dumps(value))
