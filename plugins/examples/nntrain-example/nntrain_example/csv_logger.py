"""A callback that logs scores to a CSV file."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nntrain.nn import Module
from nntrain.training import Callback

__all__ = ["CsvLogger"]


class CsvLogger(Callback):
    """Write a CSV file with a row per epoch and a column per score to the log folder of the run."""

    def __init__(self, file: str = "scores.csv") -> None:
        self.file = file

    def setup(self, folder: Path, model: Module, config: Mapping[str, Any]) -> None:
        folder.mkdir(exist_ok=True)
        self.path = folder / self.file

    def on_train_start(self, epoch: int, epochs: int, steps: int) -> None:
        # A resumed run repeats the epoch in which it was stopped.
        known = csv.DictReader(self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else [])
        self.rows: list[dict[str, Any]] = [dict(row) for row in known if int(row["epoch"]) < epoch]

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        scores = {
            f"{part} {name}": value
            for part in ("train", "validation")
            for name, value in logs.get(part, {}).items()
            if isinstance(value, int | float)
        }
        self.rows.append({"epoch": logs["epoch"], **scores})
        with self.path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(self.rows[-1]), restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(self.rows)
