"""The tables of a config and their keys, for the documentation and for a new config."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from nntrain.config.json_schema import build_sections_schema

# Example values of keys without a default.
EXAMPLES = {"integer": 1, "number": 0.1, "string": "...", "boolean": True, "array": [], "object": {}}


@dataclass(frozen=True)
class ConfigOption:
    """A key: its type in words, default (None: no default), description, and an example value."""

    name: str
    words: str
    default: Any
    description: str
    required: bool
    example: Any

    @classmethod
    def from_schema(cls, name: str, node: dict[str, Any], required: bool) -> Self:
        """The key for a node of the JSON Schema."""
        return cls(
            name, describe_type(node), node.get("default"), node.get("description", ""), required, build_example(node)
        )


def describe_type(node: dict[str, Any]) -> str:
    """The type of a value in words: ``integer``, ``list: string``, ``"he" or "torch"``."""
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(describe_type(choice) for choice in node["anyOf"]))
    if "enum" in node:
        return " or ".join(f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in node["enum"])
    kind: str = node.get("type", "")
    if kind == "array":
        return f"list: {describe_type(node['items'])}" if node.get("items") else "list"
    if "$ref" in node:
        return node["$ref"].rpartition("/")[2]
    return {"": "any value", "object": "table"}.get(kind, kind) + format_bounds(node)


def format_bounds(node: dict[str, Any]) -> str:
    """The range of a number."""
    words = {"minimum": "at least", "exclusiveMinimum": "above", "exclusiveMaximum": "below", "maximum": "at most"}
    return "".join(f", {word} {node[key]:g}" for key, word in words.items() if node.get(key) is not None)


def build_example(node: dict[str, Any]) -> Any:
    """An example value of the key."""
    if node.get("examples"):
        return node["examples"][0]
    if "anyOf" in node:
        return build_example(node["anyOf"][0])
    if "enum" in node:
        return node["enum"][0]
    return node.get("minimum", EXAMPLES.get(node.get("type", ""), "..."))


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
