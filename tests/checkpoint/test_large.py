"""Arrays that threads read past HDF5: the same values, and the same damage is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.checkpoint import stored_arrays, writing
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.stored_arrays import DIGEST_CHUNK
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import CheckpointError

LARGE = DIGEST_CHUNK // 4 + 1000

TREE: dict[str, Any] = {
    "float": np.arange(LARGE, dtype=np.float32),
    "rows": np.arange(LARGE, dtype=np.int16).reshape(8, -1)[:, ::2],
    "big": np.arange(200_000, dtype=">i8"),
    "half": np.ones((300, 1000), np.float16),
    "flags": np.arange(400_000) % 3 == 0,
    "long": np.ones(40_000, np.longdouble),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_checkpoint(tmp_path / "a.h5", TREE)
    return tmp_path / "a.h5"


def test_large_arrays_come_back_to_the_bit(path: Path) -> None:
    found = read_checkpoint(path)
    for name, array in TREE.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_so_they_do_behind_what_another_program_put_in_front(path: Path, tmp_path: Path) -> None:
    with h5py.File(path) as source, h5py.File(tmp_path / "b.h5", "w", userblock_size=1024) as target:
        target.attrs.update(source.attrs)
        for name in source:
            source.copy(name, target)
    np.testing.assert_array_equal(read_checkpoint(tmp_path / "b.h5")["float"], TREE["float"])


@pytest.mark.parametrize("place", [5, 4 * LARGE - 1])
def test_a_flipped_bit_is_found(path: Path, place: int) -> None:
    with h5py.File(path) as file:
        offset = file["float"].id.get_offset()
    content = bytearray(path.read_bytes())
    content[offset + place] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="/float: corrupt: checksum mismatch"):
        read_checkpoint(path)


def test_a_file_that_is_cut_off_while_it_is_read_is_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lies_at = stored_arrays.find_data_offset
    monkeypatch.setattr(
        stored_arrays, "find_data_offset", lambda dataset: lies_at(dataset) and lies_at(dataset) + path.stat().st_size
    )
    with pytest.raises(CheckpointError, match="the file ends before its values"):
        read_checkpoint(path)


def test_what_the_disk_gives_back_is_compared(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def spoilt(written: Path) -> None:
        with h5py.File(written, "r+") as file:
            file["float"][LARGE - 1] = -1

    fill = writing.write_items
    monkeypatch.setattr(writing, "write_items", lambda path, *rest: (fill(path, *rest), spoilt(path)))
    with pytest.raises(CheckpointError, match="the disk returns other bytes than were written, at /float"):
        write_checkpoint(path, TREE)
    assert path.read_bytes() == before
