"""The tables, and the type of each of their columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison import SkippedError

__all__ = ["TABLES", "Rows", "Table", "is_number", "read", "table_of", "write"]

Rows = list[list[str]]


@dataclass(frozen=True)
class Table:
    """A table: its file, its target, and columns to drop because they leak the target."""

    name: str
    file: str
    target: str
    regression: bool = False
    test_file: str | None = None
    drop: Sequence[str] = ()

    @property
    def task(self) -> str:
        """The task, as in nntrain's config."""
        return "regression" if self.regression else "classification"

    def read(self, folder: Path) -> tuple[list[str], Rows, Rows | None]:
        """Return the names of the columns, the rows, and the rows of the test file. SkippedError without a file."""
        names, rows = self._read(folder / self.file)
        return names, rows, self._read(folder / self.test_file)[1] if self.test_file else None

    def _read(self, path: Path) -> tuple[list[str], Rows]:
        if not path.is_file():
            raise SkippedError(f"{path.name} is not in the folder of --data")
        names, rows = read(path)
        kept = [index for index, name in enumerate(names) if name not in self.drop]
        return [names[index] for index in kept], [[row[index] for index in kept] for row in rows]


TABLES = (
    Table("adult", "adult-train.csv", "income", test_file="adult-test.csv"),
    Table("housing", "housing.csv", "median_house_value", regression=True),
    Table("diamonds", "diamonds.csv", "price", regression=True),
    Table("titanic", "titanic.csv", "survived", drop=("alive",)),
    Table("penguins", "penguins.csv", "species"),
    Table("letter", "letter.csv", "lettr"),
    Table("churn", "churn.csv", "Exited"),
    Table("phoneme", "phoneme.csv", "c5"),
    Table("wine", "wine.csv", "c11", regression=True),
    Table("spam", "spam.csv", "type"),
)


def table_of(name: str) -> Table:
    """Return the table of a name."""
    (table,) = (table for table in TABLES if table.name == name)
    return table


def read(path: Path) -> tuple[list[str], Rows]:
    """Read the names of the columns and the rows of a CSV file."""
    with path.open(newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    return names, rows


def write(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *rows])


def is_number(cells: Iterable[str]) -> bool:
    """Whether a column is a number: all of its cells that are not empty are. Otherwise, it is a category."""
    filled = [cell for cell in cells if cell]
    try:
        for cell in filled:
            float(cell)
    except ValueError:
        return False
    return bool(filled)
