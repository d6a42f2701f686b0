"""How to say on the command line what a config says of a column."""

from __future__ import annotations

import json
import re

from nntrain.shell import quoted
from nntrain.visible import escaped

__all__ = ["ignoring", "setting", "setting_column", "taking_for"]


def ignoring(name: str) -> str:
    """The option that leaves a column out, as a shell reads it."""
    return setting("ignore", [name])


def taking_for(name: str, type_: str) -> str:
    """The option that says what a column holds."""
    return setting_column(name, "type", type_)


def setting_column(name: str, key: str, value: object) -> str:
    """The option that sets a key of a column, as a shell reads it."""
    column = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml(name)
    return setting(f"columns.{column}.{key}", value)


def setting(key: str, value: object) -> str:
    """The option that sets a key of ``[data]``, as a shell reads it."""
    return f"--set {quoted(f'data.{key}={toml(value)}')}"


def toml(value: object) -> str:
    """A text, a list of texts or a boolean as TOML writes it."""
    return escaped(json.dumps(value, ensure_ascii=False))
