"""Rows that come through a pipe, which can be read only once: they are copied to a file first."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import cache
from io import FileIO
from pathlib import Path
from typing import BinaryIO, cast

from nntrain.errors import DataError
from nntrain.files.file_kind import describe_file
from nntrain.files.temporary_folders import get_process_folder
from nntrain.formatting import format_size
from nntrain.system_limits import format_os_error

__all__ = ["receive_file", "restore_given_names"]

# The standard input, under its names.
STDIN_NAMES = ("-", "/dev/stdin", "/dev/fd/0")

# Seconds to wait for a program that opens a named pipe to write to it.
WRITER_TIMEOUT = 10.0

# Of the free space on the disk, what a pipe may fill.
MAX_DISK_FRACTION = 0.5

CHUNK_SIZE = 2**20

# What the user calls the files that were received.
given_names: dict[str, str] = {}


def receive_file(path: Path) -> Path:
    """The file to read in place of ``path``: itself, or a copy of a pipe or the standard input, until the process ends.

    DataError for devices and sockets, for a pipe without a writer, and for one that fills half of the disk.
    """
    if str(path) in STDIN_NAMES:
        return copy_pipe(str(path), sys.stdin.buffer)
    kind = describe_file(path)
    if kind in (None, "a folder"):
        return path
    if kind == "a pipe":
        found = os.stat(path)
        return copy_pipe(os.path.abspath(path), (found.st_dev, found.st_ino))
    if os.path.realpath(path) == os.devnull:
        raise DataError(f"{path}: the file is empty")
    advice = f"; copy it first: cat {path} > rows.csv" if kind == "a file of the kernel" else ""
    raise DataError(f"{path}: expected a file of rows, got {kind}{advice}")


def restore_given_names(text: str) -> str:
    """A text in which files that were received have the names that the user gave."""
    for copy, given in given_names.items():
        text = text.replace(copy, given)
    return text


@cache
def copy_pipe(path: str, pipe: Hashable) -> Path:
    """A private file with all that comes through a pipe, with the suffix of its name, or of its content.

    ``pipe``: what there is at ``path`` now, of which the copy is made once.
    """
    given = "standard input" if path in STDIN_NAMES else path
    place = get_process_folder() / f"received-{len(given_names):06}{Path(path).suffix}"
    try:
        with open_pipe(path, given) as (first, source), place.open("wb") as target:
            target.write(first)
            copy_stream(source, target, given)
    except BaseException as error:
        place.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DataError(f"{given}: cannot be read: {format_os_error(error)}") from error
        raise
    if not place.suffix and is_json(place):
        place = place.rename(place.with_suffix(".json"))
    given_names[str(place)] = given
    return place


@contextmanager
def open_pipe(path: str, given: str) -> Iterator[tuple[bytes, BinaryIO]]:
    """The first bytes of a pipe, and the rest. DataError for a terminal named as a file, and without a writer."""
    if path in STDIN_NAMES:
        if path != "-" and sys.stdin.isatty():
            raise DataError(f"{path}: expected a file of rows, got a terminal")
        yield b"", sys.stdin.buffer
        return
    # To open a named pipe for reading would wait for a writer for ever.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as pipe:
        named = not os.path.realpath(path).startswith("/proc/")
        first = wait_for_writer(pipe, given) if named else b""
        os.set_blocking(pipe.fileno(), True)
        yield first, cast(BinaryIO, pipe)


def wait_for_writer(pipe: FileIO, given: str) -> bytes:
    """The first bytes of a named pipe; none if a program has it open for writing and has written nothing yet."""
    end = time.monotonic() + WRITER_TIMEOUT
    while time.monotonic() < end:
        first = pipe.read(CHUNK_SIZE)  # nothing at all is the end: no program has the pipe open
        if first != b"":
            return first or b""
        time.sleep(0.05)
    raise DataError(f"{given}: a pipe to which no program writes; expected a file of rows")


def copy_stream(source: BinaryIO, target: BinaryIO, given: str) -> None:
    """Copy up to the end. DataError beyond half of what is free on the disk of ``target``."""
    folder = Path(target.name).parent
    left = int(shutil.disk_usage(folder).free * MAX_DISK_FRACTION)
    budget = left
    while piece := source.read(CHUNK_SIZE):
        left -= len(piece)
        if left < 0:
            limit = f"{format_size(budget)}, half of the free space in {folder.parent}"
            raise DataError(f"{given}: more than {limit}; write the rows to a file, or set TMPDIR to a larger disk")
        target.write(piece)


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON does: a table of rows, or a row a line."""
    with path.open("rb") as file:
        return file.read(1) in (b"{", b"[")
