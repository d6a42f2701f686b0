"""A damaged checkpoint, and one made to do harm, are refused in words, and cost no more memory than they have bytes."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.stored_arrays import compute_digest
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import CheckpointError
from nntrain.hdf5 import object_checks

TREE = {
    "model": {"parameters": np.arange(1000, dtype=np.float32), "mean": np.ones(3)},
    "columns": [{"mean": np.ones(2)}, {"name": "b"}],
    "words": {"text": "naïve"},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_checkpoint(tmp_path / "a.h5", TREE)
    return tmp_path / "a.h5"


def sign(file: h5py.File) -> None:
    """Make the checksums fit again, as somebody would who wants to do harm."""
    marks = {}
    file.visititems(lambda name, item: marks.update({f"/{name}": item}) if isinstance(item, h5py.Dataset) else None)
    del marks["/complete"], file["complete"]
    known = {
        name: compute_digest(np.asarray(item[()])) for name, item in marks.items() if item.size and item.size < 10**6
    }
    file["complete"] = np.bytes_(json.dumps(known))


@pytest.mark.parametrize("name", ["model/parameters", "model/mean", "columns/0/mean", "columns/1", "words"])
def test_a_flipped_bit_is_named_by_its_dataset(path: Path, name: str) -> None:
    with h5py.File(path) as file:
        offset = file[name].id.get_offset()
    content = bytearray(path.read_bytes())
    content[offset + 1] ^= 4
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=f"/{name}: corrupt: checksum mismatch; resume from another"):
        read_checkpoint(path)


def test_a_flipped_bit_anywhere_is_found_or_harmless(path: Path) -> None:
    content = path.read_bytes()
    whole = read_checkpoint(path)
    found = 0
    for place in range(0, len(content), 37):
        path.write_bytes(content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :])
        try:
            tree = read_checkpoint(path)
        except CheckpointError:
            found += 1
        else:
            np.testing.assert_equal(tree, whole)
    assert found > 50


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_ends_early_is_refused(path: Path, part: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    with pytest.raises(CheckpointError, match="not an HDF5 file, or a corrupt one"):
        read_checkpoint(path)


def test_a_file_without_its_last_mark_was_not_finished(path: Path) -> None:
    with h5py.File(path, "a") as file:
        del file["complete"]
    with pytest.raises(CheckpointError, match="incomplete: the write did not finish"):
        read_checkpoint(path)


def test_an_array_that_is_gone_is_named(path: Path) -> None:
    with h5py.File(path, "a") as file:
        del file["model/mean"]
    with pytest.raises(CheckpointError, match="/model/mean: missing"):
        read_checkpoint(path)


def external(file: h5py.File) -> None:
    file.create_dataset("x", (10,), "f4", external=[("/etc/hosts", 0, 40)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((10,), "f4")
    layout[:] = h5py.VirtualSource("/etc/hosts", "x", (10,))
    file.create_virtual_dataset("x", layout)


def ring(file: h5py.File) -> None:
    file["model/again"] = file["model"]


def deep(file: h5py.File) -> None:
    file.create_group("/".join("x" * 40))


def wide(file: h5py.File) -> None:
    group = file.create_group("x")
    for _ in range(18):
        group = group.create_group("0")
        for name in "123":
            group.parent[name] = group


def compound(file: h5py.File) -> None:
    file["x"] = np.zeros(3, [("a", "f4"), ("b", "i4")])


def references(file: h5py.File) -> None:
    file.create_dataset("x", data=[file["words"].ref], dtype=h5py.ref_dtype)


def ragged(file: h5py.File) -> None:
    file.create_dataset("x", (3,), h5py.vlen_dtype(np.float32))


def named_type(file: h5py.File) -> None:
    file["x"] = np.dtype("f4")


def nothing_stored(file: h5py.File) -> None:
    file.create_dataset("x", (10**12,), "f4")


def compressed(file: h5py.File) -> None:
    file.create_dataset("x", data=np.zeros(10**6), compression="gzip")


def soft(file: h5py.File) -> None:
    file["x"] = h5py.SoftLink("/model")


def shapeless(file: h5py.File) -> None:
    file["x"] = h5py.Empty("f4")


def not_json(file: h5py.File) -> None:
    file["x"] = np.bytes_("{not json")


def deep_json(file: h5py.File) -> None:
    file["x"] = np.bytes_("[" * 5000 + "]" * 5000)


def rather_deep_json(file: h5py.File) -> None:
    file["x"] = np.bytes_("[" * 150 + "]" * 150)


def texts(file: h5py.File) -> None:
    file["x"] = np.array([b"a", b"b"])


def gap(file: h5py.File) -> None:
    file.move("columns/1", "columns/7")


HARM: dict[Callable[[h5py.File], None], str] = {
    external: "/x: expected values in this file, got references to other files",
    virtual: "/x: expected values in this file, got references to other files",
    ring: "more than 32 deep",
    deep: "more than 32 deep",
    wide: "expected at most 1,000 groups and datasets",
    compound: "/x: expected numbers or strings, got ",
    references: "/x: expected numbers or strings, got object",
    ragged: "/x: expected numbers or strings, got object",
    named_type: "/x: expected a group or a dataset, got a named type",
    nothing_stored: r"/x: declares \(1000000000000,\) values of float32, 4,000,000,000,000 bytes, but 0 are stored",
    compressed: "/x: unsupported filter: compression",
    soft: "/x: expected a group or a dataset of this file, got a link",
    shapeless: "/x: expected values, got an empty dataset",
    not_json: "/x: not JSON",
    deep_json: "/x: not JSON|/x: lists and objects are nested more than 100 deep",
    rather_deep_json: "/x: lists and objects are nested more than 100 deep",
    texts: "/x: expected numbers or a string",
    gap: "/columns: expected the members 0 to 1 of a list",
}


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
def test_harm_is_refused_before_memory_is_taken(
    path: Path, harm: Callable[[h5py.File], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_checks, "MAX_OBJECTS", 1000)
    with h5py.File(path, "a") as file:
        harm(file)
        if harm not in (external, virtual, ring, wide, references, ragged, shapeless, soft):
            sign(file)
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match=HARM[harm]) as caught:
            read_checkpoint(path)
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
