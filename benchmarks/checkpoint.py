"""Saving and loading a checkpoint of 100 million parameters, against plain h5py with the same arrays."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h5py
import numpy as np

from benchmarks.comparison import OURS, Case, Comparison, Goal, Row, Settings
from benchmarks.pairing import Turn, alternate
from nntrain import nn
from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.optim import Adam
from nntrain.training.trained_network import build_model_tree

__all__ = ["COMPARISON"]

PLAIN, COMPARED = "h5py", "h5py, read again and compared"

# Number of layers and units: 100.7 million parameters; and a small network for a quick test.
SIZE, QUICK = (6, 4096), (6, 512)

Arrays = Mapping[str, np.ndarray[Any, Any]]


def cases(settings: Settings) -> Sequence[Case]:
    """Return the cases: the network as in ``best.h5``, and with Adam's two vectors, as in a checkpoint."""
    return [Case(f"{what} {held}") for held in ("the network", "the network and Adam's state") for what in WHAT]


def measure(case: Case, settings: Settings) -> Row:
    """Measure all variants in turns, each with its own file in the results folder, in seconds."""
    what, _, held = case.name.partition(" ")
    tree = tree_of(*(QUICK if settings.quick else SIZE), adam="Adam" in held)
    arrays = dict(arrays_of(tree))
    megabytes = sum(array.nbytes for array in arrays.values()) / 1e6
    with TemporaryDirectory(dir=settings.out) as folder:
        taken = alternate(WHAT[what](Path(folder), tree, arrays), settings.rounds)
    return Row.of(Case(f"{case.name}, {megabytes:,.0f} MB"), taken, goals={PLAIN: Goal(0.5)})


def tree_of(layers: int, units: int, *, adam: bool) -> Tree:
    """Return the state of a network of linear layers, and of its optimizer after a step."""
    model = nn.Sequential()
    for _ in range(layers):
        model.add(nn.Linear(units, units))
    w, dw = model.get_parameters()
    dw[...] = w
    optimizer = Adam()
    optimizer.step(w, dw)
    tree: Tree = {"network": build_model_tree(model)}
    return {**tree, "training": {"optimizer": optimizer.state()}} if adam else tree


def arrays_of(value: Any, path: str = "") -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """Iterate over the arrays of a tree."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from arrays_of(item, f"{path}/{key}")
    elif isinstance(value, np.ndarray):
        yield path, value


def saves(folder: Path, tree: Tree, arrays: Arrays) -> dict[str, Turn]:
    """Return the variants of saving, including the flush to disk."""

    def compared(path: Path) -> None:
        plain_write(path, arrays)
        loaded = plain_read(path)
        assert all(np.array_equal(loaded[name], array) for name, array in arrays.items())

    return {
        OURS: to_new_file(folder / "ours.h5", lambda path: write_checkpoint(path, tree)),
        PLAIN: to_new_file(folder / "plain.h5", lambda path: plain_write(path, arrays)),
        COMPARED: to_new_file(folder / "compared.h5", compared),
    }


def loads(folder: Path, tree: Tree, arrays: Arrays) -> dict[str, Turn]:
    """Return the variants of loading files that are in the page cache."""
    ours, plain = folder / "ours.h5", folder / "plain.h5"
    write_checkpoint(ours, tree)
    plain_write(plain, arrays)
    return {
        OURS: lambda: seconds_of(lambda: read_checkpoint(ours)),
        PLAIN: lambda: seconds_of(lambda: plain_read(plain)),
    }


WHAT: dict[str, Callable[[Path, Tree, Arrays], dict[str, Turn]]] = {"save": saves, "load": loads}


def plain_write(path: Path, arrays: Arrays) -> None:
    """Write one dataset per array, flushed to disk."""
    with h5py.File(path, "w", libver=("v110", "v110")) as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array)
        file.flush()
    with open(path, "rb") as written:
        os.fsync(written)


def plain_read(path: Path) -> dict[str, Any]:
    """Read every dataset of a file."""
    found: dict[str, Any] = {}

    def visit(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset):
            found[f"/{name}"] = item[()]

    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def to_new_file(path: Path, work: Callable[[Path], object]) -> Turn:
    """Return a turn that starts without the previous file and with an idle disk."""

    def turn() -> float:
        path.unlink(missing_ok=True)
        os.sync()
        return seconds_of(lambda: work(path))

    return turn


def seconds_of(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


COMPARISON = Comparison(
    "Checkpoints of 100 million parameters",
    "Six linear layers of 4,096 units, float32. nntrain's save has checksums of every array, is flushed to disk, "
    "read again, compared and renamed; its load compares the checksums. h5py alone writes one dataset for each array "
    "and flushes the file to disk; the third column also reads it again and compares all numbers.",
    "s",
    cases,
    measure,
)
