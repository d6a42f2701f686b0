"""How the values of a column read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nntrain.data.raw_column import Kind

__all__ = ["GUESSES", "Census"]

# A column of text in which nearly all values are numbers is a column of numbers with a slip in it: one value,
# or one in twenty. Fewer numbers than that, and the text is meant.
SLIPS = 0.05
LEAST_NUMBERS = 3

# In this order: 0 and 1 are numbers, and what reads as none of these is text.
GUESSES: tuple[Kind, ...] = ("number", "boolean", "time")


@dataclass(frozen=True)
class Census:
    """How many values a column has, and how many of them can be read as each kind, in the order of ``GUESSES``."""

    known: int
    readable: Mapping[Kind, int]

    def kind(self) -> Kind:
        """The first kind that all values are; a column of missing values is one of numbers."""
        return next((kind for kind, count in self.readable.items() if count == self.known), "text")

    def slipped(self) -> bool:
        """Whether the values are numbers but for a few."""
        numbers = self.readable["number"]
        slips = self.known - numbers
        return 0 < slips <= max(1, SLIPS * self.known) and numbers >= LEAST_NUMBERS
