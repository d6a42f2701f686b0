"""Datasets of other types and shapes, that lie elsewhere, or that are stored in another way."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import h5py
import numpy as np

__all__ = ["CHANGES", "values_of"]

TYPES: tuple[Any, ...] = (
    "f2", "f4", "f8", ">f4", "i1", ">i8", "u8", "u1", "c8", "c16", "?", "S1", "S7", "S0", "V5", "longdouble",
    np.dtype([("a", "f4"), ("b", "i8")]),
    np.dtype(("f4", (3,))),
    h5py.string_dtype(),
    h5py.string_dtype("ascii"),
    h5py.vlen_dtype("f4"),
    h5py.enum_dtype({"a": 0, "b": 1}, "u1"),
    h5py.ref_dtype,
    h5py.regionref_dtype,
    h5py.opaque_dtype("M8[s]"),
)  # fmt: skip

SHAPES: tuple[tuple[int, ...], ...] = (
    (), (0,), (1,), (3, 0), (1,) * 20, (2,) * 5, (10**6, 10**6), (2**40,), (2**62,), (2**32, 2**31), (0, 2**62),
    (10**9, 3),
)  # fmt: skip

# Filters by number: gzip, shuffle, fletcher32, szip, nbit, scaleoffset, lzf, bzip2, blosc, and one of nobody.
FILTERS = (1, 2, 3, 4, 5, 6, 32000, 307, 32001, 54321)


def place(dataset: h5py.Dataset) -> tuple[h5py.Group, str, dict[str, Any], tuple[int, ...]]:
    """Where it lay, its attributes and its shape; it is taken away."""
    parent, name, attributes, shape = (
        dataset.parent,
        dataset.name.rpartition("/")[2],
        dict(dataset.attrs),
        dataset.shape,
    )
    del parent[name]
    return parent, name, attributes, shape or ()


def values_of(dataset: h5py.Dataset) -> np.ndarray[Any, Any]:
    """The values; none of a virtual dataset: HDF5 crashes on one that is its own source."""
    return np.empty(0) if dataset.is_virtual else np.asarray(dataset[()])


def other_type(dataset: h5py.Dataset, random: Random) -> None:
    """The same shape, the values as they may be converted, or none."""
    dtype = random.choice(TYPES)
    old = values_of(dataset)
    parent, name, attributes, shape = place(dataset)
    created = parent.create_dataset(name, shape, dtype)
    created.attrs.update(attributes)
    with np.errstate(all="ignore"):
        if old.size and old.dtype.kind in "biuf" and created.dtype.kind in "biufc" and created.dtype.shape == ():
            created[()] = old.astype(created.dtype)


def other_shape(dataset: h5py.Dataset, random: Random) -> None:
    """Another number of axes or values, of which few or none are stored."""
    shape = random.choice((*SHAPES, (*(dataset.shape or ()), 1), tuple(size + 1 for size in dataset.shape or ())))
    dtype = dataset.dtype
    parent, name, attributes, _ = place(dataset)
    chunks = tuple(min(max(size, 1), 2) for size in shape) if shape and random.random() < 0.8 else None
    huge = int(np.prod([float(size) for size in shape])) > 10**7
    fill = {"fillvalue": 1} if dtype.kind in "iuf" and random.random() < 0.3 else {}
    created = parent.create_dataset(name, shape, dtype, chunks=chunks or (True if huge else None), **fill)
    created.attrs.update(attributes)


def huge_chunk(dataset: h5py.Dataset, random: Random) -> None:
    """Chunks of some gigabytes, of which zeros are stored in a few bytes."""
    parent, name, attributes, _ = place(dataset)
    size = random.choice((10**5, 10**6, 2**29 - 1, 2**31))
    filters = random.choice(({}, {"compression": "gzip"}, {"compression": "lzf"}, {"shuffle": True}))
    created = parent.create_dataset(name, (size * 2,), "u1" if size > 2**30 else "f4", chunks=(size,), **filters)
    created.attrs.update(attributes)
    if size == 10**6 and "compression" in filters:
        created[:size] = 0


def bomb(dataset: h5py.Dataset, random: Random) -> None:
    """Zeros that are a thousand times fewer in the file."""
    shape = random.choice(((4_000_000,), (1000, 1000), (2000, 300, 3)))
    parent, name, attributes, _ = place(dataset)
    zeros = np.zeros(shape, random.choice(("u1", "f4")))
    parent.create_dataset(name, data=zeros, compression="gzip", compression_opts=1).attrs.update(attributes)


def other_filter(dataset: h5py.Dataset, random: Random) -> None:
    """A filter in front of what is stored, known or not; the values as they are where it is known."""
    array = values_of(dataset)
    if not array.ndim or not array.size or array.dtype.kind not in "biuf":
        return
    parent, name, attributes, shape = place(dataset)
    number = random.choice(FILTERS)
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk(tuple(max(size, 1) for size in shape))
    try:
        if number == 32000:
            plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plan.set_chunk(shape)
            plan.set_shuffle()
        values = {1: (6,), 6: (2, 0), 4: (4, 8)}.get(number, (1, 2, 3))
        plan.set_filter(number, h5py.h5z.FLAG_OPTIONAL, values)
        space, kind = h5py.h5s.create_simple(shape), h5py.h5t.py_create(array.dtype)
        created = h5py.Dataset(h5py.h5d.create(parent.id, name.encode(), kind, space, plan))
        if random.random() < 0.5:
            created.id.write_direct_chunk((0,) * array.ndim, random.randbytes(100), random.choice((0, 1)))
        else:
            created[...] = array
        created.attrs.update(attributes)
    except (OSError, RuntimeError, ValueError):
        if name in parent:
            del parent[name]
        parent[name] = array


def virtual(dataset: h5py.Dataset, random: Random) -> None:
    """Values that are said to lie in another file, or in this one."""
    parent, name, attributes, shape = place(dataset)
    shape = shape or (3,)
    layout = h5py.VirtualLayout(shape, "f4")
    layout[...] = h5py.VirtualSource(random.choice((".", "/etc/passwd", "nowhere.h5")), f"/{name}", shape)
    parent.create_virtual_dataset(name, layout)
    parent[name].attrs.update(attributes)


def external(dataset: h5py.Dataset, random: Random) -> None:
    """Values that are the bytes of another file."""
    parent, name, attributes, shape = place(dataset)
    where = random.choice(("/etc/passwd", "/dev/zero", "nowhere", "/proc/self/environ"))
    size = 4 * int(np.prod(shape or (1,)))
    created = parent.create_dataset(name, shape or (1,), "f4", external=[(where, 0, max(size, 1))])
    created.attrs.update(attributes)


def without_space(dataset: h5py.Dataset, random: Random) -> None:
    parent, name, _, _ = place(dataset)
    parent[name] = h5py.Empty(random.choice(("f4", "S3", "i8")))


def early(dataset: h5py.Dataset, random: Random) -> None:
    """In an old or a new way of storing: compact, or with room for more."""
    array = values_of(dataset)
    parent, name, attributes, shape = place(dataset)
    if shape and array.dtype.kind in "biuf" and array.size:
        created = parent.create_dataset(name, data=array, chunks=True, maxshape=(None,) * len(shape), fletcher32=True)
    else:
        created = parent.create_dataset(name, data=array, dtype=array.dtype)
    created.attrs.update(attributes)


def references(dataset: h5py.Dataset, random: Random) -> None:
    """Pointers to other objects in the place of values."""
    parent, name, _, _ = place(dataset)
    parent.create_dataset(name, data=[parent.file.ref] * 3, dtype=h5py.ref_dtype)


CHANGES: tuple[Callable[[h5py.Dataset, Random], None], ...] = (
    other_type, other_type, other_shape, other_shape, huge_chunk, bomb, other_filter, virtual, external, without_space,
    early, references,
)  # fmt: skip
