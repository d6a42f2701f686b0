"""How often something is due, as people write it."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from nntrain.config.duration import seconds

__all__ = ["EVERY", "Interval", "interval"]

# The form for editors, about: what is in order passes.
EVERY = r"^\s*\d[\d.\shmin]*(?:[hmns]|steps?|epochs?)\s*$"

_COUNT = re.compile(r"(\d+)\s*(step|epoch)s?")


class Interval(NamedTuple):
    """So many steps, epochs or seconds."""

    amount: float
    unit: Literal["steps", "epochs", "seconds"]


def interval(text: str) -> Interval:
    """What "500steps", "1epoch" or "10min" means. ValueError for anything else, and for none at all."""
    match = _COUNT.fullmatch(text.strip())
    if match and int(match[1]):
        return Interval(int(match[1]), "steps" if match[2] == "step" else "epochs")
    try:
        return Interval(seconds(text), "seconds")
    except ValueError:
        raise ValueError(f"expected an interval such as '500steps', '10min' or '1epoch', got {text!r}") from None
