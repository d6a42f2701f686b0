"""Write rows as CSV."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TypeAlias

import numpy as np

from nntrain.compute.array import Array
from nntrain.compute.overlap import map_ahead
from nntrain.data.readers.scan import open_cursor
from nntrain.data.writers.passthrough_columns import ColumnBlock, PassthroughColumn

TextFormatter: TypeAlias = Callable[[str], str]

# Maximum number of cells of the rows that become text at once.
MAX_CELLS = 2**18

# Numbers from which DuckDB, which writes them four times as fast as Python, saves more time than its start takes.
MIN_NUMBERS = 2048

# Cells that are written in quotes.
QUOTED_PATTERN = re.compile('[,"\r\n]')

# The beginning of a formula, also in full-width and small forms, and after whitespace and invisible characters that a
# spreadsheet may strip. Source: OWASP, "CSV Injection".
FORMULA_PATTERN = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)

NUMBER_PATTERN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def write_csv(file: IO[str], blocks: Iterable[ColumnBlock], format_text: TextFormatter = str) -> None:
    """Write the column names, then the rows; ``format_text`` converts strings.

    Rows become text in another thread while the next ones are computed.
    """
    texts = map_ahead(lambda rows: format_rows(rows, format_text), split_blocks(blocks))
    for index, (header, lines) in enumerate(texts):
        file.write(lines if index else header + lines)


def write_csv_file(path: Path, blocks: Iterable[ColumnBlock], format_text: TextFormatter = str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        write_csv(file, blocks, format_text)


def split_blocks(blocks: Iterable[ColumnBlock]) -> Iterator[ColumnBlock]:
    """Yield the rows in blocks of at most MAX_CELLS, unless one row has more."""
    for block in blocks:
        rows, length = len(next(iter(block.values()))), max(MAX_CELLS // len(block), 1)
        for start in range(0, rows, length):
            yield {name: values[start : start + length] for name, values in block.items()}


def format_rows(block: ColumnBlock, format_text: TextFormatter) -> tuple[str, str]:
    """Return the line of the column names, and the lines of the rows."""
    floats = {name: v for name, v in block.items() if not isinstance(v, PassthroughColumn) and v.dtype.kind == "f"}
    cells = {name: format_texts(list(v), format_text) for name, v in block.items() if name not in floats}
    if floats:
        numbers = format_numbers(np.concatenate(list(floats.values())))
        rows = len(numbers) // len(floats)
        cells |= {name: numbers[index * rows : (index + 1) * rows] for index, name in enumerate(floats)}
    header = format_texts(list(block), format_text)
    return join_cells([header]), join_cells(zip(*(cells[name] for name in block), strict=True))


def join_cells(rows: Iterable[Iterable[str]]) -> str:
    """Return rows of cells as lines."""
    return "\n".join(map(",".join, rows)) + "\n"


def format_numbers(values: Array) -> list[str]:
    """Return floats as Python writes them: the shortest text that is the same number."""
    if len(values) < MIN_NUMBERS:
        return list(map(repr, values.tolist()))
    with open_cursor() as connection:
        connection.register("block", {"x": values})
        # DuckDB reads NaN in an array as NULL.
        texts = connection.execute("SELECT coalesce(CAST(x AS VARCHAR), 'nan') AS x FROM block").fetchnumpy()["x"]
    cells: list[str] = texts.tolist()
    return cells


def format_texts(values: Sequence[object], format_text: TextFormatter) -> list[str]:
    """Return strings, and other values than floats, as cells; None is an empty one."""
    # Classes are few strings in many rows.
    cells = {value: format_cell(value, format_text) for value in set(values)}
    return list(map(cells.__getitem__, values))


def format_cell(value: object, format_text: TextFormatter) -> str:
    """Return a value as a cell, in quotes if necessary."""
    if value is None:
        return ""
    text = format_text(value) if isinstance(value, str) else str(value)
    if not QUOTED_PATTERN.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def escape_formula(text: str) -> str:
    """Return the text, after an apostrophe if a spreadsheet would evaluate it; numbers such as -1.5 are unchanged."""
    return f"'{text}" if FORMULA_PATTERN.match(text) and not NUMBER_PATTERN.fullmatch(text) else text
