"""One table of a config, and all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nntrain.config.json_schema import sections_schema
from nntrain.config.option import Option

__all__ = ["Table", "tables"]


@dataclass(frozen=True)
class Table:
    """A table of a config: its place, where NAME stands for any name, and its keys."""

    place: tuple[str, ...]
    description: str
    options: tuple[Option, ...]


def tables() -> list[Table]:
    """The root and every table of a config, in the order of the sections."""
    schema = sections_schema()
    return list(below((), schema, schema["definitions"]))


def below(place: tuple[str, ...], node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[Table]:
    """The table at ``place``, then those in it."""
    inner: list[tuple[tuple[str, ...], str]] = []
    options = []
    for name, value in node.get("properties", {}).items():
        named = value.get("additionalProperties")
        if "$ref" in value:
            inner.append(((*place, name), value["$ref"]))
        elif isinstance(named, dict) and "$ref" in named:
            inner.append(((*place, name, "NAME"), named["$ref"]))
        else:
            options.append(Option.of(name, value, name in node.get("required", ())))
    yield Table(place, node.get("description", ""), tuple(options))
    for path, reference in inner:
        yield from below(path, definitions[reference.rpartition("/")[2]], definitions)
