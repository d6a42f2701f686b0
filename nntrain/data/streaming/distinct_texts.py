"""The distinct texts of a column in a database, in batches that fit into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.format_inference import is_typed_value
from nntrain.data.parsing.text_counts import MAX_MISMATCHES, TextCounts

if TYPE_CHECKING:
    import duckdb

# Maximum number of distinct texts in a batch and in a fetch, and of their characters.
MAX_TEXTS, FETCH_SIZE, MAX_CHARACTERS = 2**18, 2**16, 2**25


@dataclass(frozen=True)
class DistinctTexts:
    """The texts of the column ``identifier`` of ``table``, which has ``rows``; the longest has ``longest`` bytes.

    ``asked``: the declared format. ``trained``: the format in training. ``strip``: whether whitespace around texts is
    removed.
    """

    connection: duckdb.DuckDBPyConnection
    name: str
    identifier: str
    table: str
    rows: int
    longest: int
    asked: ColumnFormat
    trained: ColumnFormat | None
    strip: bool

    def batches(self) -> Iterator[TextCounts]:
        """Yield the number of rows of each text in batches; stop when they prove that the column is text."""
        result = self.connection.execute(f"SELECT {self.identifier}, count(*) FROM {self.table} GROUP BY 1")
        counts: dict[str, int] = {}
        others = characters = 0
        complete = True
        while found := result.fetchmany(min(FETCH_SIZE, MAX_CHARACTERS // max(self.longest, 1) + 1)):
            for value, count in found:
                text = value.strip() if self.strip and value is not None else value
                if text:
                    characters += 0 if text in counts else len(text)
                    counts[text] = counts.get(text, 0) + count
                    others += 0 if is_typed_value(text) else count
            is_text = self.asked.kind is None and others > max(1, MAX_MISMATCHES * self.rows)
            if is_text or len(counts) > MAX_TEXTS or characters > MAX_CHARACTERS:
                yield TextCounts(self.name, counts, self.asked, self.trained, complete=False)
                if is_text:
                    return
                counts, characters, complete = {}, 0, False
        if counts or complete:
            yield TextCounts(self.name, counts, self.asked, self.trained, complete=complete)
