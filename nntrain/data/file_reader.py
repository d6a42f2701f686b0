"""The base of readers of further kinds of files. Public: a plugin's comes in by the hook ``nntrain_sources``."""

from __future__ import annotations

import atexit
import json
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from nntrain.errors import DataError, NntrainError
from nntrain.hooks.registry import registry

__all__ = ["FileReader", "read_by", "translated"]


class FileReader(ABC):
    """Reads tables from files whose names end in one of ``suffixes``, such as ".arff"."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def rows(self, path: Path) -> Iterable[Sequence[Any]]:
        """First the names of the columns, then each row: numbers, booleans, texts, None where nothing is known.

        DataError, or any other, for a file that cannot be read.
        """


def read_by(path: Path) -> type[FileReader] | None:
    """The reader for a file's suffix, if there is one."""
    entry = registry().by_suffix("source", path)
    return None if entry is None else entry.cls


def translated(path: Path, reader: type[FileReader]) -> Path:
    """A file of JSON lines, until this process ends, with the rows of another. DataError if it cannot be read."""
    told = path.stat()
    return written(path.resolve(), reader, told.st_mtime_ns, told.st_size)


@cache
def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes away with the process."""
    folder = tempfile.TemporaryDirectory(prefix="nntrain-")
    atexit.register(folder.cleanup)
    return folder


@cache
def written(path: Path, reader: type[FileReader], time: int, size: int) -> Path:
    """``translated``, once for a file as it is."""
    new = Path(scratch().name) / f"{len(list(Path(scratch().name).iterdir()))}.jsonl"
    try:
        rows = iter(reader().rows(path))
        names = [str(name) for name in next(rows)]
        with new.open("w", encoding="utf-8") as file:
            for number, row in enumerate(rows, 1):
                if len(row) != len(names):
                    raise DataError(f"row {number} has {len(row)} values for {len(names)} columns")
                file.write(json.dumps(dict(zip(names, row, strict=True)), default=str) + "\n")
    except Exception as error:
        new.unlink(missing_ok=True)
        reason = str(error) if isinstance(error, NntrainError) else f"{type(error).__name__}: {error}"
        raise DataError(f"{path}: cannot be read by {reader.__name__}: {reason}") from error
    return new
