"""A config with every key in it, each explained, for people to change."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from nntrain.config.json_schema import registered, registered_sections
from nntrain.config.option import Option
from nntrain.config.table import Table, tables
from nntrain.config.write import key_of, literal

__all__ = ["commented"]

WIDTH = 110

# Of more names than these a comment tells where to find them.
LISTED = 30

Remarks = Mapping[tuple[str, ...], Sequence[str]]


def commented(values: Mapping[str, Any], head: Sequence[str], remarks: Remarks) -> str:
    """TOML that reads as ``values``, with every other key as a comment that holds its default or an example.

    ``head``: the first lines. ``remarks``: lines that come after the description of a key, or at the end of a table.
    """
    lines = list(head)
    known = [table for table in tables() if "NAME" not in table.place]
    for table in known:
        inner = {other.place[-1] for other in known if other.place and other.place[:-1] == table.place}
        lines += ["", *section(table, inside(values, table.place), inner, remarks)]
    return "\n".join(lines) + "\n"


def inside(values: Any, place: tuple[str, ...]) -> Mapping[str, Any]:
    """The values of the table at a place."""
    for step in place:
        values = values.get(step, {})
    return values if isinstance(values, Mapping) else {}


def section(table: Table, values: Mapping[str, Any], inner: Collection[str], remarks: Remarks) -> Iterator[str]:
    """One table: its description, its keys, and whatever else it holds, but for the tables in it."""
    if table.place:
        yield from comment(table.description)
        yield f"[{'.'.join(table.place)}]"
    kind = table.place[-1] if table.place and table.place[-1] in registered_sections() else None
    for index, option in enumerate(table.options):
        yield from [""] * (index > 0)
        yield from key(option, values, kind, remarks.get((*table.place, option.name), ()))
    written = {option.name for option in table.options} | set(inner)
    yield from entries({name: value for name, value in values.items() if name not in written}, ())
    if table.place in remarks:
        yield from ("", *hashed(remarks[table.place]))


def key(option: Option, values: Mapping[str, Any], kind: str | None, remarks: Sequence[str]) -> Iterator[str]:
    """One key: what it is, what it may be, and its value, default or example."""
    of_registered = kind is not None and option.name == "type"
    choices = names(kind) if kind is not None and of_registered else option.words
    yield from comment(f"{option.description} ({choices})")
    yield from hashed(remarks)
    if option.name in values:
        yield f"{option.name} = {over_lines(values[option.name])}"
    else:
        example = next(iter(registered(kind))) if kind is not None and of_registered else option.example
        yield f"# {option.name} = {literal(example if option.default is None else option.default)}"


def names(kind: str) -> str:
    """What may be named in a section."""
    known = list(registered(kind))
    return f"one of {', '.join(known)}" if len(known) <= LISTED else f"nntrain layers lists the {kind}s"


def entries(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """A line for each value of nested tables."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from entries(value, (*path, name))
        else:
            yield f"{'.'.join(map(key_of, (*path, name)))} = {literal(value)}"


def over_lines(value: Any) -> str:
    """A value as TOML, a list of tables with a line for each."""
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return "\n".join(["[", *(f"    {literal(item)}," for item in value), "]"])
    return literal(value)


def comment(text: str) -> list[str]:
    """A text as lines of a comment."""
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def hashed(lines: Sequence[str]) -> list[str]:
    """Lines as they are, each behind a #."""
    return [f"# {line}".rstrip() for line in lines]
