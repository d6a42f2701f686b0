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
from nntrain.files.file_kind import file_kind
from nntrain.files.temporary_folder import process_folder
from nntrain.refusal import reason_of
from nntrain.size_text import size_text

__all__ = ["as_given", "received"]

# The standard input, under its names.
INPUT = ("-", "/dev/stdin", "/dev/fd/0")

# Seconds to wait for a program that opens a named pipe to write to it.
PATIENCE = 10.0

# Of the free space on the disk, what a pipe may fill.
SHARE = 0.5

PIECE = 2**20

# What the user calls the files that were received.
GIVEN: dict[str, str] = {}


def received(path: Path) -> Path:
    """The file to read in place of ``path``: itself, or a copy of a pipe or the standard input, until the process ends.

    DataError for devices and sockets, for a pipe without a writer, and for one that fills half of the disk.
    """
    if str(path) in INPUT:
        return copied(str(path), sys.stdin.buffer)
    kind = file_kind(path)
    if kind in (None, "a folder"):
        return path
    if kind == "a pipe":
        found = os.stat(path)
        return copied(os.path.abspath(path), (found.st_dev, found.st_ino))
    if os.path.realpath(path) == os.devnull:
        raise DataError(f"{path}: the file is empty")
    advice = f"; copy it first: cat {path} > rows.csv" if kind == "a file of the kernel" else ""
    raise DataError(f"{path}: expected a file of rows, got {kind}{advice}")


def as_given(text: str) -> str:
    """A text in which files that were received have the names that the user gave."""
    for copy, given in GIVEN.items():
        text = text.replace(copy, given)
    return text


@cache
def copied(path: str, pipe: Hashable) -> Path:
    """A private file with all that comes through a pipe, with the suffix of its name, or of its content.

    ``pipe``: what there is at ``path`` now, of which the copy is made once.
    """
    given = "standard input" if path in INPUT else path
    place = process_folder() / f"received-{len(GIVEN):06}{Path(path).suffix}"
    try:
        with opened(path, given) as (first, source), place.open("wb") as target:
            target.write(first)
            copy(source, target, given)
    except BaseException as error:
        place.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DataError(f"{given}: cannot be read: {reason_of(error)}") from error
        raise
    if not place.suffix and is_json(place):
        place = place.rename(place.with_suffix(".json"))
    GIVEN[str(place)] = given
    return place


@contextmanager
def opened(path: str, given: str) -> Iterator[tuple[bytes, BinaryIO]]:
    """The first bytes of a pipe, and the rest. DataError for a terminal named as a file, and without a writer."""
    if path in INPUT:
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
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        first = pipe.read(PIECE)  # nothing at all is the end: no program has the pipe open
        if first != b"":
            return first or b""
        time.sleep(0.05)
    raise DataError(f"{given}: a pipe to which no program writes; expected a file of rows")


def copy(source: BinaryIO, target: BinaryIO, given: str) -> None:
    """Copy up to the end. DataError beyond half of what is free on the disk of ``target``."""
    folder = Path(target.name).parent
    left = int(shutil.disk_usage(folder).free * SHARE)
    budget = left
    while piece := source.read(PIECE):
        left -= len(piece)
        if left < 0:
            limit = f"{size_text(budget)}, half of the free space in {folder.parent}"
            raise DataError(f"{given}: more than {limit}; write the rows to a file, or set TMPDIR to a larger disk")
        target.write(piece)


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON does: a table of rows, or a row a line."""
    with path.open("rb") as file:
        return file.read(1) in (b"{", b"[")
