"""Runs of a few epochs, trained once for all tests of a module."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nntrain.cli.main import run_command
from nntrain.compute.array import Array

KEYS = ("train.epochs=15", "train.batch_size=32", "optimizer.learning_rate=0.02")
HIDDEN = ("--set", "model.hidden=[8]")


def train(folder: Path, name: str, rows: Sequence[Sequence[object]], *options: str) -> Path:
    """Train on a table, whose first row is the header, and return the run folder."""
    data = folder / f"{name}.csv"
    data.write_text(
        "\n".join(",".join(f'"{cell}"' if isinstance(cell, str) else f"{cell}" for cell in row) for row in rows)
    )
    keys = [part for key in KEYS for part in ("--set", key)]
    assert run_command(["fit", str(data), *keys, *options, "--out", str(folder / name), "--force", "--no-report"]) == 0
    return folder / name


def draw_table(seed: int, rows: int, numbers: int) -> Array:
    """Return normally distributed numbers (rows, numbers)."""
    return np.random.default_rng(seed).normal(size=(rows, numbers))


def two_classes(folder: Path) -> Path:
    """A run with two classes, numbers, a category and missing values."""
    values = draw_table(1, 400, 3)
    rows: list[list[object]] = [["a", "b", "kind", "noise", "answer"]]
    for index, (a, b, noise) in enumerate(values):
        kind = "xyz"[index % 3]
        answer = "yes" if a + 0.5 * b + 0.4 * noise + (kind == "x") > 0 else "no"
        rows.append([f"{a:.4f}" if index % 17 else "", f"{b:.4f}", kind, f"{values[-index, 2]:.4f}", answer])
    return train(folder, "two", rows, "--target", "answer", "--positive", "yes", *HIDDEN)


def three_classes(folder: Path) -> Path:
    """A run of the default network, with three classes."""
    values = draw_table(2, 300, 2)
    rows: list[list[object]] = [["a", "b", "species"]]
    rows += [
        [f"{a:.4f}", f"{b:.4f}", ("low", "middle", "high")[int(np.searchsorted([-0.5, 0.5], a))]] for a, b in values
    ]
    return train(folder, "three", rows, "--target", "species")


def numbers(folder: Path) -> Path:
    """A run with two numbers to predict."""
    values = draw_table(3, 300, 3)
    rows: list[list[object]] = [["a", "b", "sum", "difference"]]
    rows += [[f"{a:.4f}", f"{b:.4f}", f"{a + b + 0.1 * e:.4f}", f"{a - b:.4f}"] for a, b, e in values]
    return train(folder, "numbers", rows, "--target", "sum", "--target", "difference", *HIDDEN)


def labels(folder: Path) -> Path:
    """A run with several labels in a cell."""
    values = draw_table(4, 300, 2)
    rows: list[list[object]] = [["a", "b", "tags"]]
    for a, b in values:
        tags = [name for name, has in (("red", a > 0), ("blue", b > 0), ("green", a > b)) if has]
        rows.append([f"{a:.4f}", f"{b:.4f}", "|".join(tags or ["gray"])])
    return train(
        folder,
        "labels",
        rows,
        "--target",
        "tags",
        "--set",
        "data.task=multilabel",
        "--set",
        "data.label_separator=|",
        *HIDDEN,
    )


def text_and_index(folder: Path) -> Path:
    """A run with an index column, numbers and free text."""
    values = draw_table(5, 240, 2)
    words = ("good", "bad", "fine", "poor", "great", "awful")
    rows: list[list[object]] = [["a", "kind", "review", "stars"]]
    for index, (a, b) in enumerate(values):
        text = " ".join(words[(index * step + index // 7) % 6] for step in (1, 5, 7, 11, 13)) + f" item {index % 40}"
        rows.append([f"{a:.4f}", f"k{index % 12}", text, "up" if a + b + (index % 12 > 5) > 0.5 else "down"])
    keys = (
        "--set",
        "data.columns.kind={type='category', encoding='index'}",
        "--set",
        "data.columns.review={type='text'}",
    )
    return train(folder, "text", rows, "--target", "stars", *HIDDEN, *keys)


def train_again(
    folder: Path, name: str, *keys: str, target: Sequence[str] = ("answer",), data: str = "two.csv"
) -> None:
    """Train a run next to its data, with other keys."""
    positive = ("--positive", "yes") if data != "numbers.csv" else ()
    given = [part for column in target for part in ("--target", column)]
    given += [part for key in (*KEYS, *keys) for part in ("--set", key)]
    out = ("--out", str(folder / name), "--no-report")
    assert run_command(["fit", str(folder / data), *given, *positive, *HIDDEN, *out]) == 0
