"""The distinct texts of a column, and the result of inferring their format."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import ValueKind

# A column of numbers except one value, or one in twenty, is numeric with a mistake in it. With more exceptions, it is
# text.
MAX_MISMATCHES = 0.05
MIN_VALUES = 3


@dataclass(frozen=True)
class TextCounts:
    """The number of rows of each stripped text of a column, without the empty one.

    ``asked``: the declared format. ``trained``: the format of the column in training, which decides if the texts are
    ambiguous. ``complete``: whether these are all texts.
    """

    name: str
    counts: Mapping[str, int]
    asked: ColumnFormat
    trained: ColumnFormat | None = None
    complete: bool = True

    @property
    def declared(self) -> bool:
        """Whether the kind of the values is declared."""
        return self.asked.kind is not None

    def split_missing(self, kind: ValueKind) -> tuple[Mapping[str, int], Counter[str]]:
        """Return the rows of each text with a value in a column of that kind, and of each that means a missing one."""
        form = ColumnFormat(kind=kind, decimal=self.asked.decimal, missing=self.asked.missing)
        missing = Counter({text: rows for text, rows in self.counts.items() if form.is_missing(text)})
        if not missing:
            return self.counts, missing
        return {text: rows for text, rows in self.counts.items() if text not in missing}, missing


@dataclass
class FormatInference:
    """The format of a column, without the texts that mean a missing value, or the text because of which it has none.

    ``wrong``: the first text that does not match the others, or the declared format, which is ``expected``.
    ``choices``: the possible formats, of which the other columns of the file decide one. ``decimals``: the decimal
    separators that this column proves. ``missing``: the number of rows of each text that is read as missing.
    ``notes``: for the user.
    """

    format: ColumnFormat | None = None
    wrong: str | None = None
    expected: str = ""
    choices: list[ColumnFormat] = field(default_factory=list)
    decimals: frozenset[str] = frozenset()
    missing: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def is_nearly_all(some: int, total: int) -> bool:
    """Whether the other rows are few enough to be mistakes."""
    return some >= MIN_VALUES and total - some <= max(1, MAX_MISMATCHES * total)
