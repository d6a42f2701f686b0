"""Whether what has the name of a file or a folder of nntrain's own is one."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from nntrain.errors import RunError
from nntrain.files.file_kind import kind_name
from nntrain.files.held import NO_FOLLOW, NO_WAIT
from nntrain.files.pinned import pinned

__all__ = ["check_kind", "open_file", "read_text"]

# Windows changes ends of lines otherwise.
AS_IS = getattr(os, "O_BINARY", 0)

Kind = Literal["file", "folder"]


def check_kind(path: Path, kind: Kind) -> None:
    """RunError for a link, or anything but a ``kind``, at ``path``. That nothing is there is fine."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_IFMT(mode) != (stat.S_IFDIR if kind == "folder" else stat.S_IFREG):
        raise refusal(path, mode, kind)


def refusal(path: Path, mode: int, kind: Kind) -> RunError:
    """What to tell the user about something else at the place of a file or a folder."""
    return RunError(f"{path}: expected a {kind} of this run, got {kind_name(mode)}; remove it")


def open_file(path: Path, flags: int) -> int:
    """Open a file of nntrain's own, private if it is new. RunError for a link, a pipe, or anything but a file."""
    check_kind(path, "file")
    with pinned(path.parent) as folder:
        descriptor = os.open(folder / path.name, flags | NO_FOLLOW | NO_WAIT | AS_IS, 0o600)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise refusal(path, mode, "file")
    return descriptor


def read_text(path: Path) -> str:
    """The text of a file of a run. RunError if it is not there, a link, a pipe, a device, or not UTF-8."""
    try:
        descriptor = open_file(path, os.O_RDONLY)
    except FileNotFoundError:
        raise RunError(f"{path}: no such file; the run folder is incomplete") from None
    with open(descriptor, encoding="utf-8") as file:
        try:
            return file.read()
        except UnicodeDecodeError as error:
            raise RunError(f"{path}: damaged: expected UTF-8, got the byte 0x{error.object[error.start]:02x}") from None
