import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.checkpoint import writing
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.errors import CheckpointError

TREE = {
    "weights": {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "empty": np.zeros((0, 3))},
    "labels": np.array([1, 2], np.int64),
    "flag": np.array(True),
    "words": {"text": "naïve ☃ \0", "list": [1, 2.5, None, True], "nested": {"x": {}}},
    "number": 2**100,
    "columns": [{"mean": np.ones(2)}, {"name": "b"}, *({"n": np.array([i])} for i in range(12))],
    "mixed": {"array": np.float64(3) * np.ones(1), "json": {"a/b": 1, "": 2}},
}


def same(a: object, b: object) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return type(a) is type(b) and a == b


def test_a_tree_comes_back_to_the_bit(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.h5", TREE)
    assert same(read_checkpoint(tmp_path / "a.h5"), TREE)


def test_h5py_alone_can_read_it(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.h5", TREE)
    with h5py.File(tmp_path / "a.h5") as file:
        assert file.attrs["format"] == "nntrain checkpoint"
        assert file["weights/a"][1, 2] == 5
        assert json.loads(file["words"][()])["list"] == [1, 2.5, None, True]


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.h5", TREE)
    write_checkpoint(tmp_path / "a.h5", TREE)
    assert [path.name for path in tmp_path.iterdir()] == ["a.h5"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.h5"
    write_checkpoint(path, {"epoch": 1})

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "flush_to_disk", full)
    with pytest.raises(CheckpointError, match="No space left on device; the old file is unchanged"):
        write_checkpoint(path, {"epoch": 2})
    assert read_checkpoint(path) == {"epoch": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.h5"]


def test_a_lost_folder_is_stated(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be written: No such file or directory"):
        write_checkpoint(tmp_path / "gone" / "a.h5", {"epoch": 2})


def test_a_missing_file_is_stated(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"a\.h5: no such file"):
        read_checkpoint(tmp_path / "a.h5")


def test_a_file_that_is_no_hdf5_is_stated(tmp_path: Path) -> None:
    (tmp_path / "a.h5").write_text("hello")
    with pytest.raises(CheckpointError, match="not an HDF5 file, or a corrupt one"):
        read_checkpoint(tmp_path / "a.h5")


def test_a_truncated_file_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    write_checkpoint(path, TREE)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(CheckpointError, match="corrupt"):
        read_checkpoint(path)


def test_another_hdf5_file_is_refused(tmp_path: Path) -> None:
    h5py.File(tmp_path / "a.h5", "w").close()
    with pytest.raises(CheckpointError, match="not a checkpoint of nntrain"):
        read_checkpoint(tmp_path / "a.h5")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.h5", TREE)
    with h5py.File(tmp_path / "a.h5", "a") as file:
        file.attrs["version"] = 2
    with pytest.raises(CheckpointError, match="expected a format version up to 1, got 2; update nntrain"):
        read_checkpoint(tmp_path / "a.h5")


def test_links_are_not_followed(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "a.h5", TREE)
    with h5py.File(tmp_path / "a.h5", "a") as file:
        file["elsewhere"] = h5py.ExternalLink("/etc/hosts", "/x")
    with pytest.raises(CheckpointError, match="/elsewhere: expected a group or a dataset of this file, got a link"):
        read_checkpoint(tmp_path / "a.h5")
