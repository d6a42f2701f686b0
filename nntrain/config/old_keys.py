"""Renamed config keys: errors in a new config, translated where an existing run or file is read."""

from collections.abc import Mapping
from typing import Any

from nntrain.config.positions import KeyPath

# By section: the old key and its new name.
RENAMED_KEYS = {
    "data": {"separator": "label_separator", "weight": "sample_weight"},
    "model": {"double": "dtype", "initial": "weight_init", "transfer": "activation"},
}

# Keys whose values changed too: the new value of each old one.
NEW_VALUES = {("model", "double"): {True: "float64", False: "float32"}}


def describe_old_key(path: KeyPath, value: object) -> str | None:
    """The error for an old key; None if ``path`` is not one."""
    match path:
        case (str(section), str(key)) if key in RENAMED_KEYS.get(section, {}):
            new = f"{section}.{RENAMED_KEYS[section][key]}"
            if path in NEW_VALUES:
                return f'renamed to {new}; set {new} = "{NEW_VALUES[section, key].get(value is True)}"'
            return f"renamed to {new}"
    return None


def translate_old_keys(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a config tree with the new names of its keys."""
    return {name: translate_section(name, table) for name, table in tree.items()}


def translate_section(section: str, table: Any) -> Any:
    """A copy of a section with the new names of its keys, in the order of the old ones."""
    renamed = RENAMED_KEYS.get(section)
    if renamed is None or not isinstance(table, Mapping):
        return table
    return {renamed.get(key, key): translate_value(section, key, value) for key, value in table.items()}


def translate_value(section: str, key: str, value: Any) -> Any:
    """The value under the new name of a key."""
    changed = NEW_VALUES.get((section, key), {})
    return changed.get(value, value) if isinstance(value, bool) else value
