"""Durations and intervals as strings: 90s, 1h30m, 500steps, 1epoch."""

import re
from typing import Literal, NamedTuple

_NUMBER = r"(\d+(?:\.\d+)?)"
_DURATION = re.compile(rf"(?:{_NUMBER}\s*h)?\s*(?:{_NUMBER}\s*m(?:in)?)?\s*(?:{_NUMBER}\s*s)?")


# Looser pattern for editors: every valid value matches.
DURATION_PATTERN = r"^\s*\d[\d.\shmin]*[hmns]\s*$"


def parse_duration(text: str) -> float:
    """The seconds in "90s", "10min" or "1h30m". ValueError for anything else, and for zero."""
    match = _DURATION.fullmatch(text.strip())
    hours, minutes, rest = (float(part or 0) for part in match.groups()) if match else (0.0, 0.0, 0.0)
    total = 3600 * hours + 60 * minutes + rest
    if not total:
        raise ValueError(f"expected a time, e.g. '90s', '10min' or '1h30m', got {text!r}")
    return total


# Looser pattern for editors: every valid value matches.
INTERVAL_PATTERN = r"^\s*\d[\d.\shmin]*(?:[hmns]|steps?|epochs?)\s*$"

_COUNT = re.compile(r"(\d+)\s*(step|epoch)s?")


class Interval(NamedTuple):
    """A number of steps, epochs or seconds."""

    amount: float
    unit: Literal["steps", "epochs", "seconds"]


def parse_interval(text: str) -> Interval:
    """Parse "500steps", "1epoch" or "10min". ValueError for anything else, and for zero."""
    match = _COUNT.fullmatch(text.strip())
    if match and int(match[1]):
        return Interval(int(match[1]), "steps" if match[2] == "step" else "epochs")
    try:
        return Interval(parse_duration(text), "seconds")
    except ValueError:
        raise ValueError(f"expected an interval, e.g. '500steps', '10min' or '1epoch', got {text!r}") from None
