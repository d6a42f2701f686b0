"""Columns are the same whether their strings are looked up or not."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import duckdb
import numpy as np
import pytest

from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.readers import known_labels
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables.coded_column import CodedColumn

KNOWN = ["red", "blue", "it's", 'a "b"', "a, b", "\u00fc", "\u7d05", "-", "0", "true"]

# Strings that are missing, that have other labels inside, or that are none.
OTHERS = ["", " ", " red ", "\tred", "\u00a0blue\u00a0", "NA", "nan", "Red", "green", "it''s", "blue\tgreen"]

OPTIONS = ReadOptions(formats={"x": ColumnFormat(kind="text"), "y": ColumnFormat(kind="text")})


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look up the labels of small files too."""
    monkeypatch.setattr(known_labels, "BYTES_PER_LABEL", 1)


def write(path: Path, texts: list[str]) -> Path:
    lines = "".join('"' + text.replace('"', '""') + f'",{number / 2}\n' for number, text in enumerate(texts))
    content = f"x,n\n{lines}".encode()
    if path.suffix == ".csv":
        path.write_bytes(content)
    elif path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    else:
        source = path.with_name("source.csv")
        source.write_bytes(content)
        duckdb.execute(f"COPY (FROM read_csv('{source}', all_varchar=true)) TO '{path}'")
    return path


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet", "json"])
@pytest.mark.parametrize("others", [[], OTHERS])
def test_values_are_those_of_the_file(tmp_path: Path, form: str, others: list[str]) -> None:
    texts = random.Random(0).choices([*KNOWN, *others], k=3000)
    path = write(tmp_path / f"rows.{form}", texts)
    plain = read_table(path, OPTIONS)
    found = read_table(path, ReadOptions(formats=OPTIONS.formats, labels={"x": KNOWN}))
    column = found.columns["x"]
    assert isinstance(column, CodedColumn)
    assert column.labels[: len(KNOWN)].tolist() == KNOWN
    assert column.values.tolist() == plain.columns["x"].values.tolist()
    assert column.count_values() == plain.columns["x"].count_values()
    assert (found.formats, found.notes) == (plain.formats, plain.notes)
    assert np.array_equal(found.columns["n"].values, plain.columns["n"].values)


@pytest.mark.parametrize("labels", [["red", " padded"], ["red", "\0"], [], [f"label {i}" for i in range(2000)]])
def test_labels_that_cannot_be_looked_up_are_read_as_before(tmp_path: Path, labels: list[str]) -> None:
    path = write(tmp_path / "rows.csv", ["red", " padded", "blue"] * 20)
    column = read_table(path, ReadOptions(formats=OPTIONS.formats, labels={"x": labels})).columns["x"]
    assert column.values.tolist() == ["red", "padded", "blue"] * 20


def test_labels_of_other_columns_and_of_numbers_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", ["red", "blue"] * 20)
    found = read_table(path, ReadOptions(formats=OPTIONS.formats, labels={"y": ["red"], "n": ["0.5"], "x": ["red"]}))
    assert found.columns["n"].kind == "number"
    assert found.columns["x"].values.tolist() == ["red", "blue"] * 20
