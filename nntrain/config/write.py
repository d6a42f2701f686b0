"""A config as TOML text."""

from __future__ import annotations

from typing import Any

import tomli_w


def dump(tree: dict[str, Any]) -> str:
    """TOML that reads back as ``tree``, such as ``config.model_dump()``. TOML has no None: such keys are left out."""
    return tomli_w.dumps(_without_none(tree))


def _without_none(tree: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in tree.items() if value is not None}
    return {key: _without_none(value) if isinstance(value, dict) else value for key, value in kept.items()}
