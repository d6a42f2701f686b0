"""Append to a file of nntrain's own."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nntrain.files.kinds import open_file, read_text
from nntrain.files.whole_file import whole_file

__all__ = ["append"]


def append(path: Path, text: str) -> None:
    """Append all of ``text`` or nothing. OSError if there is no room, RunError for a link or anything but a file.

    A file that has another name too is copied first, so that the one of that name stays as it is.
    """
    descriptor = open_file(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with open(descriptor, "ab", buffering=0) as file:
        facts = os.fstat(descriptor)
        if facts.st_nlink > 1:
            with whole_file(path, private=True) as new:
                new.write_text(read_text(path) + text, encoding="utf-8")
            return
        rest = memoryview(text.encode())
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            with suppress(OSError):
                file.truncate(facts.st_size)
            raise
