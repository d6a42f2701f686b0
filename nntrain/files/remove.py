"""Remove a file or a folder, and never what a link leads to."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

from nntrain.files.pinned import pinned

__all__ = ["remove"]


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it, if there is one."""
    with pinned(path.parent) as folder:
        item = folder / path.name
        try:
            kind = item.lstat().st_mode
        except FileNotFoundError:
            return
        if stat.S_ISDIR(kind):
            shutil.rmtree(item)
        else:
            item.unlink(missing_ok=True)
