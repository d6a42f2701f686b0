"""The page of all keys of a config, from the sections and the registered classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nntrain.config.config_option import describe_type
from nntrain.config.config_table import ConfigTable, list_tables
from nntrain.config.json_schema import build_class_schema, list_registered, list_registered_sections
from nntrain.config.toml import format_toml_value
from nntrain.hooks.registry import get_registry
from nntrain.nn.layer_reference import get_documentation

__all__ = ["build_page"]

HEADER = """# The config

Made by `nntrain schema --markdown` from the schema and the docstrings: change it there.

A config is a TOML file. Only `data.path` must be there; what is left out is decided by the data or has the default told
here, and the run folder's `config.toml` says what it was. `--set section.key=value` changes a key on the command line.
`nntrain init DATA --target COLUMN` writes a config for a file of rows with every key in it, and `nntrain schema` a JSON
Schema, with which an editor completes and checks what you write."""

CRITERIONS = "Every criterion with its arguments stands in [layers/criterion.md](layers/criterion.md)."

MODULES = """Every module with its arguments stands on the page of its family under [layers/](layers/); those that hold
modules in [layers/container.md](layers/container.md). A module with `id = "name"` can be met again as
`{ ref = "name" }`: a second place of that module, with the same parameters and running statistics."""


def build_page() -> str:
    """The whole page."""
    return "\n\n".join([HEADER, *(text for table in list_tables() for text in format_section(table))]) + "\n"


def format_section(table: ConfigTable) -> Iterator[str]:
    """A table of a config: what it is, its keys, and for some what is registered."""
    if not table.options:
        return
    yield f"## [{'.'.join(table.path)}]" if table.path else "## Before the first section"
    yield table.description.replace("``", "`")
    yield format_markdown_table(
        [(o.name, o.words, format_default(o.default, o.required), o.description) for o in table.options]
    )
    if table.path == ("model",):
        yield MODULES
    elif table.path == ("criterion",):
        yield CRITERIONS
    elif len(table.path) == 1 and table.path[0] in list_registered_sections():
        yield from format_registered_types(table.path[0])


def format_registered_types(kind: str) -> Iterator[str]:
    """nntrain's own classes of a kind, each with its arguments."""
    found = [get_registry().find(kind, name) for name in get_registry().names(kind)]
    ours = [entry.cls for entry in found if entry.distribution == "nntrain"]
    for name, cls in ((name, cls) for name, cls in list_registered(kind).items() if cls in ours):
        schema = build_class_schema(name, cls, {})
        yield f'### type = "{name}"'
        yield f"```text\n{get_documentation(cls)}\n```"
        arguments = {key: node for key, node in schema["properties"].items() if key != "type"}
        yield format_markdown_table(
            [
                (key, describe_type(node), format_default(node.get("default"), key in schema["required"]), "")
                for key, node in arguments.items()
            ]
        )


def format_markdown_table(cells: list[tuple[str, str, str, str]]) -> str:
    """A table of Markdown; without the last column where nobody has anything to say in it."""
    told = any(row[3] for row in cells)
    head = ("key", "type", "default", "description") if told else ("key", "type", "default")
    lines = [head, ("---",) * len(head), *((f"`{row[0]}`", *row[1 : len(head)]) for row in cells)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def format_default(value: Any, required: bool) -> str:
    """A default as TOML writes it."""
    if value is None:
        return "must be given" if required else ""
    return f"`{format_toml_value(value)}`"
