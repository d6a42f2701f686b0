"""Remove a file or a folder, and never what a link leads to."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

__all__ = ["remove"]


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it, if there is one."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(kind):
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
