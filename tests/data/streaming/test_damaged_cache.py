"""A file of the cache that is corrupt is found by its checksums, and built again with the same bits."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from nntrain.compute.denormals import is_flushing_denormals, set_flush_denormals
from nntrain.data.streaming import cache_file, dataset_writer, streamed_loading
from tests.data.conftest import refusal
from tests.data.streaming.conftest import ROWS, bits, copies, is_found, loaded, options, the_file


def test_any_changed_byte_of_a_file_is_found_or_means_nothing(csv: Path) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    path, content = copies(given)
    rebuilt = 0
    for place in range(0, len(content), len(content) // 120):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        prepared, told = loaded(given)
        assert bits(prepared) == expected, place
        rebuilt += any("is corrupt" in note for note in told)
        del prepared  # HDF5 shares what it keeps of a file that is open twice
        assert path.read_bytes() == content or not told
        path.write_bytes(content)
    assert rebuilt > 20


def places_of(path: Path) -> Iterator[tuple[str, int]]:
    """A byte of the first, a middle and the last block of each dataset."""
    with h5py.File(path) as file:
        names: list[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        for name in names:
            kept = file[name].id
            if file[name].chunks is None:
                yield name, kept.get_offset() + kept.get_storage_size() // 2
                continue
            count = kept.get_num_chunks()
            for number in sorted({0, count // 2, count - 1}):
                yield name, kept.get_chunk_info(number).byte_offset


def test_a_changed_byte_of_each_dataset_is_shown_by_block_and_built_again(csv: Path) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    path, content = copies(given)
    seen = set()
    for name, place in list(places_of(path)):
        seen.add(name)
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        prepared, told = loaded(given)
        assert bits(prepared) == expected, name
        del prepared  # HDF5 shares what it keeps of a file that is open twice
        (note,) = [what for what in told if "is corrupt" in what]
        assert note.startswith(f"the cache file {path} is corrupt (")
        assert note.endswith("); rebuilding it")
        assert re.search(rf"block \d+ of {name}\)" if "/" in name else r"\(contents\)", note)
        assert path.read_bytes() == content
    assert {"contents", "complete", "train/inputs0", "train/inputs1", "train/targets", "train/weights"} <= seen
    assert {"validation/targets", "test/inputs1"} <= seen


def test_labels_that_were_shifted_in_place_are_found(csv: Path) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    path = the_file(given)
    with h5py.File(path, "r+") as file:
        file["train/targets"][...] = np.roll(file["train/targets"][...], 1)
    prepared, _ = loaded(given)
    assert bits(prepared) == expected


@pytest.mark.parametrize("damage", ["empty", "text", "half", "unfinished", "older", "without a part", "another's"])
def test_a_file_that_cannot_be_used_is_built_again(csv: Path, damage: str) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    path, content = copies(given)
    if damage == "empty":
        path.write_bytes(b"")
    elif damage == "text":
        path.write_bytes(b"nothing")
    elif damage == "half":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "another's":
        other = replace(given, cache=str(csv.parent / "other"), dtype="float64")
        loaded(other)
        shutil.copy(the_file(other), path)
    else:
        with h5py.File(path, "r+") as file:
            del file[{"unfinished": "complete", "older": "contents", "without a part": "test"}[damage]]
    prepared, told = loaded(given)
    assert bits(prepared) == expected
    assert any(f"the cache file {path} is corrupt (" in note and note.endswith("rebuilding it") for note in told)
    assert path.read_bytes() == content


def test_a_file_of_another_version_is_built_again(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = options(csv)
    loaded(given)
    monkeypatch.setattr(cache_file, "VERSION", 99)
    monkeypatch.setattr(dataset_writer, "VERSION", 99)
    _, told = loaded(given)
    assert any("expected version 99, got 5" in note for note in told)
    assert is_found(given)


@pytest.mark.parametrize("content", [b"", b"../../rows.csv x", b"\xff\xfe"])
def test_a_damaged_note_leads_nowhere(csv: Path, content: bytes) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    loaded(replace(given, dtype="float64"))
    notes = list(Path(str(given.cache)).glob("*.txt"))
    texts = [note.read_bytes() for note in notes]
    for note, other in zip(notes, reversed(texts), strict=True):
        note.write_bytes(content or other)
    assert bits(loaded(given)[0]) == expected
    assert {note.read_bytes() for note in notes} >= {texts[0]} or {note.read_bytes() for note in notes} >= {texts[1]}


def test_blocks_that_are_damaged_later_are_built_again_in_the_middle_of_reading(csv: Path) -> None:
    given = options(csv)
    expected = bits(loaded(given)[0])
    path, content = copies(given)
    prepared, told = loaded(given)
    first = [array[:3].tobytes() for part in prepared.datasets.values() for array in part.full_batch.arrays]
    ruined = content
    for name, place in list(places_of(path)):
        if "/" in name and name.startswith("train"):
            ruined = ruined[:place] + bytes([ruined[place] ^ 1]) + ruined[place + 1 :]
    path.write_bytes(ruined)
    assert bits(prepared) == expected
    assert len([note for note in told if "is corrupt (block" in note]) == 1
    assert path.read_bytes() == content
    assert first == [array[:3].tobytes() for part in prepared.datasets.values() for array in part.full_batch.arrays]


def test_rows_are_built_again_as_they_were_though_training_takes_small_numbers_for_zero(tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    path.write_text("x,y\n" + "".join(f"{row % 13}e-310,{row % 2}\n" for row in range(ROWS)))
    given = options(path, sample_weight=None, ignore=())
    expected = bits(loaded(given)[0])[1:]
    file, content = copies(given)
    prepared, _ = loaded(given)
    arrays = [array for part in prepared.datasets.values() for array in part.full_batch.arrays]
    file.write_bytes(content[:1000])
    before = is_flushing_denormals()
    set_flush_denormals(True)
    try:
        assert [array[:].tobytes() for array in arrays] == expected
    finally:
        set_flush_denormals(before)
    assert file.read_bytes() == content


def test_rows_are_not_built_again_from_other_data(csv: Path) -> None:
    given = options(csv)
    loaded(given)
    path, content = copies(given)
    prepared, _ = loaded(given)
    path.write_bytes(content[:1000])
    csv.write_bytes(csv.read_bytes().replace(b",a,", b",b,"))
    text = refusal(bits, prepared)
    assert f"the cache file {path} is corrupt" in text
    assert f"and {csv} has changed since it was written; restore the old file and resume the run" in text


def test_a_disk_that_does_not_give_back_what_was_written_is_an_error(
    csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamed_loading, "write_cache_file", lambda path, *_: path.write_bytes(b"garbage"))
    text = refusal(loaded, options(csv))
    assert "immediately after writing; choose another disk with data.cache" in text
