"""Lengths of time as people write them."""

from __future__ import annotations

import re

__all__ = ["TIME", "seconds"]

_NUMBER = r"(\d+(?:\.\d+)?)"
_DURATION = re.compile(rf"(?:{_NUMBER}\s*h)?\s*(?:{_NUMBER}\s*m(?:in)?)?\s*(?:{_NUMBER}\s*s)?")


# The same for editors, about: what is in order passes.
TIME = r"^\s*\d[\d.\shmin]*[hmns]\s*$"


def seconds(text: str) -> float:
    """The seconds of "90s", "10min" or "1h30m". ValueError for anything else, and for no time at all."""
    match = _DURATION.fullmatch(text.strip())
    hours, minutes, rest = (float(part or 0) for part in match.groups()) if match else (0.0, 0.0, 0.0)
    total = 3600 * hours + 60 * minutes + rest
    if not total:
        raise ValueError(f"expected a time such as '90s', '10min' or '1h30m', got {text!r}")
    return total
