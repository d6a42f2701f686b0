"""What is wrong with a config, and at which key."""

from __future__ import annotations

from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value: ``("model", "modules", 2, "type")``."""

Problem: TypeAlias = tuple[KeyPath, str]
"""A key path, and a sentence about the value there."""
