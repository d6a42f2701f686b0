"""``data.split_values``: which values of a column mean which part."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator

from nntrain.errors import suggest_name

PARTS = ("train", "validation", "test")


def parse_split_values(table: Any) -> dict[str, tuple[str, ...]]:
    """The values of each part, as text. ValueError for another part, no list, or a value that two parts have."""
    if not isinstance(table, dict):
        raise ValueError(f"expected a table such as {{ train = ['a'], test = ['b'] }}, got {table!r}")
    found: dict[str, tuple[str, ...]] = {}
    for part, values in table.items():
        if part not in PARTS:
            raise ValueError(f"expected the parts train, validation and test, got {part!r}{suggest_name(part, PARTS)}")
        found[part] = to_strings(values, part)
    listed = [value for values in found.values() for value in values]
    if twice := [value for value in listed if listed.count(value) > 1]:
        raise ValueError(f"expected each value once, got {twice[0]!r} {listed.count(twice[0])} times")
    return found


def to_strings(values: Any, part: str) -> tuple[str, ...]:
    """A list of values as columns name them. ValueError for anything else than texts, numbers and truth values."""
    if not isinstance(values, list | tuple) or not all(isinstance(value, str | int | float) for value in values):
        raise ValueError(f"expected {part} to be a list of texts and numbers, got {values!r}")
    return tuple(value if isinstance(value, str) else format_value(value) for value in values)


def to_string(value: Any, expected: str) -> str:
    """A value as columns name it. ValueError if it is neither a text, a number nor a truth value."""
    if not isinstance(value, str | int | float):
        raise ValueError(f"expected {expected}, got {value!r}")
    return value if isinstance(value, str) else format_value(value)


def format_value(value: float) -> str:
    """A number or a truth value, as text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if float(value).is_integer() else repr(value)


TARGET_RANGES = ("auto", "training", "sign", "none")


def parse_positive(given: Any) -> Any:
    """A value as columns name it, or a table of them by column. ValueError for anything else."""
    if isinstance(given, dict):
        return {name: to_string(value, f"the value of {name!r}") for name, value in given.items()}
    return None if given is None else to_string(given, "a value, or a table of values by column")


def parse_target_range(given: Any) -> Any:
    """A name, or two numbers in ascending order. ValueError for anything else."""
    if isinstance(given, str) and given in TARGET_RANGES:
        return given
    numbers = isinstance(given, list | tuple) and len(given) == 2 and all(map(is_number, given))
    if not numbers or not given[0] < given[1]:
        raise ValueError(f"expected one of {', '.join(map(repr, TARGET_RANGES))}, or [low, high], got {given!r}")
    return tuple(map(float, given))


def is_number(value: Any) -> bool:
    """Whether a value of TOML is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


PositiveClass: TypeAlias = Annotated[str | dict[str, str] | None, BeforeValidator(parse_positive)]
TargetRange: TypeAlias = Annotated[
    Literal["auto", "training", "sign", "none"] | tuple[float, float], BeforeValidator(parse_target_range)
]
