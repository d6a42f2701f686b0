"""All that can be seen of a folder, to compare it before and after."""

from __future__ import annotations

import os
from pathlib import Path

Facts = dict[str, tuple[int, bytes | str | None, int]]


def facts(folder: Path) -> Facts:
    """The mode, the content and the time of change of everything below a folder, links as such."""
    found: Facts = {}
    for path in sorted(folder.rglob("*")):
        known = path.lstat()
        content: bytes | str | None = None
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file():
            content = path.read_bytes()
        found[str(path.relative_to(folder))] = (known.st_mode, content, known.st_mtime_ns)
    return found


def changes(before: Facts, now: Facts) -> list[str]:
    """The names of what is new, gone or changed."""
    return sorted(name for name in now.keys() | before.keys() if now.get(name) != before.get(name))
