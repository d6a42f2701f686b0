"""What to say about a key that no section has."""

from __future__ import annotations

from collections.abc import Collection

from nntrain.config.column_config import ColumnConfig
from nntrain.config.config import Config
from nntrain.config.problem import KeyPath
from nntrain.config.sections import SECTIONS
from nntrain.errors import suggest_name


def unknown(path: KeyPath, value: object) -> str:
    """The sentence about the key at ``path``, with the key that was probably meant."""
    *table, key = path
    if not table and isinstance(value, dict):
        return f"unknown section{suggest_name(str(key), SECTIONS)}"
    hint = _elsewhere(str(key)) or suggest_name(str(key), _keys_of(tuple(table)))
    return f"unknown key{hint}"


def homes_of(key: str) -> list[str]:
    """A key as it stands in each section that has it: ``train.epochs``."""
    return [f"{name}.{key}" for name, section in SECTIONS.items() if key in section.model_fields]


def _elsewhere(key: str) -> str:
    """A key of exactly one section was put into the wrong one."""
    homes = homes_of(key)
    return f"; did you mean '{homes[0]}'?" if len(homes) == 1 else ""


def _keys_of(table: KeyPath) -> Collection[str]:
    match table:
        case ():
            return Config.model_fields
        case (str(section),):
            return SECTIONS[section].model_fields
        case _:
            return ColumnConfig.model_fields
