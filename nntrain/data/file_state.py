"""Whether files change while they are read."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from nntrain.errors import DataError


class FileState(NamedTuple):
    """The metadata of a file that change when it is written or replaced."""

    size: int
    mtime_ns: int
    inode: int
    device: int

    @classmethod
    def from_path(cls, path: str | Path) -> Self | None:
        """Return the state of a regular file; None for others, which have no content to compare."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        return (
            cls(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev) if stat.S_ISREG(found.st_mode) else None
        )


@contextmanager
def check_unchanged(*paths: str | Path | None) -> Iterator[None]:
    """Read files in the block. DataError for a file that changed meanwhile, instead of errors of reading."""
    before = {path: FileState.from_path(path) for path in paths if path is not None}
    try:
        yield
    except DataError as error:
        raise find_changed_file(before) or error from None
    found = find_changed_file(before)
    if found is not None:
        raise found


def find_changed_file(before: dict[str | Path, FileState | None]) -> DataError | None:
    """Return the error for the first file that changed."""
    for path, state in before.items():
        if state is not None and FileState.from_path(path) != state:
            return DataError(f"{path}: changed while it was read; run the command again when the file is complete")
    return None
