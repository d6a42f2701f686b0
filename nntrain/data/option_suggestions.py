"""How to say on the command line what a config says of a column."""

from __future__ import annotations

import json
import re

from nntrain.formatting import escape_toml_string
from nntrain.shell_command import quote

__all__ = ["suggest_column_key", "suggest_ignore", "suggest_key", "suggest_type"]


def suggest_ignore(name: str) -> str:
    """The option that leaves a column out, as a shell reads it."""
    return suggest_key("ignore", [name])


def suggest_type(name: str, type_: str) -> str:
    """The option that says what a column holds."""
    return suggest_column_key(name, "type", type_)


def suggest_column_key(name: str, key: str, value: object) -> str:
    """The option that sets a key of a column, as a shell reads it."""
    column = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else format_toml(name)
    return suggest_key(f"columns.{column}.{key}", value)


def suggest_key(key: str, value: object) -> str:
    """The option that sets a key of ``[data]``, as a shell reads it."""
    return f"--set {quote(f'data.{key}={format_toml(value)}')}"


def format_toml(value: object) -> str:
    """A text, a list of texts or a boolean as TOML writes it."""
    return escape_toml_string(json.dumps(value, ensure_ascii=False))
