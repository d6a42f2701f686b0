"""Files of rows that were made to do harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.config.load import build_config
from nntrain.data.readers.hdf5.hdf5_splits import read_hdf5
from nntrain.data.readers.table_reader import read_table
from nntrain.data.streaming.checksummed_array import CHECKSUM_NAME, CONTENTS_NAME
from nntrain.errors import DataError
from nntrain.training.building.trainer_assembly import get_data_options
from tests.cli.conftest import ROOT

Change = Callable[[h5py.File], None]


def refusal(function: Callable[..., object], *arguments: Any, **options: Any) -> str:
    with pytest.raises(DataError) as raised:
        function(*arguments, **options)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.fixture
def converted(tmp_path: Path) -> Path:
    """A table that nntrain wrote, with a text column by code."""
    from nntrain.cli.main import run_command

    path = tmp_path / "iris.h5"
    assert run_command(["convert", str(ROOT / "datasets" / "iris.csv"), str(path)]) == 0
    return path


def column(file: h5py.File, name: str) -> h5py.Group:
    return next(group for group in file["columns"].values() if group.attrs["name"] == name)


def without_checksums(file: h5py.File) -> None:
    """As files of older versions are."""
    del file[CONTENTS_NAME], file[CHECKSUM_NAME]


def code_without_label(file: h5py.File) -> None:
    without_checksums(file)
    column(file, "species")["codes"][3] = 7


def code_below(file: h5py.File) -> None:
    without_checksums(file)
    column(file, "species")["codes"][3] = -2


def fewer_values(file: h5py.File) -> None:
    group = column(file, "sepal_length")
    del group["values"]
    group["values"] = np.zeros(3)


def other_numbers(file: h5py.File) -> None:
    group = column(file, "sepal_length")
    del group["values"]
    group["values"] = np.zeros(150, "i4")


def unknown_kind(file: h5py.File) -> None:
    column(file, "sepal_length").attrs["kind"] = "matrix"


def number_for_a_name(file: h5py.File) -> None:
    column(file, "sepal_length").attrs["name"] = True


def many_rows(file: h5py.File) -> None:
    file.attrs["rows"] = np.zeros((30, 30))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (code_without_label, "has codes without a label"),
        (code_below, "has codes without a label"),
        (fewer_values, "expected a value for each of 150 rows, got (3,)"),
        (other_numbers, "unexpected type int32 for such a column"),
        (unknown_kind, "unknown kind 'matrix'"),
        (number_for_a_name, "name: expected a string, got True"),
        (many_rows, "the attribute 'rows' is not one number or string"),
    ],
)
def test_a_converted_table_is_what_it_says(converted: Path, change: Change, what: str) -> None:
    with h5py.File(converted, "r+") as file:
        change(file)
    assert what in refusal(read_table, converted)


def test_what_a_converted_table_says_of_itself_is_checked(converted: Path) -> None:
    with h5py.File(converted, "r+") as file:
        told = json.loads(file.attrs["options"])
        file.attrs["options"] = json.dumps({**told, "one_hot_limit": "many"})
    assert "data.one_hot_limit: expected an integer, got 'many'" in refusal(
        get_data_options, build_config({"data": {"path": str(converted)}})
    )


def test_texts_that_are_one_text_many_times_are_refused(tmp_path: Path) -> None:
    """Rows that share a text by reference, as only a file that was edited byte by byte has them."""
    path = tmp_path / "bomb.h5"
    with h5py.File(path, "w") as file:
        file["inputs"] = np.zeros((1000, 1))
        names = file.create_dataset("names", (1000,), h5py.string_dtype())
        names[:] = ["x" * 200_000, *["y"] * 999]
        place, stored = names.id.get_offset(), names.id.get_storage_size()
    assert read_hdf5(path, others=["names"])["all"].others["names"].values[0] == "x" * 200_000
    whole = bytearray(path.read_bytes())
    whole[place : place + stored] = whole[place : place + stored // 1000] * 1000
    path.write_bytes(whole)
    assert "the strings of /names need more than" in refusal(read_hdf5, path, others=["names"])


def test_a_compression_that_would_load_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("inputs", data=np.zeros((100, 3)), chunks=(10, 3), scaleoffset=2)
    assert "unsupported filter: filter 6" in refusal(read_hdf5, path)
