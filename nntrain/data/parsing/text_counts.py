"""The texts of a column, and what came of inferring their format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import ValueKind

__all__ = ["FormatInference", "FormatMismatch", "TextCounts", "is_nearly_all"]

# A column in which nearly all values are numbers is a column of numbers with a slip in it: one value, or one in
# twenty. Fewer numbers than that, and the text is meant.
MAX_MISMATCHES = 0.05
MIN_VALUES = 3


@dataclass(frozen=True)
class TextCounts:
    """The rows of each text of a column, without spaces around it; an empty one is not among them.

    ``asked``: what is declared of the format. ``trained``: the format of the column when the network was trained,
    which decides where the texts alone do not. ``complete``: whether these are all the texts.
    """

    name: str
    counts: Mapping[str, int]
    asked: ColumnFormat
    trained: ColumnFormat | None = None
    complete: bool = True

    @property
    def declared(self) -> bool:
        """Whether the kind of the values is known."""
        return self.asked.kind is not None

    def is_missing(self, text: str) -> bool:
        """Whether a text means a missing number."""
        return ColumnFormat(kind="number", missing=self.asked.missing).is_missing(text)

    def parted(self, kind: ValueKind) -> tuple[Mapping[str, int], Counter[str]]:
        """The rows of each text that has a value in a column of that kind, and of each that is read as missing."""
        form = ColumnFormat(kind=kind, decimal=self.asked.decimal, missing=self.asked.missing)
        missing = Counter({text: rows for text, rows in self.counts.items() if form.is_missing(text)})
        if not missing:
            return self.counts, missing
        return {text: rows for text, rows in self.counts.items() if text not in missing}, missing


@dataclass(frozen=True)
class FormatMismatch:
    """A text that is not what the others of its column are, or not what the column is declared as."""

    text: str
    expected: str


@dataclass
class FormatInference:
    """The format of a column, or why it has none.

    ``choices``: the formats between which the other columns of the file decide. ``decimals``: the decimal separators
    that this column proves. ``missing``: the rows of each text that is read as missing. ``notes``: for the user.
    """

    format: ColumnFormat | None = None
    slip: FormatMismatch | None = None
    choices: list[ColumnFormat] = field(default_factory=list)
    decimals: frozenset[str] = frozenset()
    missing: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def is_nearly_all(some: int, total: int) -> bool:
    """Whether the others are few enough to be slips."""
    return some >= MIN_VALUES and total - some <= max(1, MAX_MISMATCHES * total)
