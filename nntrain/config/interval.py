"""How often something is due, as people write it."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

__all__ = ["DURATION_PATTERN", "INTERVAL_PATTERN", "Interval", "parse_duration", "parse_interval"]

_NUMBER = r"(\d+(?:\.\d+)?)"
_DURATION = re.compile(rf"(?:{_NUMBER}\s*h)?\s*(?:{_NUMBER}\s*m(?:in)?)?\s*(?:{_NUMBER}\s*s)?")


# The same for editors, about: what is in order passes.
DURATION_PATTERN = r"^\s*\d[\d.\shmin]*[hmns]\s*$"


def parse_duration(text: str) -> float:
    """The seconds of "90s", "10min" or "1h30m". ValueError for anything else, and for no time at all."""
    match = _DURATION.fullmatch(text.strip())
    hours, minutes, rest = (float(part or 0) for part in match.groups()) if match else (0.0, 0.0, 0.0)
    total = 3600 * hours + 60 * minutes + rest
    if not total:
        raise ValueError(f"expected a time such as '90s', '10min' or '1h30m', got {text!r}")
    return total


# The form for editors, about: what is in order passes.
INTERVAL_PATTERN = r"^\s*\d[\d.\shmin]*(?:[hmns]|steps?|epochs?)\s*$"

_COUNT = re.compile(r"(\d+)\s*(step|epoch)s?")


class Interval(NamedTuple):
    """So many steps, epochs or seconds."""

    amount: float
    unit: Literal["steps", "epochs", "seconds"]


def parse_interval(text: str) -> Interval:
    """What "500steps", "1epoch" or "10min" means. ValueError for anything else, and for none at all."""
    match = _COUNT.fullmatch(text.strip())
    if match and int(match[1]):
        return Interval(int(match[1]), "steps" if match[2] == "step" else "epochs")
    try:
        return Interval(parse_duration(text), "seconds")
    except ValueError:
        raise ValueError(f"expected an interval such as '500steps', '10min' or '1epoch', got {text!r}") from None
