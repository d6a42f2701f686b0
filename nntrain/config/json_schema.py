"""The JSON Schema of a config, with which an editor completes and checks it.

Written for what editors of TOML read: draft 7; a ``$ref`` alone, since what stands beside it is not seen; one of
several tables as ``oneOf``, since ``if`` is not looked into for completion; and no null, which TOML cannot say.
"""

from __future__ import annotations

from typing import Any

from nntrain.config.argument_schema import Node, class_schema
from nntrain.config.config import Config
from nntrain.config.section import Section
from nntrain.config.sections import SECTIONS
from nntrain.hooks.registry import get_registry

__all__ = ["DRAFT", "json_schema", "registered", "registered_sections", "sections_schema"]

DRAFT = "http://json-schema.org/draft-07/schema#"

IN_LOWER_CASE = ("optimizer", "schedule", "metric", "logger")

# Keys of a module or a criterion inside another that are no arguments.
SHARED = {
    "id": {
        "type": "string",
        "description": "A name for a later { ref = ... }: another place of this component.",
    }
}
FROZEN = {
    "frozen": {
        "type": "boolean",
        "description": "Whether all parameters and statistics inside stay as they are.",
        "default": False,
    }
}
REFERENCE = {
    "type": "object",
    "description": "The component of that id once more.",
    "properties": {"ref": {"type": "string"}},
    "required": ["ref"],
    "additionalProperties": False,
}


def json_schema() -> Node:
    """The whole: the sections, and what is registered in this installation."""
    schema = sections_schema()
    definitions = schema["definitions"]
    for name, section in registered_sections().items():
        definitions[section.__name__] = one_of_registered(name, section, definitions)
    for kind in ("module", "criterion"):
        classes = registered(kind)
        others = SHARED | (FROZEN if kind == "module" else {})
        definitions |= {cls.__name__: class_schema(name, cls, others) for name, cls in classes.items()}
        definitions[kind] = {"oneOf": [*references(classes), REFERENCE]}
    model, train = (definitions[name]["properties"] for name in ("ModelConfig", "TrainConfig"))
    model["modules"]["items"] = {"$ref": "#/definitions/module"}
    model["transfer"]["enum"] = [name for name, cls in registered("module").items() if needs_nothing(name, cls)]
    for kind in ("metric", "logger"):
        train[f"{kind}s"]["items"] = entry(kind)
    return {"$schema": DRAFT, "title": "A config of nntrain", **schema}


def sections_schema() -> Node:
    """The sections as pydantic describes them, without what only the registries know."""
    schema: Node = tidied(Config.model_json_schema(ref_template="#/definitions/{model}"))
    definitions = schema.pop("$defs")
    for name, field in Config.model_fields.items():
        if reference := schema["properties"][name].get("$ref"):
            definitions[reference.rpartition("/")[2]]["description"] = field.description
    return {**schema, "definitions": definitions}


def registered_sections() -> dict[str, type[Section]]:
    """The sections whose further keys are the arguments of a registered type, by name."""
    return {name: kind for name, kind in SECTIONS.items() if kind.model_config.get("extra") == "allow"}


def registered(kind: str) -> dict[str, type[Any]]:
    """The classes of a kind, by the names that a config calls them."""
    classes = {name: get_registry().find(kind, name).cls for name in get_registry().names(kind)}
    return dict(sorted((name.lower(), cls) for name, cls in classes.items())) if kind in IN_LOWER_CASE else classes


def one_of_registered(kind: str, section: type[Section], definitions: Node) -> Node:
    """A section that is the table of one registered class; where it may go without a type, that of its default."""
    own = definitions[section.__name__]
    fixed = {key: node for key, node in own["properties"].items() if key != "type"}
    default = section.model_fields["type"].default
    choices = [class_schema(name, cls, fixed) for name, cls in registered(kind).items()]
    for choice in choices:
        if choice["properties"]["type"]["enum"] == [default]:
            choice["required"].remove("type")
    if default is None:
        choices.append({"type": "object", "properties": fixed, "additionalProperties": False})
    return {"description": own["description"], "type": "object", "oneOf": choices}


def entry(kind: str) -> Node:
    """One of a list of what is registered: its name alone, or a table with its options."""
    classes = registered(kind)
    tables = [class_schema(name, cls, {}) for name, cls in classes.items()]
    return {"anyOf": [{"enum": list(classes)}, {"oneOf": tables}]}


def needs_nothing(name: str, cls: type[Any]) -> bool:
    """Whether a class is made without arguments."""
    return bool(class_schema(name, cls, SHARED)["required"] == ["type"])


def references(classes: dict[str, type[Any]]) -> list[Node]:
    return [{"$ref": f"#/definitions/{cls.__name__}"} for cls in classes.values()]


def tidied(node: Any) -> Any:
    """pydantic's schema without titles, nulls, and what stands beside a ``$ref``."""
    if isinstance(node, list):
        return [tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    rest = {key: tidied(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    choices = [choice for choice in rest.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        alone = choices[0]
        rest = alone if "$ref" in alone else {**alone, **{key: rest[key] for key in rest if key != "anyOf"}}
    elif choices:
        rest["anyOf"] = choices
    if rest.get("default", ...) is None:
        del rest["default"]
    return rest
