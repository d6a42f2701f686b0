"""Why a set does not have the fraction of the rows that was asked for."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["fraction_notes", "rare_notes"]

# A set may differ from its fraction by a row, and by this fraction of itself, without a word.
SLACK = 0.01


def fraction_notes(rows: int, sets: Mapping[str, tuple[int, float]], more: str, less: str = "") -> list[str]:
    """A note for each set, by name with its rows and its fraction, that has more or fewer rows than that.

    ``more``, ``less``: why.
    """
    return [
        f"the {name} set has {count:,} of {rows:,} rows, {count / rows:.1%}, where data.{name} = {fraction:g} asks for "
        f"{fraction:.1%}: {more if count > fraction * rows else less or more}"
        for name, (count, fraction) in sets.items()
        if fraction > 0 and abs(count - fraction * rows) > max(1, SLACK * fraction * rows)
    ]


def rare_notes(classes: int, least: int) -> list[str]:
    """A note of the classes that have fewer than ``least`` rows, if there are any."""
    if not classes:
        return []
    what = f"{classes:,} {'class has' if classes == 1 else 'classes have'} fewer than {least} rows"
    return [
        f"{what}, which are all for training: no score of the other sets tells of {'it' if classes == 1 else 'them'}"
    ]
