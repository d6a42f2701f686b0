"""A file of columns whose values are known. All follows from the seed and a number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.fuzz.column import Cell, Column, cells_of
from tests.fuzz.column_labels import BOOLEANS, LABELS, booleans, labels, unlike
from tests.fuzz.column_numbers import NUMBERS, SURPRISES, WHOLE, NumberStyle, numbers, proofs, surprised
from tests.fuzz.column_times import TIMES, knowable, times

__all__ = ["MARKERS", "ColumnFile"]

# What stands in a cell of numbers or times of which nothing is known.
MARKERS = (
    "",
    "",
    "NA",
    "N/A",
    "NaN",
    "nan",
    "null",
    "NULL",
    "None",
    "<NA>",
    "#N/A",
    "#DIV/0!",
    "?",
    ".",
    "-",
    "unknown",
)
OF_NUMBERS = (*MARKERS, "inf", "-inf", "Inf")
RATES = (0, 0, 0, 0.03, 0.2, 0.6)

# A few files are longer than what their columns are first looked at by.
ROWS = (*(4, 12, 30, 80, 150) * 12, 3000, 30_000)

DELIMITERS = ",,,;\t|"


@dataclass(frozen=True)
class ColumnFile:
    """Columns by name, and the file that they are in."""

    columns: dict[str, Column]
    content: str

    @classmethod
    def of(cls, seed: int, number: int) -> ColumnFile:
        """The file of a number."""
        random = Random(f"columns {seed} {number}")
        delimiter = random.choice(DELIMITERS)
        rows = random.choice(ROWS)
        columns = list(made(random, rows, delimiter))
        random.shuffle(columns)
        named = {
            f"{column.kind[0]}{place} {'' if place % 3 else 'x'}".strip(): column
            for place, column in enumerate(columns)
        }
        return cls(named, written(named, random, delimiter))


def made(random: Random, rows: int, delimiter: str) -> Iterator[Column]:
    """The columns of a file: those whose separators the file must tell come with one that tells them."""
    # Semicolons are for files with decimal commas, which are there more often than in others.
    decimal = random.choice(",,.") if delimiter == ";" else random.choice("...,")
    chance = random.random()
    if chance < 0.4:
        yield proof(random, rows, decimal)
        for _ in range(random.randint(1, 2)):
            yield thin_numbers(random, rows, decimal)
    elif chance < 0.5 and delimiter == ";":
        # Here nothing tells.
        yield replace(thin_numbers(random, rows, decimal), knowable=False)
        yield one(random, rows, numbers_too=False)
        return
    for _ in range(random.randint(2, 5)):
        yield one(random, rows)


def one(random: Random, rows: int, *, numbers_too: bool = True) -> Column:
    """A column that tells by itself what it means, or cannot be known."""
    chance = random.random() if numbers_too else random.uniform(0.35, 0.88)
    if chance < 0.35:
        style = NUMBERS[random.choice(list(NUMBERS))]
        column = with_gaps(Column(style.name, "number", *split(numbers(style, random, rows))), random, OF_NUMBERS)
        return shown(column, random, proofs(style, random))
    if chance < 0.6:
        form = TIMES[random.choice(list(TIMES))]
        cells = times(form, random, rows, thin=random.random() < 0.25)
        column = with_gaps(Column(form.name, "time", *split(cells)), random, MARKERS)
        there = [cell for cell in cells_of(column) if cell[1] is not None]
        return replace(column, knowable=knowable(form, there))
    if chance < 0.85:
        name = random.choice(list(LABELS))
        column = with_gaps(Column(name, "text", *split(labels(name, random, rows))), random, ("",))
        return shown(column, random, unlike(name, random))
    if chance < 0.88:
        name = random.choice(list(BOOLEANS))
        return Column(name, "boolean", *split(booleans(name, random, rows)))
    if chance < 0.94:
        cells, whole = surprised(random, rows)
        name = f"surprise: {next(text for text, _ in cells if text in SURPRISES)}"
        return Column(name, "number", *split(cells)) if whole else Column(name, "text", *split(as_labels(cells)))
    return mixture(random, rows)


def proof(random: Random, rows: int, decimal: str) -> Column:
    """Numbers that show the decimal separator of the file."""
    name = "floats" if decimal == "." else "decimal commas"
    return Column(f"proof: {name}", "number", *split(numbers(NUMBERS[name], random, rows)))


def thin_numbers(random: Random, rows: int, decimal: str) -> Column:
    """Numbers that only the decimal separator of the file tells: 1.743 next to 1,5 elsewhere."""
    names = ("floats", "grouped by commas, whole") if decimal == "." else ("decimal commas", "grouped by points, whole")
    style = NUMBERS[random.choice(names)]
    cells = numbers(style, random, rows, thin=True)
    for place in range(rows):
        if random.random() < 0.3 and style.places == WHOLE:
            small = random.randrange(1000)
            cells[place] = (str(small), float(small))
    column = Column(f"thin: {style.name}", "number", *split(cells), needs_file=True)
    return shown(with_gaps(column, random, OF_NUMBERS), random, numbers(style, random, 1, thin=True))


def mixture(random: Random, rows: int) -> Column:
    """Two formats in one column, each with what shows it."""
    if random.random() < 0.3:
        first, second = (TIMES[name] for name in random.sample(list(TIMES), 2))
        cells = times(first, random, rows // 2) + times(second, random, rows - rows // 2)
        # A time of day next to dates is on no day.
        knowable = first.clock == second.clock
        return mixed(f"{first.name} and {second.name}", cells, random, Column("", "time", [], [], knowable))
    one_style, other = (NUMBERS[name] for name in random.sample(list(NUMBERS), 2))
    cells = numbers(one_style, random, rows // 2)
    if random.random() < 0.4:
        name = random.choice(("words", "sizes", "times with words", "inequalities", "letters with numbers"))
        many = max(2, int(random.choice((0.1, 0.3, 0.5)) * rows))
        cells = numbers(one_style, random, rows - many) + labels(name, random, many)
        return mixed(f"{one_style.name} and {name}", as_labels(cells), random, Column("", "text", [], []))
    cells += numbers(other, random, rows - rows // 2)
    name = f"{one_style.name} and {other.name}"
    if one_style.unit != other.unit or clash(one_style, other):
        return mixed(name, as_labels(cells), random, Column("", "text", [], []))
    return mixed(name, cells, random, Column("", "number", [], []))


def clash(one_style: NumberStyle, other: NumberStyle) -> bool:
    """Whether a comma or a point would mean two things in one column."""
    marks = {style.decimal for style in (one_style, other) if style.places != WHOLE}
    groups = {style.thousands for style in (one_style, other)}
    return bool(marks & groups) or len(marks) > 1


def mixed(name: str, cells: list[Cell], random: Random, like: Column) -> Column:
    """The cells in any order, as a column."""
    random.shuffle(cells)
    texts, values = split(cells)
    return replace(like, style=f"mixture: {name}", texts=texts, values=values)


def as_labels(cells: list[Cell]) -> list[Cell]:
    """The cells as what they say."""
    return [(text, text.strip()) for text, _ in cells]


def with_gaps(column: Column, random: Random, markers: tuple[str, ...]) -> Column:
    """The column with some cells of which nothing is known."""
    rate = random.choice(RATES)
    chosen = random.sample(markers, random.randint(1, 2)) if len(markers) > 1 else list(markers)
    cells: list[Cell] = [(random.choice(chosen), None) if random.random() < rate else cell for cell in cells_of(column)]
    if all(value is None for _, value in cells):
        return column
    texts, values = split(cells)
    return replace(column, texts=texts, values=values)


def shown(column: Column, random: Random, proofs: list[Cell]) -> Column:
    """The column with these cells in it, whatever was there."""
    cells = cells_of(column)
    for place, proof in zip(random.sample(range(len(cells)), len(proofs)), proofs, strict=True):
        cells[place] = proof
    texts, values = split(cells)
    return replace(column, texts=texts, values=values)


def split(cells: list[Cell]) -> tuple[list[str], list[object]]:
    """Texts and values."""
    return [text for text, _ in cells], [value for _, value in cells]


def written(columns: dict[str, Column], random: Random, delimiter: str) -> str:
    """The columns as text."""
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    end = random.choice(("\n", "\n", "\r\n"))
    pad = random.choice(("", "", "", " ")) if quoting == csv.QUOTE_ALL else ""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerow(columns)
    for row in zip(*(column.texts for column in columns.values()), strict=True):
        writer.writerow([f"{pad}{text}{pad}" if text else text for text in row])
    return buffer.getvalue()
