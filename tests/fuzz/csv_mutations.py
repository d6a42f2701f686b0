"""Tables as text that are not what they were."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from random import Random

__all__ = ["mutated_cells", "mutated_rows"]

CELLS = (
    "", " ", "nan", "NA", "inf", "-inf", "1e999", "-", "--", "0x10", "1,5", "1.5.2", "99999999999999999999999999",
    "1e-400", '"', '""', '"a\nb"', '"open', "a;b", "a\tb", "\0", "ü", "\ufeff", "2026-02-30", "2026-11-24", "12:61",
    "true", "None", "=1+1", "'; DROP TABLE x; --", "x" * 100_000, "setosa ", "\\", "\r",
)  # fmt: skip

Rows = list[list[str]]


def mutated_cells(rows: Rows, random: Random) -> bytes:
    """Some cells are something else."""
    for _ in range(random.choice((1, 1, 3, 30))):
        row = random.choice(rows)
        row[random.randrange(len(row))] = random.choice(CELLS)
    if random.random() < 0.2:
        column = random.randrange(len(rows[0]))
        cell = random.choice(CELLS)
        for row in rows[random.choice((0, 1)) :]:
            row[column % len(row)] = cell
    return text(rows)


def mutated_rows(rows: Rows, random: Random) -> bytes:
    """Rows and columns missing, too many, or written in another way."""
    for _ in range(random.choice((1, 1, 2, 3))):
        random.choice(CHANGES)(rows, random)
    content = text(
        rows, random.choice((",",) * 4 + (";", "\t", "|", " ", "ab")), random.choice(("\n",) * 3 + ("\r\n", "\r"))
    )
    return random.choice(ENCODINGS)(content)


def text(rows: Rows, delimiter: str = ",", end: str = "\n") -> bytes:
    return "".join(delimiter.join(row) + end for row in rows).encode("utf-8", "replace")


def fewer(rows: Rows, random: Random) -> None:
    del rows[random.choice((0, 1, 2, 3, 5)) : random.choice((1, 2, 1000))]


def again(rows: Rows, random: Random) -> None:
    rows += [list(row) for row in rows] * random.choice((1, 3))


def ragged(rows: Rows, random: Random) -> None:
    for _ in range(random.choice((1, 1, 5))):
        if rows:
            row = random.choice(rows)
            row += ["7"] * random.choice((1, 2, 300)) if random.random() < 0.6 else []
            del row[random.randrange(len(row) + 1) :]


def column_gone(rows: Rows, random: Random) -> None:
    index = random.randrange(8)
    for row in rows:
        del row[index : index + 1]


def column_more(rows: Rows, random: Random) -> None:
    name = random.choice(("", "sepal_length", "species", "7", "a b", '"', "row", "rowid", "x" * 5000))
    for index, row in enumerate(rows):
        row.append(name if index == 0 else str(random.choice((1, "a", 0.5, ""))))


def wide(rows: Rows, random: Random) -> None:
    for index, row in enumerate(rows):
        row += [f"c{number}" if index == 0 else "1" for number in range(random.choice((100, 100, 700)))]


def renamed(rows: Rows, random: Random) -> None:
    if rows and rows[0]:
        rows[0][random.randrange(len(rows[0]))] = random.choice(("", "sepal_length", "SPECIES", "\0", "ü", "1"))


def header_in_the_middle(rows: Rows, random: Random) -> None:
    if rows:
        rows.insert(random.randrange(len(rows)), list(rows[0]))


def blank_lines(rows: Rows, random: Random) -> None:
    for _ in range(3):
        rows.insert(random.randrange(len(rows) + 1), [random.choice(("", " ", "#", "# comment"))])


CHANGES: tuple[Callable[[Rows, Random], None], ...] = (
    fewer, again, ragged, column_gone, column_more, wide, renamed, header_in_the_middle, blank_lines,
)  # fmt: skip

ENCODINGS: tuple[Callable[[bytes], bytes], ...] = (
    bytes,
    bytes,
    bytes,
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.decode().encode("utf-16"),
    lambda content: content.decode().encode("latin-1", "replace"),
    gzip.compress,
    lambda content: gzip.compress(content)[:-20],
)
