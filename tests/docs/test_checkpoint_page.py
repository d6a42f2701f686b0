"""docs/checkpoint-format.md: its example reads a checkpoint, with h5py alone; its table names all that is in one."""

from __future__ import annotations

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import h5py
import pytest

from nntrain.checkpoint.layout import FORMAT, VERSION
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.training.trained_network import TrainedNetwork
from tests.checkpoint.version1 import BEST, FILE
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "checkpoint-format.md").read_text(encoding="utf-8")


def example(path: Path) -> Path:
    """The program of the page, in a file."""
    (block,) = re.findall(r"```python\n(# checkpoint\.py\n.*?)```", PAGE, re.DOTALL)
    path.write_text(block, encoding="utf-8")
    return path


def run(program: Path, checkpoint: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", program, checkpoint], capture_output=True, text=True)


def test_the_example_reads_a_checkpoint_with_h5py_alone(tmp_path: Path) -> None:
    program = example(tmp_path / "checkpoint.py")
    imported = re.findall(r"^import (\w+)", program.read_text(), re.MULTILINE)
    assert imported == ["json", "sys", "zlib", "h5py", "numpy"]
    done = run(program, BEST)
    assert done.returncode == 0, done.stderr
    model = TrainedNetwork.from_tree(read_checkpoint(BEST), "").model
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("{")] == [repr(layer) for layer in model.spec()["modules"]]
    weight = model.children()[0].weight
    assert f"0.weight {weight.dtype} {weight.shape}" in lines
    assert lines[-1] == "classes: setosa versicolor virginica"


def test_the_example_finds_a_flipped_bit(tmp_path: Path) -> None:
    with h5py.File(FILE) as file:
        offset = file["training/optimizer/m"].id.get_offset()
    content = bytearray(FILE.read_bytes())
    content[offset] ^= 1
    (tmp_path / "flipped.h5").write_bytes(content)
    assert "incomplete or corrupt" in run(example(tmp_path / "checkpoint.py"), tmp_path / "flipped.h5").stderr


@pytest.mark.parametrize("path", [FILE, BEST], ids=["step", "best"])
def test_the_page_names_every_part_of_a_checkpoint(path: Path) -> None:
    rows = re.findall(r"^\| (`[^|]*`) \|", PAGE, re.MULTILINE)
    known = [name for row in rows for name in re.findall(r"`(.+?)`", row)]
    places: list[str] = []
    with h5py.File(path) as file:
        assert (file.attrs["format"], file.attrs["version"]) == (FORMAT, VERSION)
        file.visititems(lambda name, item: places.append(name) if isinstance(item, h5py.Dataset) else None)
    assert [place for place in places if not any(fnmatch(place, name) for name in known)] == ["complete"]


def test_the_page_shows_the_version() -> None:
    assert PAGE.startswith(f"# The checkpoint format, version {VERSION}\n")
