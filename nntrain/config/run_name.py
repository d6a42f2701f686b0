"""``name``: the name of a run, which is also the name of its folder."""

import os
import re
import unicodedata
from pathlib import Path

from nntrain.errors import ConfigError

# Looser pattern for editors: every valid value matches.
NAME_PATTERN = r"^[^-./\\\x00-\x1f][^/\\\x00-\x1f]*$"

# Maximum bytes of a name: file systems allow 255, and some files of a run have longer names.
MAX_LENGTH = 200

# Device names on Windows, with any suffix.
DEVICE_NAMES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)

# Unicode categories: control characters, surrogates and line ends.
INVISIBLE_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}


def find_name_problem(name: str) -> str:
    """The problem of a name; empty if it is a valid folder name on every system."""
    if not name.strip():
        return "is empty"
    if has_invisible_characters(name):
        return "contains control characters"
    if "/" in name or "\\" in name:
        return "contains a path separator: choose another folder with --out"
    if name[0] in "-." or ".." in name or name.endswith("."):
        return "starts with '-' or '.', ends with '.', or contains '..'"
    if name != name.strip():
        return "starts or ends with a space"
    if len(os.fsencode(name)) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} bytes"
    return "is a device name on Windows" if DEVICE_NAMES.fullmatch(name) else ""


def has_invisible_characters(name: str) -> bool:
    """Whether a name contains invisible characters or surrogates."""
    return any(unicodedata.category(character) in INVISIBLE_CATEGORIES for character in name)


def shorten_name(name: str) -> str:
    """A name in quotes, shortened if it is long."""
    return repr(name if len(name) <= 40 else f"{name[:40]}...")


def derive_run_name(path: Path) -> str:
    """The run name for a data file: the file name up to the first dot. ConfigError if it is not a valid folder name."""
    name = path.name.split(".")[0]
    if not name.strip() or has_invisible_characters(name):
        raise ConfigError(f"{shorten_name(path.name)}: not a valid run name; choose a folder with --out")
    return name
