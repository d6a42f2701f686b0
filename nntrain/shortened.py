"""Texts, and lists of names, of any length in a bounded one."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

__all__ = ["LONGEST", "listed", "shortened"]

# Characters of a message and of a name in it, and names of a list.
LONGEST, NAME, NAMES = 2000, 100, 20


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, without its middle if it has more than ``longest`` characters: the place and the advice stay."""
    if len(text) <= longest:
        return text
    gap = f" ... {len(text) - longest:,} more characters ... "
    kept = max(0, longest - len(gap))
    return f"{text[: kept - kept // 2]}{gap}{text[len(text) - kept // 2 :]}"


def listed(names: Collection[str]) -> str:
    """Names in quotes, each in a bounded length; of very many, the first."""
    more = len(names) - NAMES
    shown = ", ".join(shortened(repr(name), NAME) for name in islice(names, NAMES))
    return f"{shown} and {more:,} more" if more > 0 else shown
