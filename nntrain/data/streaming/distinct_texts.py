"""The different texts of a column in a database, as many at a time as memory is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.format_inference import is_typed_value
from nntrain.data.parsing.text_counts import MAX_MISMATCHES, TextCounts

if TYPE_CHECKING:
    import duckdb

__all__ = ["DistinctTexts"]

# Different texts that are judged together, those that are fetched together, and the characters of either.
MAX_TEXTS, FETCH_SIZE, MAX_CHARACTERS = 2**18, 2**16, 2**25


@dataclass(frozen=True)
class DistinctTexts:
    """The texts of the column ``place`` of ``table``, which has ``rows``; the longest has ``longest`` bytes.

    ``asked`` and ``trained``: what is declared of its format, and that of training. ``strip``: whether spaces around a
    text are no part of it.
    """

    connection: duckdb.DuckDBPyConnection
    name: str
    place: str
    table: str
    rows: int
    longest: int
    asked: ColumnFormat
    trained: ColumnFormat | None
    strip: bool

    def batches(self) -> Iterator[TextCounts]:
        """The rows of each text: all, or as many as are judged together; then the next ones.

        Enough of them, where they show that the column is text.
        """
        result = self.connection.execute(f"SELECT {self.place}, count(*) FROM {self.table} GROUP BY 1")
        counts: dict[str, int] = {}
        others = characters = 0
        whole = True
        while found := result.fetchmany(min(FETCH_SIZE, MAX_CHARACTERS // max(self.longest, 1) + 1)):
            for value, count in found:
                text = value.strip() if self.strip and value is not None else value
                if text:
                    characters += 0 if text in counts else len(text)
                    counts[text] = counts.get(text, 0) + count
                    others += 0 if is_typed_value(text) else count
            shown = self.asked.kind is None and others > max(1, MAX_MISMATCHES * self.rows)
            if shown or len(counts) > MAX_TEXTS or characters > MAX_CHARACTERS:
                yield TextCounts(self.name, counts, self.asked, self.trained, complete=False)
                if shown:
                    return
                counts, characters, whole = {}, 0, False
        if counts or whole:
            yield TextCounts(self.name, counts, self.asked, self.trained, complete=whole)
