"""Fits of a few small networks, whose average is compared with them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Command = Callable[..., Any]

SMALL = ("--set", "model.hidden=[4]")
QUICK = ("--set", "train.epochs=2", "--set", "data.validation_folds=3")


def write_rows(name: str, rows: int = 90) -> str:
    """Two numbers, of which follow two classes, three classes, labels, and a skewed number."""
    x = np.random.default_rng(1).normal(size=(rows, 2))
    lines = ["a,b,sick,kind,traits,price"]
    for a, b in x:
        traits = " ".join(trait for trait, has in (("big", a > 0), ("old", b > 0.3)) if has)
        kind = "xyz"[int(a > 0) + int(b > 0.5)]
        lines.append(f"{a:.3f},{b:.3f},{'yes' if a + b > 0.4 else 'no'},{kind},{traits},{np.exp(2 * a + b):.4f}")
    Path(name).write_text("\n".join(lines) + "\n")
    return name


def fit_target(nntrain: Command, target: str, *options: str, out: str = "run") -> Any:
    ignored = json.dumps([name for name in ("sick", "kind", "traits", "price") if name != target])
    options = (*options, *(() if any("modules=" in option for option in options) else SMALL), "--out", out)
    rows = write_rows("rows.csv")
    return nntrain("fit", rows, "--target", target, "--set", f"data.ignore={ignored}", *QUICK, *options)


def predict(nntrain: Command, run: str | Path, rows: str | Path) -> dict[str, np.ndarray]:
    """The columns of numbers that a run predicts."""
    done = nntrain("predict", run, rows)
    assert done.code == 0, done.err
    table = list(csv.DictReader(done.out.splitlines()))
    names = [name for name in table[0] if name.startswith("p(")] or list(table[0])
    return {name: np.array([float(row[name]) for row in table]) for name in names}
