"""HDF5 files whose parts are all allowed, and whose whole is not."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from tests.fuzz.attacks.hdf5_library import set_filter
from tests.fuzz.corpus import Corpus
from tests.fuzz.signing import sign

__all__ = ["labels", "link_filters", "long_names", "many_attributes", "odd_members", "shared_texts"]

Commands = list[list[str]]

# The attributes in which HDF5 and netCDF keep what the axes of a dataset are called.
LABELS = ("DIMENSION_LABELS", "DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME")

LABEL_TYPES: tuple[Any, ...] = (
    h5py.string_dtype(),
    h5py.string_dtype("ascii"),
    "S1",
    "S4000",
    "f8",
    "i8",
    h5py.vlen_dtype("i8"),
    np.dtype([("a", "i8"), ("b", "f4")]),
)


def labels(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Labels of axes: of other types and shapes, or more of them than there are axes."""
    path, name = copy_of_rows(corpus, folder, random)
    with h5py.File(path, "r+") as file:
        datasets: list[h5py.Dataset] = []
        file.visititems(lambda _, item: datasets.append(item) if isinstance(item, h5py.Dataset) else None)
        for dataset in random.sample(datasets, random.randint(1, len(datasets))):
            dtype = random.choice(LABEL_TYPES)
            count = random.choice((0, 1, 2, 3, 5, 33, 3000))
            shape = random.choice(((count,), (count,), (count,), (), (count, 2)))
            values: Any = None
            if np.dtype(dtype).kind == "S" or h5py.check_string_dtype(np.dtype(dtype)):
                values = np.full(shape, random.choice((b"", b"C", b"height", b"\xff", b"x" * random.choice((9, 4000)))))
            with suppress(
                AttributeError, OSError, TypeError, ValueError
            ):  # more than 64 KiB, or what h5py does not write
                dataset.attrs.create(random.choice((LABELS[0], LABELS[0], *LABELS)), values, shape, dtype)
    return uses_of_rows(path, name, corpus, random)


def link_filters(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """A group whose names are filtered: compressed, or by a filter of somebody."""
    checkpoint = random.random() < 0.5
    path, name = copy_of_best(corpus, folder, random) if checkpoint else copy_of_rows(corpus, folder, random)
    new = folder / "filtered.h5"
    with h5py.File(path) as source, h5py.File(new, "w", libver="latest") as target:
        copy_filtered(source, target, random)
        target.attrs.update(source.attrs)
    new.replace(path)
    if checkpoint:
        sign(path)
    return (uses_of_network if checkpoint else uses_of_rows)(path, name, corpus, random)


def copy_filtered(source: h5py.Group, target: h5py.Group, random: Random) -> None:
    """Every group anew with a filter over its names, of which there may be many."""
    for name in source:
        if isinstance(source[name], h5py.Dataset):
            dataset = target.create_dataset(name, data=source[name][()], dtype=source[name].dtype)
            dataset.attrs.update(source[name].attrs)
            continue
        plan = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
        set_filter(plan, random.choice((1, 3, 32001, 54321)), (6,))
        inner = h5py.Group(h5py.h5g.create(target.id, name.encode(), gcpl=plan))
        copy_filtered(source[name], inner, random)
    plan = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    set_filter(plan, random.choice((1, 54321)), (9,))
    extra = h5py.Group(h5py.h5g.create(target.id, b"extra", gcpl=plan)) if "extra" not in target else target["extra"]
    anything = np.zeros(3)
    for index in range(random.choice((1, 20, 200))):
        extra[f"{index}{'n' * random.choice((1, 200))}"] = anything


def long_names(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Many links with long names to one object, in a heap that may be compressed."""
    checkpoint = random.random() < 0.5
    path, name = copy_of_best(corpus, folder, random) if checkpoint else copy_of_rows(corpus, folder, random)
    with h5py.File(path, "r+", libver="latest") as file:
        plan = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
        if random.random() < 0.5:
            set_filter(plan, 1, (9,))
        group = h5py.Group(h5py.h5g.create(file.id, b"long", gcpl=plan))
        inner = group.create_group("g" * random.choice((1, 60_000)))
        inner["x"] = np.zeros(2)
        for index in range(random.choice((3, 50, 2_000, 20_000))):
            inner[f"{index:05}" + "n" * random.choice((0, 0, 0, 10, 60_000 if index < 100 else 1))] = inner["x"]
        paths = len(inner) * len(inner.name)
    if checkpoint and paths < 10**7:  # otherwise the checksums take longer than the case
        sign(path)
    return (uses_of_network if checkpoint else uses_of_rows)(path, name, corpus, random)


def shared_texts(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Texts that are all one and the same piece of the file."""
    rows = random.choice((100, 5_000, 60_000))
    size = random.choice((10, 1_000, 60_000))
    path = folder / "rows.h5"
    with h5py.File(path, "w") as file:
        file["x"] = np.zeros((rows, 2), np.float32)
        texts = file.create_dataset(random.choice(("y", "labels", "name", "x2")), (rows,), h5py.string_dtype())
        texts[0] = "t" * size
        file.flush()
        where, width = texts.id.get_offset(), 16
    content = bytearray(path.read_bytes())
    content[where : where + rows * width] = content[where : where + width] * rows
    path.write_bytes(content)
    return uses_of_rows(path, "vectors", corpus, random)


def many_attributes(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Attributes that are many, large, or of strange types."""
    checkpoint = random.random() < 0.5
    path, name = copy_of_best(corpus, folder, random) if checkpoint else copy_of_rows(corpus, folder, random)
    with h5py.File(path, "r+", libver="latest") as file:
        for holder in random.sample([file, *file.values()], 1 + random.randrange(len(file))):
            known = [*holder.attrs]
            for index in range(random.choice((1, 20, 300))):
                value: Any = random.choice((index, "text" * 1000, np.zeros(7000), [b"a", b"b"], h5py.Empty("f4")))
                with_name = random.choice((f"a{index}", f"a{index}" * 500, *known))
                holder.attrs[with_name] = value
    if checkpoint:
        sign(path)
    return (uses_of_network if checkpoint else uses_of_rows)(path, name, corpus, random)


def odd_members(corpus: Corpus, folder: Path, random: Random) -> Commands:
    """Names in another encoding, times of HDF5, and rows never written: next to the rows, or in their place."""
    path, name = copy_of_rows(corpus, folder, random)
    with h5py.File(path, "r+") as file:
        member = random.choice(("odd", "x", *file)).encode()
        if member in file:
            del file[member]
        kind = random.choice((h5py.h5t.UNIX_D64LE, h5py.h5t.UNIX_D32BE, h5py.h5t.IEEE_F32LE))
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((20,))
        rows = h5py.h5s.create_simple((random.choice((20, 2**31, 2**50)),))
        h5py.h5d.create(file.id, member + random.choice((b"", b"", b"\xff")), kind, rows, plan)
    return uses_of_rows(path, name, corpus, random)


def copy_of_rows(corpus: Corpus, folder: Path, random: Random) -> tuple[Path, str]:
    """A file of arrays, or of a table."""
    name = random.choice(("vectors", "images", "mixed"))
    source = corpus.folder / "mixed-table.h5" if name == "mixed" else corpus.data(name)
    return Path(shutil.copy(source, folder / "rows.h5")), name


def copy_of_best(corpus: Corpus, folder: Path, random: Random) -> tuple[Path, str]:
    """The best network of a run."""
    name = random.choice(("iris", "vectors", "images", "mixed"))
    return Path(shutil.copy(corpus.run(name) / "best.h5", folder / "best.h5")), name


def uses_of_rows(path: Path, name: str, corpus: Corpus, random: Random) -> Commands:
    """Commands that read rows."""
    streamed = random.choice(([], ["--set", "data.stream=true", "--set", "data.cache='cache'"]))
    target = ["--target", "price"] if name == "mixed" else []
    quick = ["--set", "train.max_steps=2", "--set", "train.epochs=1", "--out", "out", "--force"]
    return [
        ["fit", path.name, *target, *streamed, *quick],
        ["check", path.name, *target],
        ["predict", str(corpus.run(name)), path.name, "-o", "out.csv"],
        ["evaluate", str(corpus.run(name)), path.name],
        ["show", path.name],
    ]


def uses_of_network(path: Path, name: str, corpus: Corpus, random: Random) -> Commands:
    """Commands that read a network."""
    return [
        ["show", path.name],
        ["predict", path.name, str(corpus.data(name)), "-o", "out.csv"],
        ["evaluate", path.name, str(corpus.data(name))],
        ["convert", path.name, "out.safetensors"],
    ]
