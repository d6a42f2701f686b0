"""Whether files stay as they are while they are read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from nntrain.errors import DataError

__all__ = ["FileState", "check_unchanged"]


class FileState(NamedTuple):
    """What the system says of a file: writing to it, or putting another file in its place, changes this."""

    size: int
    mtime_ns: int
    inode: int
    device: int

    @classmethod
    def from_path(cls, path: str | Path) -> Self | None:
        """The state of a regular file; None for anything else, which has no content to compare."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        return (
            cls(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev) if stat.S_ISREG(found.st_mode) else None
        )


@contextmanager
def check_unchanged(*paths: str | Path | None) -> Iterator[None]:
    """A context in which files are read. DataError, in place of what reading raises, for one that changed meanwhile."""
    before = {path: FileState.from_path(path) for path in paths if path is not None}
    try:
        yield
    except DataError as error:
        raise find_changed_file(before) or error from None
    found = find_changed_file(before)
    if found is not None:
        raise found


def find_changed_file(before: dict[str | Path, FileState | None]) -> DataError | None:
    """The error for the first file that is no longer as it was."""
    for path, state in before.items():
        if state is not None and FileState.from_path(path) != state:
            return DataError(
                f"{path}: changed while it was read; run the command again when nothing writes to the file"
            )
    return None
