"""Files and folders of a run, which must not be links or devices."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from nntrain.errors import RunError
from nntrain.files.atomic_write import write_atomically
from nntrain.files.file_kind import get_kind_name
from nntrain.files.locks import NO_FOLLOW, NO_WAIT
from nntrain.files.pinned_folders import open_pinned

# Without it Windows changes line ends.
BINARY_FLAG = getattr(os, "O_BINARY", 0)

PathKind = Literal["file", "folder"]

# Bytes at the end of a file in which its last line is searched first.
TAIL_SIZE = 2**12


def check_path_kind(path: Path, kind: PathKind) -> None:
    """RunError for a link or anything other than a ``kind`` at ``path``. A missing path passes."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_IFMT(mode) != (stat.S_IFDIR if kind == "folder" else stat.S_IFREG):
        raise build_kind_error(path, mode, kind)


def build_kind_error(path: Path, mode: int, kind: PathKind) -> RunError:
    """Build the error for something else in place of a file or a folder."""
    return RunError(f"{path}: expected a {kind} of this run, got {get_kind_name(mode)}; remove it")


def open_own_file(path: Path, flags: int) -> int:
    """Open a file of a run, private if it is new. RunError for anything other than a regular file."""
    check_path_kind(path, "file")
    with open_pinned(path.parent) as folder:
        descriptor = os.open(folder / path.name, flags | NO_FOLLOW | NO_WAIT | BINARY_FLAG, 0o600)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise build_kind_error(path, mode, "file")
    return descriptor


def read_own_text(path: Path) -> str:
    """Read the text of a file of a run. RunError if it is missing, not a regular file, or not UTF-8."""
    with open(open_existing(path), encoding="utf-8") as file, report_encoding(path):
        return file.read()


def read_last_line(path: Path) -> str:
    """Read the last complete line of a file of a run, without the lines before it; empty if there is none.

    RunError as from ``read_own_text``.
    """
    with open(open_existing(path), "rb") as file, report_encoding(path):
        length, size = file.seek(0, os.SEEK_END), TAIL_SIZE
        while True:
            file.seek(max(0, length - size))
            tail = file.read(size)
            complete = tail[: tail.rfind(b"\n") + 1]
            begin = complete.rfind(b"\n", 0, -1) + 1
            if begin or size >= length:
                return complete[begin:].decode()
            size *= 2


def open_existing(path: Path) -> int:
    """Open a file of a run to read it. RunError if it is missing or not a regular file."""
    try:
        return open_own_file(path, os.O_RDONLY)
    except FileNotFoundError:
        raise RunError(f"{path}: no such file; the run folder is incomplete") from None


@contextmanager
def report_encoding(path: Path) -> Iterator[None]:
    """RunError for a file of a run that is not UTF-8."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise RunError(f"{path}: corrupt: expected UTF-8, got the byte 0x{error.object[error.start]:02x}") from None


def append_text(path: Path, text: str) -> None:
    """Append all of ``text`` or nothing. OSError if the disk is full, RunError for anything other than a regular file.

    A file with a second name (hard link) is copied first, so that the other name keeps its content.
    """
    descriptor = open_own_file(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with open(descriptor, "ab", buffering=0) as file:
        facts = os.fstat(descriptor)
        if facts.st_nlink > 1:
            with write_atomically(path, private=True) as new:
                new.write_text(read_own_text(path) + text, encoding="utf-8")
            return
        rest = memoryview(text.encode())
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            with suppress(OSError):
                file.truncate(facts.st_size)
            raise


def move_path(path: Path, new: Path) -> None:
    """Rename ``path`` to ``new``, and replace a file there."""
    with open_pinned(path.parent) as source, open_pinned(new.parent) as target:
        os.replace(source / path.name, target / new.name)


def remove_path(path: Path) -> None:
    """Remove a file, a link or a folder with its content, if it exists."""
    with open_pinned(path.parent) as folder:
        item = folder / path.name
        try:
            kind = item.lstat().st_mode
        except FileNotFoundError:
            return
        if stat.S_ISDIR(kind):
            shutil.rmtree(item)
        else:
            item.unlink(missing_ok=True)
