"""The JSON Schema of a config, with which an editor completes and checks it.

Written for TOML editors: draft 7; a ``$ref`` without sibling keys, which they ignore; ``oneOf`` for alternative tables,
since completion ignores ``if``; and no null, which TOML does not have.
"""

import types
from collections.abc import Callable, Sequence
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from nntrain.config.config import SECTIONS, Config
from nntrain.config.section import Section
from nntrain.config.train_config import SCHEDULE_KEYS
from nntrain.hooks.registry import get_registry
from nntrain.nn.building.factory import get_options
from nntrain.nn.building.spec_validation import is_inferable
from nntrain.nn.criterion import Criterion
from nntrain.nn.layer_reference import get_formula
from nntrain.nn.module import Module
from nntrain.nn.parameter_factors import FACTOR_KEYS
from nntrain.specs.configurable import get_signature, to_plain
from nntrain.specs.type_hints import get_hints

JsonSchema = dict[str, Any]

PLAIN_TYPES = {int: "integer", float: "number", bool: "boolean", str: "string", np.ndarray: "array", dict: "object"}


def build_class_schema(name: str, cls: type[Any], extra_properties: JsonSchema) -> JsonSchema:
    """The schema of the table for a ``cls``, whose type is ``name``. ``extra_properties``: its other keys."""
    parameters = {key: get_signature(cls).parameters[argument] for key, argument in get_options(cls).items()}
    needed = [key for key, one in parameters.items() if one.default is one.empty and not is_inferable(cls, key)]
    arguments = {key: build_hint_schema(get_hints(cls).get(one.name)) for key, one in parameters.items()}
    for key, one in parameters.items():
        if one.default is not one.empty and one.default is not None:
            arguments[key]["default"] = to_plain(one.default)
    return {
        "type": "object",
        "description": get_formula(cls),
        "properties": {"type": {"enum": [name], "description": get_formula(cls)}, **extra_properties, **arguments},
        "required": ["type", *needed],
        "additionalProperties": False,
    }


def build_hint_schema(hint: Any) -> JsonSchema:
    """The schema of a type hint, without None and functions, which TOML lacks. Unknown hints allow any value."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        allowed = [one for one in get_args(hint) if one is not types.NoneType and get_origin(one) is not Callable]
        choices = [build_hint_schema(choice) for choice in allowed]
        distinct = [choice for index, choice in enumerate(choices) if choice not in choices[:index]]
        return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
    if origin is Literal:
        return {"enum": list(get_args(hint))}
    if origin in (list, tuple, Sequence):
        return {"type": "array", "items": build_hint_schema(get_args(hint)[0])}
    if isinstance(hint, type) and issubclass(hint, Module | Criterion):
        return {"$ref": f"#/definitions/{'module' if issubclass(hint, Module) else 'criterion'}"}
    plain = PLAIN_TYPES.get(origin or hint)
    return {} if plain is None else {"type": plain}


JSON_SCHEMA_DRAFT = "http://json-schema.org/draft-07/schema#"

LOWERCASE_KINDS = ("optimizer", "schedule", "metric", "logger")

# Keys of an inner module or criterion that are not arguments.
ID_PROPERTY = {
    "id": {
        "type": "string",
        "description": "Name for a later { ref = ... }, which uses this component again.",
    }
}
FROZEN_PROPERTY = {
    "frozen": {
        "type": "boolean",
        "description": "Whether to freeze all parameters and statistics inside.",
        "default": False,
    }
}
FACTOR_SCHEMA = {"type": "number", "minimum": 0}
FACTOR_PROPERTIES = {
    key: {
        "anyOf": [FACTOR_SCHEMA, {"type": "object", "additionalProperties": FACTOR_SCHEMA}],
        "description": f"Factor of the {key.removesuffix('_factor').replace('_', ' ')} of all parameters inside, "
        "or of each name.",
        "default": 1,
    }
    for key in FACTOR_KEYS
}
MODULE_PROPERTIES = FROZEN_PROPERTY | FACTOR_PROPERTIES
REFERENCE_SCHEMA = {
    "type": "object",
    "description": "The component with that id again.",
    "properties": {"ref": {"type": "string"}},
    "required": ["ref"],
    "additionalProperties": False,
}


def build_json_schema() -> JsonSchema:
    """The complete schema: the sections, and the classes that are registered in this installation."""
    schema = build_sections_schema()
    definitions = schema["definitions"]
    for name, section in list_registered_sections().items():
        definitions[section.__name__] = build_spec_schema(name, section, definitions)
    for kind in ("module", "criterion"):
        classes = list_registered(kind)
        others = ID_PROPERTY | (MODULE_PROPERTIES if kind == "module" else {})
        definitions |= {cls.__name__: build_class_schema(name, cls, others) for name, cls in classes.items()}
        references = [{"$ref": f"#/definitions/{cls.__name__}"} for cls in classes.values()]
        definitions[kind] = {"oneOf": [*references, REFERENCE_SCHEMA]}
    model, train = (definitions[name]["properties"] for name in ("ModelConfig", "TrainConfig"))
    model["modules"]["items"] = {"$ref": "#/definitions/module"}
    # Those that can be built without arguments.
    model["activation"]["enum"] = [
        name
        for name, cls in list_registered("module").items()
        if build_class_schema(name, cls, {})["required"] == ["type"]
    ]
    for kind in ("metric", "logger"):
        train[f"{kind}s"]["items"] = build_entry_schema(kind)
    for key in SCHEDULE_KEYS:
        train[key] |= build_entry_schema("schedule")
    return {"$schema": JSON_SCHEMA_DRAFT, "title": "A config of nntrain", **schema}


def build_sections_schema() -> JsonSchema:
    """The sections as pydantic describes them, without the registered classes."""
    schema: JsonSchema = clean_schema(Config.model_json_schema(ref_template="#/definitions/{model}"))
    definitions = schema.pop("$defs")
    for name, field in Config.model_fields.items():
        if reference := schema["properties"][name].get("$ref"):
            definitions[reference.rpartition("/")[2]]["description"] = field.description
    return {**schema, "definitions": definitions}


def list_registered_sections() -> dict[str, type[Section]]:
    """The sections whose other keys are the arguments of a registered type, by name."""
    return {name: kind for name, kind in SECTIONS.items() if kind.model_config.get("extra") == "allow"}


def list_registered(kind: str) -> dict[str, type[Any]]:
    """The classes of a kind, by their names in a config."""
    classes = {name: get_registry().find(kind, name).cls for name in get_registry().names(kind)}
    return dict(sorted((name.lower(), cls) for name, cls in classes.items())) if kind in LOWERCASE_KINDS else classes


def build_spec_schema(kind: str, section: type[Section], definitions: JsonSchema) -> JsonSchema:
    """The schema of a section for a registered class; the type is optional if it has a default."""
    own = definitions[section.__name__]
    fixed = {key: node for key, node in own["properties"].items() if key != "type"}
    default = section.model_fields["type"].default
    choices = [build_class_schema(name, cls, fixed) for name, cls in list_registered(kind).items()]
    for choice in choices:
        if choice["properties"]["type"]["enum"] == [default]:
            choice["required"].remove("type")
    if default is None:
        choices.append({"type": "object", "properties": fixed, "additionalProperties": False})
    return {"description": own["description"], "type": "object", "oneOf": choices}


def build_entry_schema(kind: str) -> JsonSchema:
    """The schema of a metric, logger or schedule in ``[train]``: a name, or a table with its options."""
    classes = list_registered(kind)
    tables = [build_class_schema(name, cls, {}) for name, cls in classes.items()]
    return {"anyOf": [{"enum": list(classes)}, {"oneOf": tables}]}


def clean_schema(node: Any) -> Any:
    """pydantic's schema without titles, nulls, and the siblings of a ``$ref``."""
    if isinstance(node, list):
        return [clean_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    rest = {key: clean_schema(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    choices = [choice for choice in rest.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        alone = choices[0]
        rest = alone if "$ref" in alone else {**alone, **{key: rest[key] for key in rest if key != "anyOf"}}
    elif choices:
        rest["anyOf"] = choices
    if rest.get("default", ...) is None:
        del rest["default"]
    return rest
