"""How to say on the command line what a config says of a column."""

from __future__ import annotations

import json
import re
import shlex

__all__ = ["ignoring", "taking_for"]


def ignoring(name: str) -> str:
    """The option that leaves a column out, as a shell reads it."""
    return f"--set {shlex.quote(f'data.ignore=[{quoted(name)}]')}"


def taking_for(name: str, type_: str) -> str:
    """The option that says what a column holds."""
    key = name if re.fullmatch(r"\w[\w-]*", name) else quoted(name)
    return f"--set {shlex.quote(f'data.columns.{key}.type={quoted(type_)}')}"


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
