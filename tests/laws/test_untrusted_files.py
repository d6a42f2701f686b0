"""Untrusted HDF5 files are opened through one function."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.laws.sources import ROOT, files, imports, tree

# h5py's high-level attributes and modules, which trust the metadata of a file.
HIGH_LEVEL = {"h5ds", "h5lt", "h5im", "h5tb", "make_scale", "attach_scale"}

# Modules that read a file after it was checked, or write one.
OPENERS = {
    "nntrain/hdf5/opening.py",
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
            # h5py's axes have labels; nntrain's attributes of that name are strings.
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
