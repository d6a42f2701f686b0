"""Complete training runs, as one program per system."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison import OURS, Goal, Settings, SkippedError

__all__ = ["FITS", "Fit", "agree"]

SCRIPTS = Path(__file__).parent / "scripts"

# Maximum difference of the test accuracies; the splits differ.
TOLERANCE = 0.1


@dataclass(frozen=True)
class Fit:
    """A data file (in the repository if it has a folder), the number of epochs, and further config keys."""

    name: str
    file: str
    epochs: int
    keys: tuple[str, ...]
    goal: Goal

    def __str__(self) -> str:
        return f"{self.name}, {self.epochs} epochs"

    def commands(self, settings: Settings, folder: Path) -> dict[str, list[str]]:
        """Return the command of each system; output goes to ``folder``. SkippedError without the file."""
        root = SCRIPTS.parent.parent if "/" in self.file else settings.data
        path = (root / self.file).resolve()
        if not path.is_file():
            raise SkippedError(f"{path.name} is not in the folder of --data")
        keys = (*self.keys, f"train.epochs={self.epochs}", "train.patience=0")
        overrides = [part for key in keys for part in ("--set", key)]
        ours = ["-m", "nntrain", "fit", str(path), *overrides, "--out", str(folder / "run"), "--force"]
        theirs = [str(SCRIPTS / "pytorch_fit.py"), self.name, str(path), str(self.epochs), str(folder / "network.pt")]
        return {OURS: [sys.executable, *ours], "PyTorch": [sys.executable, *theirs]}


def agree(folder: Path, output: str) -> None:
    """Raise SkippedError unless test accuracies are about equal; PyTorch's is in the last line of ``output``."""
    ours = json.loads((folder / "run" / "scores.json").read_text(encoding="utf-8"))["test"]["accuracy"]
    theirs = float(output.split()[-1])
    if abs(ours - theirs) > TOLERANCE:
        raise SkippedError(f"the test accuracies differ: nntrain {ours:.3f}, PyTorch {theirs:.3f}")


FITS = [
    Fit(
        "iris",
        "datasets/iris.csv",
        50,
        (
            "data.target='species'",
            "data.test=0.3",
            "model.hidden=[16, 16]",
            "model.activation='Tanh'",
            "optimizer={type = 'adam', learning_rate = 0.01, weight_decay = 0.01}",
            "train.batch_size=16",
        ),
        Goal(5.0),
    ),
    # One-hot up to 64 categories, as in pandas.
    Fit("adult", "adult-train.csv", 10, ("model.hidden=[128, 64]", "data.one_hot_limit=64"), Goal(3.0)),
    Fit("digits", "mnist-10k.h5", 5, ("model.hidden=[256]", "train.batch_size=64"), Goal(2.5)),
]
