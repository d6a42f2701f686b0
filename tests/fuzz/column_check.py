"""What nntrain makes of a file of known columns: the values, a refusal, texts as they are; never anything else."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import DataError
from tests.fuzz.column import Column
from tests.fuzz.columns import ColumnFile

__all__ = ["Finding", "Findings", "check_columns"]

# Without a word about it, these texts mean nothing in a column of texts too: docs/data.md.
NOTHING = {"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "?"}


@dataclass(frozen=True)
class Finding:
    """A cell that was misread."""

    number: int
    style: str
    text: str
    wanted: Any
    got: Any
    why: str

    def __str__(self) -> str:
        return (
            f"file {self.number}: {self.style}: {self.text!r}: {self.why}: expected {self.wanted!r}, got {self.got!r}"
        )


@dataclass
class Findings:
    """What became of how many columns, by the kind that they are of, and what must not be."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    targets: Counter[str] = field(default_factory=Counter)
    faults: list[Finding] = field(default_factory=list)

    @property
    def columns(self) -> int:
        """How many columns were read or refused."""
        return sum(self.counts.values())

    def table(self) -> str:
        """The counts, and the styles that stayed text most often."""
        kinds = ("number", "time", "boolean", "text")
        outcomes = ("values", "text", "refused", "misread")
        lines = [f"{'':10}" + "".join(f"{outcome:>10}" for outcome in outcomes)]
        lines += [f"{kind:10}" + "".join(f"{self.counts[kind, one]:10,}" for one in outcomes) for kind in kinds]
        told = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(self.targets.items()))
        stayed = ", ".join(f"{count} {style}" for style, count in self.kept.most_common(12))
        lines += ["", f"targets with classes: {told}", f"numbers and times that stayed text: {stayed}"]
        return "\n".join(lines)


def check_columns(seed: int, count: int, *, first: int = 0) -> Findings:
    """Read files, from the number ``first`` on, until there were ``count`` columns, and compare."""
    found = Findings()
    with tempfile.TemporaryDirectory(prefix="nntrain-columns-") as folder:
        path = Path(folder) / "rows.csv"
        for number in itertools.count(first):
            if found.columns >= count:
                break
            made = ColumnFile.of(seed, number)
            path.write_text(made.content, encoding="utf-8", newline="")
            check_file(made, path, number, found)
            check_target(made, path, number, found)
    return found


def check_file(made: ColumnFile, path: Path, number: int, found: Findings) -> None:
    """Every column of a file, each alone if the file is refused for one of them."""
    try:
        read: dict[str, RawColumn] = dict(read_table(path).columns)
    except DataError:
        read = {
            name: one for name, column in made.columns.items() if not column.needs_file for one in alone(path, name)
        }
    for name, column in made.columns.items():
        if name not in read:
            found.counts[column.kind, "refused"] += 1
            continue
        faults = list(compared(column, read[name], number))
        outcome = "misread" if faults else "text" if read[name].kind == "text" else "values"
        found.counts[column.kind, outcome] += 1
        found.faults += faults[:1]
        if column.kind in ("number", "time") and outcome == "text":
            found.kept[column.style.partition(":")[0] if "mixture" in column.style else column.style] += 1


def alone(path: Path, name: str) -> list[RawColumn]:
    """The column, if it is read without the others."""
    try:
        return [read_table(path, only=[name]).columns[name]]
    except DataError:
        return []


def compared(column: Column, read: RawColumn, number: int) -> list[Finding]:
    """The cells that were misread."""

    def finding(place: int, got: Any, why: str) -> Finding:
        return Finding(number, column.style, column.texts[place], column.values[place], got, why)

    if len(read) != len(column.texts):
        return [Finding(number, column.style, "", len(column.texts), len(read), "another number of rows")]
    if read.kind == "text":
        return [
            finding(place, got, "another label")
            for place, (text, got) in enumerate(zip(column.texts, read.values.tolist(), strict=True))
            if got != text.strip() and not (got is None and text.strip() in NOTHING)
        ]
    if read.kind != column.kind or not column.knowable:
        why = f"read as {read.kind}" + ("" if column.knowable else ", which cannot be known")
        place = next((place for place, value in enumerate(column.values) if value is not None), 0)
        return [finding(place, read.values[place], why)]
    nothing = np.datetime64("NaT") if read.kind == "time" else np.nan
    wanted = np.array([nothing if value is None else value for value in column.values], read.values.dtype)
    wrong = ~((read.values == wanted) | (read.missing & (wanted != wanted)))
    return [finding(int(place), read.values[place], "another value") for place in np.flatnonzero(wrong)]


def check_target(made: ColumnFile, path: Path, number: int, found: Findings) -> None:
    """A column as a target with classes: those that can be predicted are the texts of the file, as they are written.

    Some of the files are read as if they were larger than memory.
    """
    name, column = next(iter(made.columns.items()))
    if column.kind != "text" and None in column.values:
        # Texts that mean nothing among numbers may be classes, or missing.
        return
    streamed: dict[str, Any] = {"stream": True, "cache": str(path.parent / "cache")} if number % 4 == 0 else {}
    options = DataOptions(str(path), target=name, task="classification", validation=0, test=0, **streamed)
    try:
        classes = set(load_data(options, seed=1).preprocessor.target.labels)
    except DataError:
        found.targets["refused"] += 1
        return
    wanted = {text.strip() for text in column.texts} - NOTHING
    found.targets["read" if classes == wanted else "misread"] += 1
    if classes != wanted:
        odd = sorted(classes ^ wanted)
        found.faults.append(Finding(number, column.style, odd[0], sorted(wanted)[:5], sorted(classes)[:5], "classes"))
