"""One table written in each form of file that is read."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import h5py
import pytest

from tests.data.readers.test_file_forms import workbook

Columns = dict[str, list[Any]]


def rows_of(columns: Columns) -> list[tuple[Any, ...]]:
    return list(zip(*columns.values(), strict=True))


def csv_file(path: Path, columns: Columns, delimiter: str = ",") -> None:
    path.write_text("\n".join(delimiter.join(map(str, row)) for row in [tuple(columns), *rows_of(columns)]))


def gz(path: Path, columns: Columns) -> None:
    csv_file(path, columns)
    path.write_bytes(gzip.compress(path.read_bytes()))


def json_list(path: Path, columns: Columns) -> None:
    path.write_text(json.dumps([dict(zip(columns, row, strict=True)) for row in rows_of(columns)]))


def json_lines(path: Path, columns: Columns) -> None:
    path.write_text("\n".join(json.dumps(dict(zip(columns, row, strict=True))) for row in rows_of(columns)))


def parquet(path: Path, columns: Columns) -> None:
    rows = ", ".join(f"({number}, '{text}')" for number, text in rows_of(columns))
    with tempfile.TemporaryDirectory() as folder:
        plain = f"{folder}/plain.parquet"
        duckdb.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t({', '.join(columns)})) TO '{plain}' (FORMAT parquet)")
        shutil.move(plain, path)


def xlsx(path: Path, columns: Columns) -> None:
    pytest.importorskip("python_calamine")
    workbook(path, {"rows": [list(columns), *map(list, rows_of(columns))]})


def feather(path: Path, columns: Columns) -> None:
    arrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.feather").write_feather(arrow.table(columns), path)


def zipped(path: Path, columns: Columns) -> None:
    csv_file(path, columns)
    text = path.read_text()
    with ZipFile(path, "w") as archive:
        archive.writestr("a*b.csv", text)


def arff(path: Path, columns: Columns) -> None:
    lines = ["@relation r", *(f"@attribute {name} {'real' if name != 'name' else 'string'}" for name in columns)]
    path.write_text("\n".join([*lines, "@data", *(",".join(map(str, row)) for row in rows_of(columns))]))


def hdf5(path: Path, columns: Columns) -> None:
    with h5py.File(path, "w") as file:
        for name, values in columns.items():
            file[name] = values


FORMS: dict[str, Callable[[Path, Columns], None]] = {
    ".csv": csv_file,
    ".tsv": lambda path, columns: csv_file(path, columns, "\t"),
    ".csv.gz": gz,
    ".parquet": parquet,
    ".json": json_list,
    ".jsonl": json_lines,
    ".xlsx": xlsx,
    ".feather": feather,
    ".zip": zipped,
    ".arff": arff,
    ".h5": hdf5,
}
