"""Copy the rows from a pipe, which can be read only once, to a file."""

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

# The names of stdin.
STDIN_NAMES = ("-", "/dev/stdin", "/dev/fd/0")

# Seconds to wait for a program that opens a named pipe to write to it.
WRITER_TIMEOUT = 10.0

# The fraction of the free disk space that a pipe may fill.
MAX_DISK_FRACTION = 0.5

CHUNK_SIZE = 2**20

# The names that the user gave, by the paths of the copies.
given_names: dict[str, str] = {}


def receive_file(path: Path) -> Path:
    """Return the file to read instead of ``path``: itself, or a copy of a pipe or stdin until the process ends.

    DataError for devices and sockets, for a pipe without a writer, and for one that would fill half of the disk.
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
    raise DataError(f"{path}: expected a data file, got {kind}{advice}")


def restore_given_names(text: str) -> str:
    """Replace the paths of copies in a text by the names that the user gave."""
    for copy, given in given_names.items():
        text = text.replace(copy, given)
    return text


@cache
def copy_pipe(path: str, pipe: Hashable) -> Path:
    """Copy a pipe to a private file, with the suffix of its name or of its content.

    ``pipe``: the identity of the pipe at ``path``, which is copied once.
    """
    given = "stdin" if path in STDIN_NAMES else path
    copy = get_process_folder() / f"received-{len(given_names):06}{Path(path).suffix}"
    try:
        with open_pipe(path, given) as (first, source), copy.open("wb") as target:
            target.write(first)
            copy_stream(source, target, given)
    except BaseException as error:
        copy.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise DataError(f"{given}: cannot be read: {format_os_error(error)}") from error
        raise
    if not copy.suffix and is_json(copy):
        copy = copy.rename(copy.with_suffix(".json"))
    given_names[str(copy)] = given
    return copy


@contextmanager
def open_pipe(path: str, given: str) -> Iterator[tuple[bytes, BinaryIO]]:
    """Yield the first bytes of a pipe, and the rest. DataError for a terminal named as a file, and without a writer."""
    if path in STDIN_NAMES:
        if path != "-" and sys.stdin.isatty():
            raise DataError(f"{path}: expected a data file, got a terminal")
        yield b"", sys.stdin.buffer
        return
    # A blocking open of a named pipe would wait for a writer forever.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as pipe:
        named = not os.path.realpath(path).startswith("/proc/")
        first = wait_for_writer(pipe, given) if named else b""
        os.set_blocking(pipe.fileno(), True)
        yield first, cast(BinaryIO, pipe)


def wait_for_writer(pipe: FileIO, given: str) -> bytes:
    """Return the first bytes of a named pipe; empty if a program has opened it and written nothing yet."""
    end = time.monotonic() + WRITER_TIMEOUT
    while time.monotonic() < end:
        first = pipe.read(CHUNK_SIZE)  # b"" means that no program has the pipe open
        if first != b"":
            return first or b""
        time.sleep(0.05)
    raise DataError(f"{given}: no program writes to this pipe; expected a data file")


def copy_stream(source: BinaryIO, target: BinaryIO, given: str) -> None:
    """Copy up to the end. DataError if it exceeds half of the free space on the disk of ``target``."""
    folder = Path(target.name).parent
    left = int(shutil.disk_usage(folder).free * MAX_DISK_FRACTION)
    budget = left
    while chunk := source.read(CHUNK_SIZE):
        left -= len(chunk)
        if left < 0:
            limit = f"{format_size(budget)}, half of the free space in {folder.parent}"
            raise DataError(f"{given}: more than {limit}; write the rows to a file, or set TMPDIR to a larger disk")
        target.write(chunk)


def is_json(path: Path) -> bool:
    """Whether a file starts like JSON: a list of rows, or one row per line."""
    with path.open("rb") as file:
        return file.read(1) in (b"{", b"[")
