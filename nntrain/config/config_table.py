"""The tables of a config: the root, the sections and the tables in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nntrain.config.config_option import ConfigOption
from nntrain.config.json_schema import build_sections_schema


@dataclass(frozen=True)
class ConfigTable:
    """A table of a config: its path, in which NAME is a placeholder, and its keys."""

    path: tuple[str, ...]
    description: str
    options: tuple[ConfigOption, ...]


def list_tables() -> list[ConfigTable]:
    """The root and every table of a config, in the order of the sections."""
    schema = build_sections_schema()
    return list(iterate_tables((), schema, schema["definitions"]))


def iterate_tables(path: tuple[str, ...], node: dict[str, Any], definitions: dict[str, Any]) -> Iterator[ConfigTable]:
    """The table at ``path``, then the tables in it."""
    inner: list[tuple[tuple[str, ...], str]] = []
    options = []
    for name, value in node.get("properties", {}).items():
        named = value.get("additionalProperties")
        if "$ref" in value:
            inner.append(((*path, name), value["$ref"]))
        elif isinstance(named, dict) and "$ref" in named:
            inner.append(((*path, name, "NAME"), named["$ref"]))
        else:
            options.append(ConfigOption.from_schema(name, value, name in node.get("required", ())))
    yield ConfigTable(path, node.get("description", ""), tuple(options))
    for inner_path, reference in inner:
        yield from iterate_tables(inner_path, definitions[reference.rpartition("/")[2]], definitions)
