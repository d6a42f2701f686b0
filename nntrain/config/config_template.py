"""A config with every key and its description, for users to edit."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nntrain.config.config import SECTIONS
from nntrain.config.config_table import ConfigOption, ConfigTable, list_tables
from nntrain.config.json_schema import list_registered, list_registered_sections
from nntrain.config.toml import format_toml_key, format_toml_value

LINE_WIDTH = 110

# Maximum number of names to list in a comment.
MAX_LISTED = 30

ConfigRemarks = Mapping[tuple[str, ...], Sequence[str]]


def format_template(values: Mapping[str, Any], header: Sequence[str], remarks: ConfigRemarks) -> str:
    """TOML with ``values``, and every other key in a comment with its default or an example.

    ``header``: the first lines. ``remarks``: lines after the description of a key, or at the end of a table.
    """
    lines = list(header)
    top = {name: value for name, value in values.items() if name not in SECTIONS}
    for table in list_tables():
        if "NAME" not in table.path:
            lines += ["", *format_section(table, values.get(table.path[0], {}) if table.path else top, remarks)]
    return "\n".join(lines) + "\n"


def format_section(table: ConfigTable, values: Mapping[str, Any], remarks: ConfigRemarks) -> Iterator[str]:
    """The top-level keys, or a section: its description, its keys, and its other values."""
    if table.path:
        yield from wrap_comment(table.description)
        yield f"[{table.path[0]}]"
    kind = table.path[0] if table.path and table.path[0] in list_registered_sections() else None
    for index, option in enumerate(table.options):
        yield from [""] * (index > 0)
        used = remarks.get((*table.path, option.name), ())
        yield from format_key(option, values, kind if option.name == "type" else None, used)
    written = {option.name for option in table.options}
    yield from format_entries({name: value for name, value in values.items() if name not in written}, ())
    if table.path in remarks:
        yield from ("", *prefix_hashes(remarks[table.path]))


def format_key(
    option: ConfigOption, values: Mapping[str, Any], kind: str | None, remarks: Sequence[str]
) -> Iterator[str]:
    """One key: its description, its type, and its value, default or example. ``kind``: that of a registered type."""
    choices = option.words if kind is None else describe_names(kind)
    yield from wrap_comment(f"{option.description} ({choices})")
    yield from prefix_hashes(remarks)
    if option.name in values:
        yield f"{option.name} = {format_multiline(values[option.name])}"
    else:
        example = option.example if kind is None else next(iter(list_registered(kind)))
        yield f"# {option.name} = {format_toml_value(example if option.default is None else option.default)}"


def describe_names(kind: str) -> str:
    """The registered names of a section."""
    known = list(list_registered(kind))
    return f"one of {', '.join(known)}" if len(known) <= MAX_LISTED else f"nntrain layers lists the {kind}s"


def format_entries(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """One line for each value of nested tables."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from format_entries(value, (*path, name))
        else:
            yield f"{'.'.join(map(format_toml_key, (*path, name)))} = {format_toml_value(value)}"


def format_multiline(value: Any) -> str:
    """A value as TOML, with one line for each table of a list."""
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return "\n".join(["[", *(f"    {format_toml_value(item)}," for item in value), "]"])
    return format_toml_value(value)


def wrap_comment(text: str) -> list[str]:
    """A text as comment lines."""
    return textwrap.wrap(text, LINE_WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def prefix_hashes(lines: Sequence[str]) -> list[str]:
    """The lines, each after a #."""
    return [f"# {line}".rstrip() for line in lines]
