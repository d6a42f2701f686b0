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

# By section: the value of a key in runs that are older than the key, if it is not the default.
OLD_VALUES: dict[str, dict[str, Any]] = {"data": {"number_scaling": "standard"}, "train": {"quality": None}}


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
    """A copy of a section with the new names and values of its keys, in the order of the old ones."""
    if section not in RENAMED_KEYS or not isinstance(table, Mapping):
        return table
    values = {key: NEW_VALUES.get((section, key), {}) for key in table}
    return {
        RENAMED_KEYS[section].get(key, key): values[key].get(value, value) if isinstance(value, bool) else value
        for key, value in table.items()
    }


def add_old_values(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the config tree of a run, with the values of keys that it was started without."""
    return {
        name: {**OLD_VALUES.get(name, {}), **table} if isinstance(table, Mapping) else table
        for name, table in tree.items()
    }
