"""The page of all keys of a config, from the sections and the registered classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nntrain.config.argument_schema import class_schema
from nntrain.config.json_schema import registered, registered_sections
from nntrain.config.option import words
from nntrain.config.table import Table, tables
from nntrain.config.write import literal
from nntrain.hooks.registry import get_registry
from nntrain.nn.layer_reference import get_documentation

__all__ = ["markdown"]

HEAD = """# The config

Made by `nntrain schema --markdown` from the schema and the docstrings: change it there.

A config is a TOML file. Only `data.path` must be there; what is left out is decided by the data or has the default told
here, and the run folder's `config.toml` says what it was. `--set section.key=value` changes a key on the command line.
`nntrain init DATA --target COLUMN` writes a config for a file of rows with every key in it, and `nntrain schema` a JSON
Schema, with which an editor completes and checks what you write."""

CRITERIONS = "Every criterion with its arguments stands in [layers/criterion.md](layers/criterion.md)."

MODULES = """Every module with its arguments stands on the page of its family under [layers/](layers/); those that hold
modules in [layers/container.md](layers/container.md). A module with `id = "name"` can be met again as
`{ ref = "name" }`: a second place of that module, with the same parameters and running statistics."""


def markdown() -> str:
    """The whole page."""
    return "\n\n".join([HEAD, *(text for table in tables() for text in section(table))]) + "\n"


def section(table: Table) -> Iterator[str]:
    """A table of a config: what it is, its keys, and for some what is registered."""
    if not table.options:
        return
    yield f"## [{'.'.join(table.place)}]" if table.place else "## Before the first section"
    yield table.description.replace("``", "`")
    yield rows([(o.name, o.words, default(o.default, o.required), o.description) for o in table.options])
    if table.place == ("model",):
        yield MODULES
    elif table.place == ("criterion",):
        yield CRITERIONS
    elif len(table.place) == 1 and table.place[0] in registered_sections():
        yield from registered_types(table.place[0])


def registered_types(kind: str) -> Iterator[str]:
    """nntrain's own classes of a kind, each with its arguments."""
    found = [get_registry().find(kind, name) for name in get_registry().names(kind)]
    ours = [entry.cls for entry in found if entry.distribution == "nntrain"]
    for name, cls in ((name, cls) for name, cls in registered(kind).items() if cls in ours):
        schema = class_schema(name, cls, {})
        yield f'### type = "{name}"'
        yield f"```text\n{get_documentation(cls)}\n```"
        arguments = {key: node for key, node in schema["properties"].items() if key != "type"}
        yield rows(
            [
                (key, words(node), default(node.get("default"), key in schema["required"]), "")
                for key, node in arguments.items()
            ]
        )


def rows(cells: list[tuple[str, str, str, str]]) -> str:
    """A table of Markdown; without the last column where nobody has anything to say in it."""
    told = any(row[3] for row in cells)
    head = ("key", "type", "default", "description") if told else ("key", "type", "default")
    lines = [head, ("---",) * len(head), *((f"`{row[0]}`", *row[1 : len(head)]) for row in cells)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def default(value: Any, required: bool) -> str:
    """A default as TOML writes it."""
    if value is None:
        return "must be given" if required else ""
    return f"`{literal(value)}`"
