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

    def changes(self, before: dict[str, tuple[int, int, bytes]]) -> list[str]:
        """The names of files that are new, gone or changed since ``contents``."""
        now = self.contents()
        return sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))

    def contents(self) -> dict[str, tuple[int, int, bytes]]:
        """Mode, time of the last change and content of everything inside."""
        found = {}
        for path in self.folder.rglob("*"):
            status = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            found[str(path.relative_to(self.folder))] = (status.st_mode, status.st_mtime_ns, content)
        return found
