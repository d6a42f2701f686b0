"""pydantic's errors as messages about TOML."""

import re
from datetime import date, datetime, time

from pydantic_core import ErrorDetails

from nntrain.config.config import SECTIONS, Config
from nntrain.config.data_config import ColumnConfig
from nntrain.config.old_keys import describe_old_key
from nntrain.config.positions import KeyPath
from nntrain.errors import suggest_name


def format_unknown_key(path: KeyPath, value: object) -> str:
    """The message about the unknown key at ``path``, with the key that was probably meant."""
    *table, key = path
    if not table and isinstance(value, dict):
        return f"unknown section{suggest_name(str(key), SECTIONS)}"
    if renamed := describe_old_key(path, value):
        return renamed
    if 1 <= len(found := find_sections_of(str(key))) <= 2:
        return f"unknown key; did you mean {' or '.join(map(repr, found))}?"
    section = Config if not table else SECTIONS[str(table[0])] if len(table) == 1 else ColumnConfig
    return f"unknown key{suggest_name(str(key), section.model_fields)}"


def find_sections_of(key: str) -> list[str]:
    """A key with each section that has it: ``train.epochs``; if none has, those that start with it: batch_size."""
    keys = [(name, known) for name, section in SECTIONS.items() for known in section.model_fields]
    found = [f"{name}.{known}" for name, known in keys if known == key]
    return found or [f"{name}.{known}" for name, known in keys if known.startswith(f"{key}_")]


MESSAGES = {
    "bool_type": "expected a boolean, got {got}",
    "class_weights": "expected 'balanced', or a TOML table or a list of finite numbers of at least 0, got {got}",
    "dict_type": "expected a TOML table, got {got}",
    "finite_number": "expected a finite number, got {got}",
    "float_type": "expected a number, got {got}",
    "greater_than": "expected more than {gt:g}, got {got}",
    "greater_than_equal": "expected at least {ge:g}, got {got}",
    "int_type": "expected an integer, got {got}",
    "less_than": "expected less than {lt:g}, got {got}",
    "missing": 'missing: set the data file, e.g. data.path = "rows.csv"',
    "model_type": "expected a TOML table, got {got}",
    "string_too_short": "expected a non-empty string, got {got}",
    "string_unicode": "expected a string in UTF-8, got {got}",
    "string_type": "expected a quoted string, got {got}",
    "string_or_strings": "expected a quoted string, or a list of them, got {got}",
    "tuple_type": "expected a list, got {got}",
    "value_error": "{error}",
}


def format_message(error: ErrorDetails) -> str:
    """The message for an error of pydantic."""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return format_unknown_key(error["loc"], error["input"])
        case "tuple_type" if isinstance(error["input"], str | int):
            got = format_value(error["input"])
            return f"expected a list, e.g. [{got}], got {got}"
        case "literal_error":
            words, got = re.findall("'([^']*)'", context["expected"]), error["input"]
            hint = suggest_name(got, words) if isinstance(got, str) else ""
            return f"expected one of {', '.join(map(repr, words))}, got {format_value(got)}{hint}"
        case "string_unicode" if str(error["loc"][-1]).endswith("path"):
            got = format_value(error["input"])
            return f"expected a path in UTF-8, got {got}; rename it, or pass the file through a pipe"
        case kind:
            return MESSAGES.get(kind, error["msg"]).format(got=format_value(error["input"]), **context)


def format_value(value: object) -> str:
    """A value approximately as TOML, on one line."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a TOML table"
        case list() | tuple():
            return f"[{', '.join(map(format_value, value))}]" if len(value) <= 4 else f"a list of {len(value)}"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return repr(value)
