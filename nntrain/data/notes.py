"""Sentences for the user about the rows of a part."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["unseen_notes"]


def unseen_notes(part: str, unseen: Mapping[str, int]) -> list[str]:
    """A note for every column of a part with categories never seen in training, of which ``unseen`` has the counts."""
    return [
        f"column {name!r} of the {part} rows has {count:,} value{'s that are' if count > 1 else ' that is'} not in the "
        "training rows"
        for name, count in unseen.items()
    ]
