"""Names of files for libraries that find more in a name than a place."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from nntrain.errors import DataError
from nntrain.files.temporary_folders import get_process_folder

__all__ = ["get_plain_name"]

# Absolute names of letters, digits and marks that mean nothing there: no pattern, no KEY=VALUE, no bytes without text.
PLAIN_PATTERN = re.compile(r"(?:[A-Za-z]:)?/[\w /.,+@%~()-]*")


def get_plain_name(path: Path) -> str:
    """The name under which a library reads or writes a file, or makes files in a folder.

    That is the absolute path if it is plain, else a symbolic link to it, until this process ends. A file that is
    written must be there before, as some libraries create no file behind a link. DataError if no link can be made.
    """
    name = Path(os.path.abspath(path)).as_posix()
    return name if PLAIN_PATTERN.fullmatch(name) else create_plain_link(name)


@cache
def create_plain_link(name: str) -> str:
    """A symbolic link with a plain name, always the same for a file."""
    folder = get_process_folder()
    made = f"{folder.as_posix()}/link-{create_plain_link.cache_info().misses}"
    if not PLAIN_PATTERN.fullmatch(made):
        raise DataError(f"{folder}: expected a temporary folder named with letters and digits; set TMPDIR to another")
    try:
        os.symlink(name, made)
    except OSError as error:
        expected = "expected a name of letters, digits, hyphens and points"
        raise DataError(f"{name}: {expected}, as no link to it can be made ({error.strerror}); rename it") from error
    return made
