"""The systems: how one fit of each is started, and its version."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.quality.predictions import PREDICTIONS
from benchmarks.quality.splits import Split

__all__ = ["BEST", "FAST", "GOOD", "PLAIN", "SYSTEMS", "System"]

GOOD, FAST, BEST = "nntrain good", "nntrain fast", "nntrain best"

# The network before these: two hidden layers, with the defaults of all networks that a config sets.
PLAIN = "nntrain plain"

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class System:
    """A system: its distribution, the package to import, and the function that trains it in a process of its own."""

    name: str
    distribution: str
    package: str
    function: str = ""

    @property
    def installed(self) -> bool:
        """Whether it is installed; if not, its column is empty."""
        return find_spec(self.package) is not None

    @property
    def version(self) -> str:
        """The version; of nntrain, also a hash of its source files."""
        return f"{version(self.distribution)}{'' if self.function else f'+{hash_source()}'}"

    def load(self) -> Callable[[Any], Any]:
        """Import the function."""
        module, _, name = self.function.partition(":")
        return getattr(import_module(f"benchmarks.quality.{module}"), name)

    def commands(self, split: Split, folder: Path) -> Sequence[Sequence[str]]:
        """Return the commands that train on the files of a folder, and predict its test rows."""
        if self.function:
            return [[sys.executable, "-m", "benchmarks.quality.fit", self.name, str(folder)]]
        keys = [
            "model.hidden=[128, 64]" if self.name == PLAIN else f"train.quality='{self.name.split()[-1]}'",
            f"train.seed={split.seed}",
            f"data.task='{split.table.task}'",
            "data.test=0",
        ]
        # Each of the networks that are averaged has another fold of all rows as its validation set.
        rows = "all.csv" if self.name == BEST else "train.csv"
        if self.name != BEST:
            keys.append(f"data.validation_path='{folder / 'validation.csv'}'")
        nntrain, run = [sys.executable, "-m", "nntrain"], str(folder / "run")
        sets = [part for key in keys for part in ("--set", key)]
        return [
            [
                *nntrain,
                "fit",
                str(folder / rows),
                "--target",
                split.table.target,
                "--out",
                run,
                "--force",
                *sets,
            ],
            [*nntrain, "predict", run, str(folder / "test.csv"), "-o", str(folder / PREDICTIONS)],
        ]


@cache
def hash_source() -> str:
    """Return a hash of nntrain's source files, which change between releases."""
    paths = sorted(path for name in ("nntrain", "plugins") for path in (ROOT / name).rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:8]


SYSTEMS = (
    System(GOOD, "nntrain", "nntrain"),
    System(FAST, "nntrain", "nntrain"),
    System(BEST, "nntrain", "nntrain"),
    System(PLAIN, "nntrain", "nntrain"),
    System("scikit-learn MLP", "scikit-learn", "sklearn", "scikit_learn:fit_mlp"),
    System("HistGradientBoosting", "scikit-learn", "sklearn", "scikit_learn:fit_boosting"),
    System("LightGBM", "lightgbm", "lightgbm", "boosting:fit_lightgbm"),
    System("LightGBM, 1,000 trees", "lightgbm", "lightgbm", "boosting:fit_lightgbm_longer"),
    System("CatBoost", "catboost", "catboost", "boosting:fit_catboost"),
    System("RealMLP", "pytabkit", "pytabkit", "pytabkit_networks:fit_realmlp"),
    System("TabM", "pytabkit", "pytabkit", "pytabkit_networks:fit_tabm"),
)
