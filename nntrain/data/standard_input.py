"""Rows that come through a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nntrain.errors import DataError
from nntrain.files.temporary_folder import temporary_folder

__all__ = ["as_file"]

PIPE = "-"


@contextmanager
def as_file(path: Path) -> Iterator[Path]:
    """``path`` itself; for ``-`` a file with all of the standard input, which is read more than once.

    DataErrors from inside call it the standard input.
    """
    if str(path) != PIPE:
        yield path
        return
    with temporary_folder() as folder:
        whole = folder / "stdin"
        with whole.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        named = whole.rename(whole.with_suffix(".json")) if is_json(whole) else whole
        try:
            yield named
        except DataError as error:
            raise DataError(str(error).replace(str(named), "standard input")) from None


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON does: a table of rows, or a row a line."""
    with path.open("rb") as file:
        return file.read(1) in (b"{", b"[")
