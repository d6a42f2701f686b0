"""A TOML file as a tree, with the line of every key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from nntrain.config.limits import has_long_key
from nntrain.config.positions import Positions
from nntrain.errors import ConfigError
from nntrain.files.file_kind import describe_file
from nntrain.specs.nesting import MAX_NESTING

_PLACE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")

# What the parser says of a key, or a section, that was there before.
TWICE = ("Cannot overwrite", "Cannot declare", "Duplicate inline table key")


def read(path: Path) -> tuple[dict[str, Any], Positions]:
    """The tree and the lines of the file at ``path``; a ConfigError says why there are none."""
    text = _text(path)
    if has_long_key(text):
        raise ConfigError(f"{path}: expected keys of at most {MAX_NESTING} parts")
    try:
        return tomllib.loads(text), Positions(text)
    except tomllib.TOMLDecodeError as error:
        line, what = _syntax(text, str(error))
        raise ConfigError(f"{path}:{line}: {what}") from None
    except RecursionError:
        raise ConfigError(f"{path}: tables and lists are nested more than {MAX_NESTING} deep") from None
    except ValueError as error:  # Python refuses to read a number of thousands of digits
        raise ConfigError(f"{path}: cannot be read: {str(error).partition(';')[0]}") from None


def _text(path: Path) -> str:
    kind = describe_file(path)
    if kind is not None:
        raise ConfigError(f"{path}: expected a TOML file, got {kind}")
    try:
        return path.read_bytes().decode("utf-8-sig")  # editors on Windows write a mark in front
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: expected UTF-8, got the byte 0x{error.object[error.start]:02x}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def _syntax(text: str, message: str) -> tuple[int, str]:
    """The line and the words of a message such as ``what (at line 3, column 5)``."""
    lines = text.splitlines() or [""]
    place = _PLACE.fullmatch(message)
    if place is None:
        return 1, message
    line = len(lines) if place["line"] is None else int(place["line"])
    if place["what"].startswith(TWICE):
        return line, f"{lines[line - 1].partition('=')[0].strip()!r} stands here a second time"
    if place["line"] is None:
        return line, f"{place['what']} at the end of the file"
    if place["what"] != "Invalid value":
        return line, place["what"]
    column = int(place["column"])
    return line, f"expected a value, got {lines[line - 1][column - 1 :].strip()!r}; a text stands in quotes"
