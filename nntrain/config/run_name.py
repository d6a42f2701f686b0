"""``name``: the name of a run, which is that of its folder."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from nntrain.errors import ConfigError

__all__ = ["NAME", "default_name", "fault", "run_name"]

# The form for editors, about: what is in order passes.
NAME = r"^[^-./\\\x00-\x1f][^/\\\x00-\x1f]*$"

# Bytes of a name: file systems allow 255, and some of the files have longer ones.
LONGEST = 200

# Names of devices on Windows, with any ending.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)

# Control characters, parts of characters, and ends of lines.
UNSEEN = {"Cc", "Cs", "Zl", "Zp"}


def run_name(name: str) -> str:
    """``name``, if a folder can have it on every system. ValueError, which says why, if not."""
    if wrong := fault(name):
        raise ValueError(f"expected the name of a folder, got {short(name)}, which {wrong}")
    return name


def fault(name: str) -> str:
    """What is wrong with a name; nothing if it can be used."""
    if not name.strip():
        return "is empty"
    if unseen(name):
        return "has control characters"
    if "/" in name or "\\" in name:
        return "has a separator of folders: choose another folder with --out"
    if name[0] in "-." or ".." in name or name.endswith("."):
        return "starts with '-' or '.', ends with '.', or has '..'"
    if name != name.strip():
        return "starts or ends with a space"
    if len(os.fsencode(name)) > LONGEST:
        return f"is longer than {LONGEST} bytes"
    return "is the name of a device on Windows" if DEVICES.fullmatch(name) else ""


def unseen(name: str) -> bool:
    """Whether a name has characters that are not shown, or are not whole."""
    return any(unicodedata.category(character) in UNSEEN for character in name)


def short(name: str) -> str:
    """A name in quotes, cut if it is long."""
    return repr(name if len(name) <= 40 else f"{name[:40]}...")


def default_name(path: Path) -> str:
    """The name of a run on a file of rows: its own up to the first dot. ConfigError if a folder cannot have it."""
    name = path.name.split(".")[0]
    if not name.strip() or unseen(name):
        raise ConfigError(
            f"{short(path.name)}: expected a file whose name the run can have; choose a folder with --out"
        )
    return name
