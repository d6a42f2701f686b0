"""Files of rows, made where the test runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.tables.raw_column import ValueKind
from nntrain.errors import DataError
from tests.paths import ROOT

Write = Callable[[str, str | bytes], Path]
WriteArrays = Callable[..., Path]
Refusal = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text (as UTF-8) or bytes into a file of that name."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def arrays(tmp_path: Path) -> WriteArrays:
    """Write datasets into an HDF5 file; in their names __ stands for a slash."""

    def write_arrays(**datasets: np.ndarray) -> Path:
        path = tmp_path / "arrays.h5"
        with h5py.File(path, "w") as file:
            for name, values in datasets.items():
                file[name.replace("__", "/")] = values
        return path

    return write_arrays


def asked(kinds: Mapping[str, ValueKind] | None = None, **file: Any) -> ReadOptions:
    """What is known of a table: the kinds of some columns, and how the file is written."""
    return ReadOptions(FileOptions(**file), {name: ColumnFormat(kind=kind) for name, kind in (kinds or {}).items()})


def refusal(function: Callable[..., object], *args: object, **options: object) -> str:
    """The one line of the DataError that a call ends in."""
    with pytest.raises(DataError) as caught:
        function(*args, **options)
    text = str(caught.value)
    assert "\n" not in text
    return text


def shared(name: str) -> Path:
    """A real file of the workshop; the test is skipped where it is not."""
    path = ROOT.parent / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path
