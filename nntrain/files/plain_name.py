"""Plain file names for libraries that interpret special characters in a name."""

import os
import re
from functools import cache
from pathlib import Path

from nntrain.errors import DataError
from nntrain.files.temporary_folders import get_process_folder

# Absolute names of characters without a special meaning: no patterns, no KEY=VALUE, no undecodable bytes.
PLAIN_PATTERN = re.compile(r"(?:[A-Za-z]:)?/[\w /.,+@%~()-]*")


def get_plain_name(path: Path) -> str:
    """Return a name under which a library can read or write a file, or create files in a folder.

    It is the absolute path if that is plain, otherwise a symbolic link to it until this process ends. A file to write
    must already exist, because some libraries do not create the target of a link. DataError if linking fails.
    """
    name = Path(os.path.abspath(path)).as_posix()
    return name if PLAIN_PATTERN.fullmatch(name) else create_plain_link(name)


@cache
def create_plain_link(name: str) -> str:
    """Create a symbolic link with a plain name, once per file."""
    folder = get_process_folder()
    link = f"{folder.as_posix()}/link-{create_plain_link.cache_info().misses}"
    if not PLAIN_PATTERN.fullmatch(link):
        raise DataError(f"{folder}: expected a temporary folder named with letters and digits; set TMPDIR to another")
    try:
        os.symlink(name, link)
    except OSError as error:
        expected = "expected a name of letters, digits, hyphens and periods"
        raise DataError(f"{name}: {expected}, because linking it fails ({error.strerror}); rename it") from error
    return link
