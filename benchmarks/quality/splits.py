"""Training, validation and test rows of a table: one split for each seed, as files that every system reads."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison import Settings
from benchmarks.quality.tables import Rows, Table, is_number, write

__all__ = ["Split", "choose_rows", "seeds", "split"]

# Fractions: of all rows, and of the rows that are not test rows.
TEST, VALIDATION = 0.2, 0.15

# With --quick: one split, with at most that many rows.
QUICK_ROWS = 1000


@dataclass(frozen=True)
class Split:
    """The rows of one seed."""

    table: Table
    seed: int
    names: Sequence[str]
    train: Rows
    validation: Rows
    test: Rows

    @property
    def sizes(self) -> list[int]:
        """The number of training, validation and test rows."""
        return [len(self.train), len(self.validation), len(self.test)]

    @property
    def truth(self) -> list[str]:
        """The target of the test rows, which no file contains."""
        target = self.names.index(self.table.target)
        return [row[target] for row in self.test]

    def save(self, folder: Path) -> None:
        """Write the three sets, the test set without the target, the types of the columns, and in all.csv the
        training and validation rows.
        """
        target = self.names.index(self.table.target)
        inputs = [name for name in self.names if name != self.table.target]
        write(folder / "train.csv", self.names, self.train)
        write(folder / "validation.csv", self.names, self.validation)
        write(folder / "all.csv", self.names, [*self.train, *self.validation])
        write(folder / "test.csv", inputs, [[*row[:target], *row[target + 1 :]] for row in self.test])
        columns = dict(zip(self.names, zip(*self.train, *self.validation, *self.test, strict=True), strict=True))
        numbers = [name for name in inputs if is_number(columns[name])]
        facts = {"target": self.table.target, "task": self.table.task, "numbers": numbers, "seed": self.seed}
        (folder / "table.json").write_text(json.dumps(facts), encoding="utf-8")


def seeds(settings: Settings) -> Sequence[int]:
    """Return the seeds of the splits."""
    return [1] if settings.quick else [1, 2, 3]


def split(table: Table, seed: int, settings: Settings) -> Split:
    """Split a table. SkippedError without its file."""
    names, rows, tests = table.read(settings.data)
    train, validation, test = choose_rows(len(rows), seed, held_out=tests is None)
    chosen = [[rows[index] for index in part] for part in (train, validation, test)]
    if tests is not None:
        chosen[2] = tests
    if settings.quick:
        chosen = [part[: QUICK_ROWS // 2 if number == 0 else QUICK_ROWS // 4] for number, part in enumerate(chosen)]
    return Split(table, seed, names, *chosen)


def choose_rows(count: int, seed: int, *, held_out: bool) -> tuple[list[int], list[int], list[int]]:
    """Return the rows of the training, validation and test sets; without ``held_out``, there are no test rows."""
    order = list(range(count))
    random.Random(seed).shuffle(order)
    test = int(TEST * count) if held_out else 0
    validation = test + int(VALIDATION * (count - test))
    return order[validation:], order[test:validation], order[:test]
