"""``data.positive`` and ``data.target_range``: values about the target."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator

from nntrain.config.split_values import as_text

RANGES = ("auto", "training", "sign", "none")


def positive(given: Any) -> Any:
    """A value as columns name it, or a table of them by column. ValueError for anything else."""
    if isinstance(given, dict):
        return {name: as_text(value, f"the value of {name!r}") for name, value in given.items()}
    return None if given is None else as_text(given, "a value, or a table of values by column")


def target_range(given: Any) -> Any:
    """A name, or two numbers in ascending order. ValueError for anything else."""
    if isinstance(given, str) and given in RANGES:
        return given
    numbers = isinstance(given, list | tuple) and len(given) == 2 and all(map(is_number, given))
    if not numbers or not given[0] < given[1]:
        raise ValueError(f"expected one of {', '.join(map(repr, RANGES))}, or [low, high], got {given!r}")
    return tuple(map(float, given))


def is_number(value: Any) -> bool:
    """Whether a value of TOML is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


Positive: TypeAlias = Annotated[str | dict[str, str] | None, BeforeValidator(positive)]
TargetRange: TypeAlias = Annotated[
    Literal["auto", "training", "sign", "none"] | tuple[float, float], BeforeValidator(target_range)
]
