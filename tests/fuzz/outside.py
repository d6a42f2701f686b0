"""Files beside the folder of a case, which no command may touch."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Outside"]

CONTENT = b"not nntrain's\n"


@dataclass(frozen=True)
class Outside:
    """A folder of victims."""

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> Outside:
        """That of the folder in which cases are tried."""
        return cls(folder.with_name(f"{folder.name}-outside"))

    def make(self) -> None:
        """Make the files anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        inner = self.folder / "folder"
        inner.mkdir(parents=True)
        for path in (self.folder / "file", inner / "step-000000001.h5", inner / "file.tmp"):
            path.write_bytes(CONTENT)

    def victims(self) -> list[Path]:
        """What a link may point to."""
        return [self.folder / "file", self.folder / "folder"]
