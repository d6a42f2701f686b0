"""Checkpoints that are whole, but whose network would take memory or time without end."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import CheckpointError, NntrainError
from nntrain.exchange import ExchangeNetwork
from nntrain.nn import Module, build
from nntrain.training.inference.raw_network import build_raw_tree, restore_raw_network
from nntrain.training.run_folder.provenance import build_version_warnings, read_provenance

Tree = dict[str, Any]

# Bytes that reading such a file may take at most; the honest file is of some kB.
BOUND = 64 * 2**20


def larger(tree: Tree) -> None:
    tree["network"]["spec"]["modules"][0] |= {"input_size": 10**6, "output_size": 10**6}


def many_features(tree: Tree) -> None:
    tree["network"]["spec"]["modules"][1] = {"type": "BatchNormalization", "n_output": 10**12, "affine": False}


def many_classes(tree: Tree) -> None:
    tree["criterion"] = {"type": "ClassSimplexCriterion", "n_classes": 10**5}


def large_gradients(tree: Tree) -> None:
    gradients = tree["network"]["state"]["gradients"]
    name = next(iter(gradients))
    gradients[name] = [10**12, gradients[name][1]]


def many_children(tree: Tree) -> None:
    tree["network"]["state"]["sizes"][""] = 10**9


def many_places(tree: Tree) -> None:
    """Two of two of two ...: 2⁴⁰ modules in a few lines."""
    inner: Tree = {"type": "Identity", "id": "0"}
    for level in range(1, 41):
        inner = {"type": "Sequential", "id": str(level), "modules": [inner, {"ref": str(level - 1)}]}
    tree["network"]["spec"] = inner


def declared_views(tree: Tree) -> None:
    """Sizes that the views confirm, for which there is no memory in the file."""
    larger(tree)
    for name, view in tree["network"]["state"]["views"].items():
        if name.startswith("0.") and name.endswith("weight"):
            view[2] = [10**6, 10**6]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    model: Module = build(
        {
            "type": "Sequential",
            "modules": [
                {"type": "Linear", "input_size": 4, "output_size": 3},
                {"type": "BatchNormalization", "n_output": 3},
            ],
        },
        "module",
    )
    return build_raw_tree(ExchangeNetwork(model))


CHANGES = [larger, many_features, many_classes, large_gradients, many_children, many_places, declared_views]


@pytest.mark.parametrize("change", CHANGES)
def test_a_small_file_cannot_fill_memory(tree: Tree, tmp_path: Path, change: Callable[[Tree], None]) -> None:
    write_checkpoint(tmp_path / "honest.h5", tree)
    restore_raw_network(read_checkpoint(tmp_path / "honest.h5"), "honest.h5")
    change(tree)
    write_checkpoint(tmp_path / "hostile.h5", tree)
    tracemalloc.start()
    try:
        with pytest.raises(NntrainError) as raised:
            restore_raw_network(read_checkpoint(tmp_path / "hostile.h5"), "hostile.h5")
        assert tracemalloc.get_traced_memory()[1] < BOUND
    finally:
        tracemalloc.stop()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("escape", [r"\ud800", r"\uDFFF", r"\udc00\ud800"])
def test_half_a_character_is_refused(tree: Tree, tmp_path: Path, escape: str) -> None:
    """JSON may have a surrogate alone, which no file and no terminal takes."""
    path = tmp_path / "labels.h5"
    write_checkpoint(path, {**tree, "labels": "LABEL"})
    with h5py.File(path, "r+") as file:
        text = f'"{escape}"'.encode()
        marks = json.loads(file["complete"][()])
        marks["/labels"] = {"dtype": f"|S{len(text)}", "shape": [], "crc32": [zlib.crc32(text)]}
        for name, value in (("labels", text), ("complete", json.dumps(marks).encode())):
            del file[name]
            file.create_dataset(name, data=value, dtype=h5py.string_dtype("utf-8", len(value)))
    with pytest.raises(CheckpointError, match=r"/labels: not JSON: .*surrogates not allowed"):
        read_checkpoint(path)


@pytest.mark.parametrize("label", ["\U0001f600", r"C:\ud800", r"\\ud800", "\ud7ff"])
def test_characters_beyond_16_bits_and_backslashes_are_read_back(tree: Tree, tmp_path: Path, label: str) -> None:
    write_checkpoint(tmp_path / "labels.h5", {**tree, "labels": [label]})
    assert read_checkpoint(tmp_path / "labels.h5")["labels"] == [label]


@pytest.mark.parametrize(
    ("place", "value"),
    [("network", 3), ("network", {"Linear": 3}), ("", 3), ("", []), ("", {"metric": {"accuracy": 3}})],
)
def test_origins_are_texts_for_all_that_read_them(tree: Tree, place: str, value: Any) -> None:
    (tree[place] if place else tree)["origins"] = value
    for reader in (
        read_provenance,
        lambda tree: build_version_warnings(tree, "x.h5"),
        lambda tree: restore_raw_network(tree, "x.h5"),
    ):
        with pytest.raises(CheckpointError, match="network: origins: expected dict"):
            reader(tree)


def test_layers_that_make_more_than_they_keep_are_read_back(tmp_path: Path) -> None:
    model: Module = build(
        {
            "type": "Sequential",
            "modules": [
                {"type": "MapTable", "module": {"type": "Linear", "input_size": 200, "output_size": 100}},
                {"type": "JoinTable", "dim": 1},
            ],
        },
        "module",
    )
    x = [np.full((2, 200), number, np.float32) for number in range(9)]
    y = model.forward(x).copy()
    write_checkpoint(tmp_path / "table.h5", build_raw_tree(ExchangeNetwork(model)))
    again = restore_raw_network(read_checkpoint(tmp_path / "table.h5"), "table.h5").model
    np.testing.assert_array_equal(again.forward(x), y)


def test_an_array_under_many_names_is_not_read_each_time(tree: Tree, tmp_path: Path) -> None:
    """2,000 links to one array of 400 kB: 800 MB of a file of half a megabyte, with checksums that fit."""
    path = tmp_path / "bomb.h5"
    write_checkpoint(path, {**tree, "more": {"0": np.arange(50_000.0)}})
    with h5py.File(path, "r+") as file:
        marks = json.loads(file["complete"][()])
        for number in range(1, 2000):
            file[f"more/{number}"] = file["more/0"]
            marks[f"/more/{number}"] = marks["/more/0"]
        del file["complete"]
        file["complete"] = np.bytes_(json.dumps(marks).encode())
    tracemalloc.start()
    with pytest.raises(CheckpointError, match="once for each name, need more than"):
        read_checkpoint(path)
    assert tracemalloc.get_traced_memory()[1] < 4 * BOUND
    tracemalloc.stop()
