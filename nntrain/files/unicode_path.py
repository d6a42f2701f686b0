"""Paths for libraries that take text only, where POSIX allows any bytes."""

from __future__ import annotations

from pathlib import Path

from nntrain.errors import ConfigError

__all__ = ["unicode_path"]


def unicode_path(path: Path) -> str:
    """The text of a path. ConfigError for one with bytes that are not UTF-8, which Python reads as surrogates."""
    text = str(path)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ConfigError(f"{path}: expected a path in UTF-8; use another folder, or rename it")
    return text
