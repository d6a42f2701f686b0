"""``name``: the name of a run, which is that of its folder."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from nntrain.errors import ConfigError

__all__ = ["NAME_PATTERN", "derive_run_name", "find_name_problem", "validate_run_name"]

# The form for editors, about: what is in order passes.
NAME_PATTERN = r"^[^-./\\\x00-\x1f][^/\\\x00-\x1f]*$"

# Bytes of a name: file systems allow 255, and some of the files have longer ones.
MAX_LENGTH = 200

# Names of devices on Windows, with any ending.
DEVICE_NAMES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)

# Control characters, parts of characters, and ends of lines.
INVISIBLE_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}


def validate_run_name(name: str) -> str:
    """``name``, if a folder can have it on every system. ValueError, which says why, if not."""
    if wrong := find_name_problem(name):
        raise ValueError(f"expected the name of a folder, got {shorten_name(name)}, which {wrong}")
    return name


def find_name_problem(name: str) -> str:
    """What is wrong with a name; nothing if it can be used."""
    if not name.strip():
        return "is empty"
    if has_invisible_characters(name):
        return "has control characters"
    if "/" in name or "\\" in name:
        return "has a separator of folders: choose another folder with --out"
    if name[0] in "-." or ".." in name or name.endswith("."):
        return "starts with '-' or '.', ends with '.', or has '..'"
    if name != name.strip():
        return "starts or ends with a space"
    if len(os.fsencode(name)) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} bytes"
    return "is the name of a device on Windows" if DEVICE_NAMES.fullmatch(name) else ""


def has_invisible_characters(name: str) -> bool:
    """Whether a name has characters that are not shown, or are not whole."""
    return any(unicodedata.category(character) in INVISIBLE_CATEGORIES for character in name)


def shorten_name(name: str) -> str:
    """A name in quotes, cut if it is long."""
    return repr(name if len(name) <= 40 else f"{name[:40]}...")


def derive_run_name(path: Path) -> str:
    """The name of a run on a file of rows: its own up to the first dot. ConfigError if a folder cannot have it."""
    name = path.name.split(".")[0]
    if not name.strip() or has_invisible_characters(name):
        raise ConfigError(
            f"{shorten_name(path.name)}: expected a file whose name the run can have; choose a folder with --out"
        )
    return name
