"""Texts that would move the cursor, color the screen or answer for the user if a terminal got them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain_torch7.format import TorchObject
from nntrain_torch7.format.t7_file import write as write_t7
from tests.fuzz.attacks.hdf5_attacks import Commands
from tests.fuzz.corpus import Corpus

__all__ = ["escapes_in_networks", "escapes_in_rows"]

ESCAPES = (
    *("\x1b[2J", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b[6n", "\x07", "\x08\x08\x08", "\r", "\x7f", "\x00"),
    *("\x9b31m", "\x85", "\u202e", "\u2066", "\u200b", "\u2028", "\ufeff", "\x0c", "\x1bc", "a\nError: forged"),
)


def hostile(random: Random, text: str = "") -> str:
    """A text with such letters, which may be long."""
    whole = text + random.choice(ESCAPES) + random.choice(("", "x", random.choice(ESCAPES)))
    return whole * random.choice((1, 1, 1, 3000))


def escapes_in_rows(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Names of columns and files, classes, values of cells and of options."""
    names = ["a", "b", "kind"]
    at = random.randrange(4)
    if at < 3:
        names[at] = hostile(random, names[at])
    classes = [hostile(random, "p"), "q"] if random.random() < 0.5 else ["p", "q"]
    cells = [hostile(random) if random.random() < 0.1 else "1"]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(names)
    for row in range(40):
        writer.writerow([row % 7, random.choice(cells) if row == 11 else row % 5, classes[row % 2]])
    file = "rows.csv" if at < 3 else "".join(hostile(random, "rows").split("/"))[:60].replace("\x00", "") + ".csv"
    if random.random() < 0.3:
        file = write_table(folder, names, classes)
    else:
        (folder / file).write_text(stream.getvalue(), encoding="utf-8", newline="")
    target = random.choice((names[2], hostile(random, "kind"), "nowhere"))
    quick = ["--set", "train.max_steps=2", "--set", "train.epochs=1", "--out", "out", "--force"]
    commands = [
        ["fit", file, "--target", target, *quick],
        ["check", file, "--target", target],
        ["predict", str(corpus.run("iris")), file, "-o", "out.csv"],
        ["evaluate", str(corpus.run("iris")), file],
        ["fit", file, "--target", target, *quick, "--set", f"train.{hostile(random)}=1"],
        ["check", file, f"--{hostile(random)}"],
        [hostile(random), file],
        ["layers", hostile(random)],
        ["show", hostile(random)],
    ]
    # No system hands over an argument with a null character.
    return [[argument.replace("\x00", "") for argument in command] for command in commands]


def write_table(folder: Path, names: list[str], classes: list[str]) -> str:
    """The same as datasets of HDF5, whose names and texts are free too."""
    with h5py.File(folder / "rows.h5", "w") as file:
        for name in names[:2]:
            file.create_dataset(name.replace("/", "").replace("\x00", "").strip(".") or "c", data=np.arange(40.0))
        texts = [classes[row % 2].replace("\x00", "") for row in range(40)]
        file.create_dataset("kind", data=texts, dtype=h5py.string_dtype())
    return "rows.h5"


def escapes_in_networks(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Names of classes, layers, columns and plugins that a network says of itself."""
    rows = str(corpus.data("iris"))
    if random.random() < 0.5:
        fields: dict[Any, Any] = {hostile(random, "weight"): np.zeros(3), "name": hostile(random)}
        inner = TorchObject(random.choice((hostile(random, "nn."), "nn.Linear")), 1, fields)
        write_t7(TorchObject("nn.Sequential", 1, {"modules": {1: inner}}), folder / "network.t7")
        return [["show", "network.t7"], ["convert", "network.t7", "out.h5"], ["t7", "network.t7"]]
    tree = read_checkpoint(corpus.run("iris") / "best.h5")
    text = hostile(random)
    changes = (
        lambda: tree["data"]["target"].update(labels=[text, "b", "c"]),
        lambda: tree["data"]["columns"][0].update(name=text),
        lambda: tree["data"].update(notes=[text], warnings=[text]),
        lambda: tree["network"]["spec"]["modules"][0].update(type=text),
        lambda: tree["network"]["origins"].update({text: text, "Linear": text}),
        lambda: tree.update(metrics=[text], nntrain=text),
        lambda: tree["network"]["state"]["views"].update({text: [text, 0, [1], [1]]}),
        lambda: tree["criterion"].update(type=text),
    )
    for change in random.sample(changes, random.choice((1, 2))):
        change()
    write_checkpoint(folder / "best.h5", tree)
    return [
        ["show", "best.h5"],
        ["predict", "best.h5", rows, "-o", "out.csv"],
        ["evaluate", "best.h5", rows],
        ["convert", "best.h5", "out.t7"],
        ["diff", "best.h5", str(corpus.run("iris"))],
    ]
