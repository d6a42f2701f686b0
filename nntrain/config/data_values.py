"""Values of columns in ``[data]``: split_values, positive and target_range."""

from typing import Any

from nntrain.errors import suggest_name

SPLITS = ("train", "validation", "test")


def parse_split_values(table: Any) -> dict[str, tuple[str, ...]]:
    """The values of each set, as strings. ValueError for an unknown set, a value that is not a list, or a duplicate."""
    if not isinstance(table, dict):
        raise ValueError(f"expected a TOML table, e.g. {{ train = ['a'], test = ['b'] }}, got {table!r}")
    found: dict[str, tuple[str, ...]] = {}
    for split, values in table.items():
        if split not in SPLITS:
            raise ValueError(f"expected train, validation or test, got {split!r}{suggest_name(split, SPLITS)}")
        found[split] = to_strings(values, split)
    listed = [value for values in found.values() for value in values]
    if repeated := [value for value in listed if listed.count(value) > 1]:
        raise ValueError(f"expected each value once, got {repeated[0]!r} {listed.count(repeated[0])} times")
    return found


def to_strings(values: Any, split: str) -> tuple[str, ...]:
    """Column values as strings. ValueError unless they are a list of strings, numbers and booleans."""
    if not isinstance(values, list | tuple) or not all(isinstance(value, str | int | float) for value in values):
        raise ValueError(f"expected {split} to be a list of strings and numbers, got {values!r}")
    return tuple(value if isinstance(value, str) else format_value(value) for value in values)


def to_string(value: Any, expected: str) -> str:
    """A column value as a string. ValueError if it is not a string, a number or a boolean."""
    if not isinstance(value, str | int | float):
        raise ValueError(f"expected {expected}, got {value!r}")
    return value if isinstance(value, str) else format_value(value)


def format_value(value: float) -> str:
    """A number or a boolean as a string."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if float(value).is_integer() else repr(value)


TARGET_RANGES = ("auto", "training", "sign", "none")


def parse_positive(given: Any) -> Any:
    """A column value, or a TOML table of them by column, as strings. ValueError for anything else."""
    if isinstance(given, dict):
        return {name: to_string(value, f"the value of {name!r}") for name, value in given.items()}
    return None if given is None else to_string(given, "a value, or a TOML table of values by column")


def parse_target_range(given: Any) -> Any:
    """A named range, or two numbers in ascending order. ValueError for anything else."""
    if isinstance(given, str) and given in TARGET_RANGES:
        return given
    numbers = isinstance(given, list | tuple) and len(given) == 2 and all(map(is_number, given))
    if not numbers or not given[0] < given[1]:
        raise ValueError(f"expected one of {', '.join(map(repr, TARGET_RANGES))}, or [low, high], got {given!r}")
    return tuple(map(float, given))


def is_number(value: Any) -> bool:
    """Whether a TOML value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
