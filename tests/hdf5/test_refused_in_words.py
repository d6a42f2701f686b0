"""What cannot be read is named as it is: names and texts in other encodings, types of HDF5 alone, missing values."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import h5py
import numpy as np
import pytest

from nntrain.data.options.file_options import FileOptions
from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.data.readers.table_reader import open_scan
from nntrain.data.streaming.memory_estimate import count_array_rows, estimate_arrays
from nntrain.errors import DataError, NntrainError
from nntrain.hdf5.opening import probe_file
from tests.hdf5.hostile import rows

Build = Callable[[h5py.File], object]

LATIN = "caf\xe9".encode("latin-1")


def dataset_name(file: h5py.File) -> None:
    rows(file)
    file[b"h\xf6he"] = np.zeros(3)


def group_name(file: h5py.File) -> None:
    rows(file)
    file.create_group("a").create_group(b"gr\xfcn")


def label(file: h5py.File) -> None:
    rows(file)
    del file["targets"]
    file.create_dataset("targets", data=np.array([LATIN, b"tea"] * 10, object), dtype=h5py.string_dtype())


def fixed_label(file: h5py.File) -> None:
    rows(file)
    del file["targets"]
    file["targets"] = np.array([LATIN, b"tea"] * 10)


def cell(file: h5py.File) -> None:
    file["number"], file["word"] = np.arange(20.0), np.array([LATIN, b"tea"] * 10)


def field_name(file: h5py.File) -> None:
    kind = h5py.h5t.create(h5py.h5t.COMPOUND, 8)
    kind.insert(b"\xff", 0, h5py.h5t.IEEE_F32LE)
    kind.insert(b"y", 4, h5py.h5t.STD_I32LE)
    h5py.h5d.create(file.id, b"rows", kind, h5py.h5s.create_simple((20,)))


def time_type(file: h5py.File) -> None:
    file["inputs"] = np.zeros((20, 3))
    h5py.h5d.create(file.id, b"targets", h5py.h5t.UNIX_D64LE, h5py.h5s.create_simple((20,)))


def time_label(file: h5py.File) -> None:
    rows(file)
    h5py.h5a.create(file["inputs"].id, b"DIMENSION_LABELS", h5py.h5t.UNIX_D64LE, h5py.h5s.create_simple((2,)))


def odd_integer(file: h5py.File) -> None:
    kind = h5py.h5t.STD_I32LE.copy()
    kind.set_size(3)
    h5py.h5d.create(file.id, b"inputs", kind, h5py.h5s.create_simple((20, 3)))


def no_rows(file: h5py.File) -> None:
    file.create_dataset("inputs", (0, 3), "f4", maxshape=(None, 3))
    file["targets"] = np.zeros(0)


def targets_that_were_never_written(file: h5py.File) -> None:
    file["inputs"] = np.zeros((20, 3))
    file.create_dataset("targets", (2**50,), "i4", chunks=(1000,))


REFUSED: dict[Build, str] = {
    dataset_name: r"/: a name is not UTF-8: 'h\xf6he'; write it as UTF-8",
    group_name: r"/a: a name is not UTF-8: 'gr\xfcn'; write it as UTF-8",
    label: r"/targets: a string is not UTF-8: 'caf\xe9'; write it as UTF-8",
    fixed_label: r"/targets: a string is not UTF-8: 'caf\xe9'; write it as UTF-8",
    cell: r"has a string that is not UTF-8: 'caf\xe9'; write it as UTF-8",
    field_name: r"/rows: the name of a field is not UTF-8: '\xff'",
    time_type: "/targets: expected numbers or strings, got another type: ",
    time_label: "/inputs: the attribute DIMENSION_LABELS: expected numbers or strings, got another type: ",
    odd_integer: "/inputs: expected numbers or strings, got another type: ",
    no_rows: "'/inputs' has the shape (0, 3); expected rows along the first axis",
    # 2⁵⁰ integers of 4 bytes are 4,503,599,627,370,496 bytes.
    targets_that_were_never_written: "values of int32, 4,503,599,627,370,496 bytes, but 0 are stored",
}


@pytest.mark.parametrize("build", REFUSED, ids=lambda build: build.__name__)
def test_the_reason_is_named(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        build(file)
    with pytest.raises(DataError) as raised:
        read_hdf5(path) if (file := DataFile.open(path)).has_arrays() else open_scan(file, FileOptions())
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert REFUSED[build] in message
    assert "not an HDF5 file" not in message
    assert "\n" not in message


def test_rows_that_are_declared_and_not_stored_ask_for_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        targets_that_were_never_written(file)
    assert count_array_rows(path) == 0
    assert estimate_arrays(path) < 10**6


def test_rows_next_to_foreign_objects_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        file["a"], file["b"] = h5py.SoftLink("/targets"), np.dtype("f4")
        rows(file, 20)
    assert count_array_rows(path) == 20


def test_a_table_whose_file_cannot_be_opened_is_not_said_to_be_arrays(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        cell(file)
        file[b"\xff"] = np.zeros(20)
    with pytest.raises(DataError, match="a name is not UTF-8"):
        DataFile.open(path).has_arrays()


def groups(file: h5py.File, count: int) -> None:
    for number in range(count):
        file.create_group(f"g{number}")


def datasets(file: h5py.File, count: int) -> None:
    for number in range(count):
        file[f"d{number}"] = np.zeros(2)


def attributes(file: h5py.File, count: int) -> None:
    for number in range(count):
        file["inputs"].attrs[f"a{number}"] = number


def calls_of(path: Path) -> int:
    """How many functions are called to survey a file."""
    counts: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        counts[event] += 1

    # A collection would call the finalizers of other tests.
    gc.disable()
    sys.setprofile(count)
    try:
        probe_file(path, NntrainError)
    finally:
        sys.setprofile(None)
        gc.enable()
    return counts["call"] + counts["c_call"]


@pytest.mark.parametrize("add", [groups, datasets, attributes])
def test_the_work_grows_as_the_number_of_objects_does(add: Callable[[h5py.File, int], None], tmp_path: Path) -> None:
    found = []
    for count in (0, 500, 1000):
        path = tmp_path / f"{count}.h5"
        with h5py.File(path, "w", libver="latest") as file:
            rows(file)
            add(file, count)
        found.append(calls_of(path))
    nothing, some, twice = found
    assert twice - nothing <= 2.1 * (some - nothing)
