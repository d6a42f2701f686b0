"""Give a file or a folder another name, and never through a link on the way."""

from __future__ import annotations

import os
from pathlib import Path

from nntrain.files.pinned import pinned

__all__ = ["move"]


def move(path: Path, new: Path) -> None:
    """Rename ``path`` to ``new``, which is replaced if it is a file."""
    with pinned(path.parent) as source, pinned(new.parent) as target:
        os.replace(source / path.name, target / new.name)
