"""Files from anywhere are opened in one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.laws.sources import ROOT, files, imports, tree

# Attributes and modules of h5py that are HDF5's high-level library, which believes what a file says of itself.
HIGH_LEVEL = {"h5ds", "h5lt", "h5im", "h5tb", "make_scale", "attach_scale"}

# What reads a file after it was tried, and what writes one.
OPENERS = {
    "nntrain/hdf5/opening.py",
    "nntrain/hdf5/probe.py",
    "nntrain/checkpoint/writing.py",
    "nntrain/data/writers/row_writer.py",
    "nntrain/data/streaming/dataset_writer.py",
    "nntrain/data/streaming/table_conversion.py",
}


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", files("nntrain", "plugins"), ids=place)
def test_nothing_of_hdf5s_high_level_library_is_called(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in HIGH_LEVEL, f"line {node.lineno}"
            # The axes of nntrain's own arrays are words, which have no parts: those of h5py have labels.
            assert not (node.attr == "label" and "axis" in ast.unparse(node.value)), f"line {node.lineno}"
        if isinstance(node, ast.Subscript | ast.comprehension | ast.For):
            looked = node.value if isinstance(node, ast.Subscript) else node.iter
            assert not (isinstance(looked, ast.Attribute) and looked.attr == "dims"), ast.unparse(looked)
    assert not {"h5py.h5ds", "h5py.h5lt"} & set(imports(path))


def test_hdf5_files_are_opened_in_one_place() -> None:
    found = {
        place(path)
        for path in files("nntrain", "plugins")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("h5py.File", "h5f.open", "h5py.is_hdf5"))
    }
    assert found <= OPENERS
