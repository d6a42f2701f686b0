"""The result of each fit, in a file that is read again when a comparison continues."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.comparison import Settings
from benchmarks.quality.splits import Split
from benchmarks.quality.systems import System

__all__ = ["Results"]

Result = dict[str, Any]


class Results:
    """The results of all fits: one for each table, system and seed."""

    def __init__(self, settings: Settings) -> None:
        self.path: Path = settings.out / ("quality-quick.json" if settings.quick else "quality.json")
        known: list[Result] = json.loads(self.path.read_text(encoding="utf-8")) if self.path.is_file() else []
        self._fits = {(fit["table"], fit["system"], fit["seed"]): fit for fit in known}

    def has(self, split: Split, system: System) -> bool:
        """Whether there is a result of this version on the same number of rows; a failed fit is not a result."""
        fit = self._fits.get((split.table.name, system.name, split.seed))
        same = fit is not None and (fit["version"], fit["rows"]) == (system.version, split.sizes)
        return same and "failed" not in fit

    def add(self, split: Split, system: System, found: Result) -> None:
        """Keep a result, instead of an earlier one, and write the file at once."""
        key = split.table.name, system.name, split.seed
        facts = dict(zip(("table", "system", "seed"), key, strict=True))
        self._fits[key] = {**facts, "version": system.version, "rows": split.sizes, **found}
        partial = self.path.with_suffix(".part")
        partial.write_text(json.dumps(list(self._fits.values()), indent=1) + "\n", encoding="utf-8")
        os.replace(partial, self.path)

    def of(self, table: str, system: str) -> Sequence[Result]:
        """Return the fits of a system on a table, by seed."""
        return [fit for key, fit in sorted(self._fits.items()) if key[:2] == (table, system)]

    def values(self, table: str, system: str, key: str) -> dict[int, float]:
        """Return one figure of each fit that did not fail, by seed."""
        return {fit["seed"]: fit[key] for fit in self.of(table, system) if key in fit}

    def errors(self, table: str, system: str, key: str = "error") -> dict[int, float]:
        """Return one error of each fit by seed; less than half a test row counts as half a row, for ratios."""
        return {fit["seed"]: max(fit[key], 0.5 / fit["rows"][2]) for fit in self.of(table, system) if key in fit}
