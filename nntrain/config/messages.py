"""pydantic's errors in the words of a person who writes TOML."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from pydantic_core import ErrorDetails

from nntrain.config.problem import Problem
from nntrain.config.unknown import unknown
from nntrain.errors import suggest_name

_SENTENCES = {
    "bool_type": "expected true or false, got {got}",
    "class_weights": "expected 'balanced', or a table or a list of finite numbers of 0 or more, got {got}",
    "dict_type": "expected a table, got {got}",
    "finite_number": "expected a finite number, got {got}",
    "float_type": "expected a number, got {got}",
    "greater_than": "expected more than {gt:g}, got {got}",
    "greater_than_equal": "expected at least {ge:g}, got {got}",
    "int_type": "expected a whole number, got {got}",
    "less_than": "expected less than {lt:g}, got {got}",
    "missing": 'missing: say where the rows are, as in [data] path = "rows.csv"',
    "model_type": "expected a table, got {got}",
    "string_too_short": "expected a text of at least one letter, got {got}",
    "string_unicode": "expected a text in UTF-8, got {got}",
    "string_type": "expected a text in quotes, got {got}",
    "text_or_texts": "expected a text in quotes, or a list of them, got {got}",
    "tuple_type": "expected a list, got {got}",
    "value_error": "{error}",
}


def problem_of(error: ErrorDetails) -> Problem:
    """What pydantic found wrong, as a key path and our sentence."""
    return error["loc"], _sentence(error)


def _sentence(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return unknown(error["loc"], error["input"])
        case "literal_error":
            return _one_of(re.findall("'([^']*)'", context["expected"]), error["input"])
        case "string_unicode" if str(error["loc"][-1]).endswith("path"):
            got = _spelled(error["input"])
            return f"expected a path in UTF-8, got {got}; rename it, or pass the file through a pipe"
        case kind:
            return _SENTENCES.get(kind, error["msg"]).format(got=_spelled(error["input"]), **context)


def _one_of(words: list[str], got: object) -> str:
    hint = suggest_name(got, words) if isinstance(got, str) else ""
    return f"expected one of {', '.join(map(repr, words))}, got {_spelled(got)}{hint}"


def _spelled(value: object) -> str:
    """A value about as TOML writes it, on one line."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list() | tuple():
            return f"[{', '.join(map(_spelled, value))}]" if len(value) <= 4 else f"a list of {len(value)}"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return repr(value)
