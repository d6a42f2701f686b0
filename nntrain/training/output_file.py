"""Files that the user asks for: predictions, and networks and tables in another form."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nntrain.errors import RunError
from nntrain.training.run_items import run_around

__all__ = ["check_output"]


def check_output(path: Path, inputs: Iterable[Path]) -> None:
    """RunError if writing to ``path`` would overwrite an input, under whatever name, or something of a run.

    Also for a link, of which only its user knows whether it or the file that it leads to is to be replaced.
    """
    if path.exists():
        if not path.is_file():
            raise RunError(f"{path}: expected the name of a file to write, got something else")
        for source in inputs:
            if source.exists() and path.samefile(source):
                raise RunError(f"{path}: this is the input {source} itself; choose another name")
    if path.is_symlink():
        raise RunError(f"{path}: a symbolic link to {os.readlink(path)}; name the file itself, or remove the link")
    if folder := run_around(path):
        raise RunError(f"{path}: is in the run folder {folder}; choose a name outside of it")
