"""A config as TOML text."""

from __future__ import annotations

from typing import Any

import tomli_w

from nntrain.formatting import escape_toml_string


def dump(tree: dict[str, Any]) -> str:
    """TOML that reads back as ``tree``, such as ``config.model_dump()``. TOML has no None: such keys are left out."""
    return tomli_w.dumps(_without_none(tree))


def literal(value: Any) -> str:
    """One value as TOML writes it, on one line."""
    if isinstance(value, dict):
        return (
            f"{{ {', '.join(f'{key_of(key)} = {literal(item)}' for key, item in value.items())} }}" if value else "{}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    return escape_toml_string(tomli_w.dumps({"x": value}).partition(" = ")[2].strip())


def key_of(name: str) -> str:
    """A name as TOML writes a key: bare, or in quotes."""
    return escape_toml_string(tomli_w.dumps({name: 0}).removesuffix(" = 0\n"))


def _without_none(tree: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in tree.items() if value is not None}
    return {key: _without_none(value) if isinstance(value, dict) else value for key, value in kept.items()}
