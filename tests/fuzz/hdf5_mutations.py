"""HDF5 files that are not what they were: what lies where, and of which kind it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

from tests.fuzz.hdf5_datasets import CHANGES as DATASET_CHANGES
from tests.fuzz.hdf5_datasets import values_of
from tests.fuzz.json_mutations import mutated_json

__all__ = ["REFUSALS", "mutate_structure", "mutate_values"]

# What h5py says to changes that cannot be made, such as one inside of what an earlier change took away.
REFUSALS = (KeyError, MemoryError, OSError, OverflowError, RuntimeError, TypeError, ValueError)

NAMES = ("x", "y", "train", "inputs", "complete", "network", "data", "0", "1", "a.b", "ü", "x" * 3000, " ", "training")


def mutate_structure(path: Path, random: Random) -> None:
    """One to four changes of groups, links, types and shapes."""
    with h5py.File(path, "r+") as file:
        for _ in range(random.choice((1, 1, 2, 4))):
            groups, datasets = contents(file)
            with suppress(*REFUSALS):
                if datasets and random.random() < 0.5:
                    random.choice(DATASET_CHANGES)(random.choice(datasets), random)
                else:
                    random.choice(GROUP_CHANGES)(random.choice(groups), random)


def mutate_values(path: Path, random: Random) -> None:
    """One to four changes of what the datasets say."""
    with h5py.File(path, "r+") as file:
        for _ in range(random.choice((1, 1, 2, 4))):
            _, datasets = contents(file)
            texts = [dataset for dataset in datasets if is_text(dataset) and dataset.name != "/complete"]
            numbers = [dataset for dataset in datasets if dataset.dtype.kind in "biuf" and dataset.size]
            chosen = random.choice([kind for kind in (texts, texts, numbers) if kind] or [[]])
            if chosen:
                with suppress(*REFUSALS):
                    change_value(random.choice(chosen), random)


def contents(file: h5py.File) -> tuple[list[h5py.Group], list[h5py.Dataset]]:
    """All groups and datasets."""
    groups: list[h5py.Group] = [file]
    datasets: list[h5py.Dataset] = []
    file.visititems(lambda name, item: (groups if isinstance(item, h5py.Group) else datasets).append(item))
    return groups, [dataset for dataset in datasets if isinstance(dataset, h5py.Dataset)]


def is_text(dataset: h5py.Dataset) -> bool:
    return dataset.shape == () and (dataset.dtype.kind == "S" or h5py.check_string_dtype(dataset.dtype) is not None)


def change_value(dataset: h5py.Dataset, random: Random) -> None:
    """A text says something else, or some numbers are others."""
    if is_text(dataset):
        text = bytes(dataset[()])
        try:
            text = json.dumps(mutated_json(json.loads(text), random)).encode()
        except (ValueError, RecursionError):
            text = random.choice((b"", b"null", b"[" * 100_000, b"1" * 5000, b"\xff\xfe", text[: len(text) // 2]))
        replace(dataset, np.bytes_(text or b" "))
    else:
        array = values_of(dataset)
        with np.errstate(all="ignore"):
            values = np.array([0, 1, -1, 3, 1e30, 2.0**63, np.nan, np.inf]).astype(array.dtype)
        where = random.choice((slice(None), random.randrange(array.size)))
        array.reshape(-1)[where] = random.choice(list(values))
        replace(dataset, array)


def replace(dataset: h5py.Dataset, value: Any) -> None:
    """Something else under the same name, with the same attributes."""
    parent, name, attributes = dataset.parent, dataset.name.rpartition("/")[2], dict(dataset.attrs)
    del parent[name]
    parent[name] = value
    parent[name].attrs.update(attributes)


def member(group: h5py.Group, random: Random) -> str | None:
    """The name of one, if there is any."""
    names = list(group)
    return random.choice(names) if names else None


def new(group: h5py.Group, random: Random) -> str:
    """A name that nothing has, or in whose place something else is to come."""
    name = random.choice((*NAMES, *group))
    if name in group or group.get(name, getlink=True) is not None:
        del group[name]
    return name


def take(group: h5py.Group, random: Random) -> None:
    if name := member(group, random):
        del group[name]


def rename(group: h5py.Group, random: Random) -> None:
    name = member(group, random)
    if name and (other := random.choice(NAMES)) not in group:
        group.move(name, other)


def copy_in(group: h5py.Group, random: Random) -> None:
    source = random.choice(contents(group.file)[random.choice((0, 1))] or [group])
    aside = group.file.create_group("aside")
    group.file.copy(source, aside, "it", shallow=random.random() < 0.3)
    group[new(group, random)] = aside["it"]
    del group.file["aside"]


def soft_link(group: h5py.Group, random: Random) -> None:
    group[new(group, random)] = h5py.SoftLink(random.choice(("/", "nowhere", "/network", "/x", ".", "/" * 500)))


def external_link(group: h5py.Group, random: Random) -> None:
    other = random.choice((group.file.filename, "nowhere.h5", "/dev/zero", "/etc/passwd", ".", ""))
    group[new(group, random)] = h5py.ExternalLink(other or "x", random.choice(("/", "/x")))


def ring(group: h5py.Group, random: Random) -> None:
    target = random.choice((group, group.file))
    group[new(group, random)] = target


def deep(group: h5py.Group, random: Random) -> None:
    inner = group.create_group(new(group, random))
    for _ in range(random.choice((5, 31, 33, 600))):
        inner = inner.create_group("g")


def many(group: h5py.Group, random: Random) -> None:
    inner = group.create_group(new(group, random))
    for index in range(random.choice((3, 100, 1500))):
        inner.create_group(f"{index}")


def doubling(group: h5py.Group, random: Random) -> None:
    """Groups that lie in their parents three times each: up to 3¹⁸ ways to the innermost."""
    inner = group.create_group(new(group, random))
    for _ in range(random.choice((2, 3, 3, 4, 18))):
        below = inner.create_group("0")
        inner["1"] = inner["2"] = below
        inner = below


def group_for_dataset(group: h5py.Group, random: Random) -> None:
    group.create_group(new(group, random)).create_group("inner")


def dataset_for_group(group: h5py.Group, random: Random) -> None:
    group[new(group, random)] = random.choice((np.zeros(3), np.int64(7), np.bytes_(b"{}"), np.zeros((2, 0)), "text"))


def named_type(group: h5py.Group, random: Random) -> None:
    group[new(group, random)] = np.dtype(random.choice(("f4", "i8", "S10")))


def attribute(group: h5py.Group, random: Random) -> None:
    values = (
        True,
        1,
        -1,
        2**63,
        1.5,
        np.nan,
        "text",
        b"\xff",
        np.zeros(3),
        h5py.Empty("f4"),
        np.zeros(0),
        "nntrain table",
    )
    group.attrs[random.choice(("list", "format", "version", "x", *group.attrs))] = random.choice(values)


def attribute_gone(group: h5py.Group, random: Random) -> None:
    holder = random.choice((group, group.file))
    if names := list(holder.attrs):
        del holder.attrs[random.choice(names)]


GROUP_CHANGES: tuple[Callable[[h5py.Group, Random], None], ...] = (
    take, rename, copy_in, soft_link, external_link, ring, deep, many, doubling, group_for_dataset, dataset_for_group,
    named_type, attribute, attribute_gone,
)  # fmt: skip
