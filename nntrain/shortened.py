"""Texts of any length in a bounded one."""

from __future__ import annotations

__all__ = ["LONGEST", "shortened"]

# Characters of a message.
LONGEST = 2000


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text, without its middle if it has more than ``longest`` characters: the place and the advice stay."""
    if len(text) <= longest:
        return text
    gap = f" ... {len(text) - longest:,} more characters ... "
    kept = max(0, longest - len(gap))
    return f"{text[: kept - kept // 2]}{gap}{text[len(text) - kept // 2 :]}"
