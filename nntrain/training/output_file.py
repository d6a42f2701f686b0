"""Files that the user asks for: predictions, and networks and tables in another form."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nntrain.errors import RunError
from nntrain.training.run_items import run_around

__all__ = ["check_output"]


def check_output(path: Path, inputs: Iterable[Path]) -> None:
    """RunError if writing to ``path`` would overwrite an input, under whatever name, or something of a run."""
    if path.exists():
        if not path.is_file():
            raise RunError(f"{path}: expected the name of a file to write, got something else")
        for source in inputs:
            if source.exists() and path.samefile(source):
                raise RunError(f"{path}: this is the input {source} itself; choose another name")
    # The link is what is replaced, and not the file that it leads to: both must be outside.
    for place in (path.parent.resolve() / path.name, path.resolve()):
        if folder := run_around(place):
            raise RunError(f"{path}: is in the run folder {folder}; choose a name outside of it")
