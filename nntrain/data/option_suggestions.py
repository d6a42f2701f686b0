"""Command-line options that set config keys, for messages."""

import json
import re

from nntrain.formatting import escape_toml_string
from nntrain.shell_command import quote


def suggest_ignore(name: str) -> str:
    """Return the option that excludes a column, quoted for the shell."""
    return suggest_key("ignore", [name])


def suggest_type(name: str, type_: str) -> str:
    """Return the option that sets the type of a column."""
    return suggest_column_key(name, "type", type_)


def suggest_column_key(name: str, key: str, value: object) -> str:
    """Return the option that sets a key of a column, quoted for the shell."""
    column = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else format_toml(name)
    return suggest_key(f"columns.{column}.{key}", value)


def suggest_key(key: str, value: object) -> str:
    """Return the option that sets a key of ``[data]``, quoted for the shell."""
    return f"--set {quote(f'data.{key}={format_toml(value)}')}"


def format_toml(value: object) -> str:
    """Format a string, a list of strings or a boolean as TOML."""
    return escape_toml_string(json.dumps(value, ensure_ascii=False))
