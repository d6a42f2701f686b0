"""nntrain convert: training on the HDF5 file gives what training on the table gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from nntrain.data.readers.data_file import DataFile
from nntrain.data.readers.table_reader import read_table
from nntrain.data.tables import raw_column

Command = Callable[..., Any]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """Every kind of column, with gaps."""
    path = tmp_path / "rows.csv"
    generator = np.random.default_rng(1)
    lines = ["x,code,flag,day,colour,y,note"]
    for row in range(200):
        x = "" if row % 9 == 0 else generator.normal()
        flag, day, colour = (
            ("true", "false", "")[row % 3],
            f"2024-01-{row % 28 + 1:02}",
            ("red", "NA", "größe")[row % 3],
        )
        lines.append(f"{x},0{row % 4},{flag},{day},{colour},{('yes', 'no')[row % 2]},note {row}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def outcome(run: Path) -> tuple[bytes, bytes]:
    return (run / "metrics.jsonl").read_bytes(), (run / "scores.json").read_bytes()


@pytest.mark.parametrize("stream", ["false", "true"])
def test_training_on_the_file_is_training_on_the_table(
    csv: Path, tmp_path: Path, nntrain: Command, stream: str
) -> None:
    said = ("--target", "y", "--set", 'data.columns.code.type="category"', "--set", 'data.ignore=["note"]')
    made = nntrain("convert", csv, "rows.h5", *said)
    assert made.code == 0, made.err
    assert made.out == "Wrote 200 rows of 7 columns to rows.h5. Next step: nntrain fit rows.h5\n"
    settings = ("--set", "train.epochs=3", "--set", f"data.stream={stream}", "--set", 'data.cache="cache"')
    assert nntrain("fit", csv, *said, *settings, "--out", "table").code == 0
    fitted = nntrain("fit", "rows.h5", *settings, "--out", "file")
    assert fitted.code == 0, fitted.err
    assert outcome(tmp_path / "file") == outcome(tmp_path / "table")
    assert nntrain("fit", "file/config.toml", "--out", "again").code == 0
    assert outcome(tmp_path / "again") == outcome(tmp_path / "table")


def test_a_run_on_the_table_is_scored_on_the_file(csv: Path, nntrain: Command) -> None:
    assert nntrain("convert", csv, "rows.h5").code == 0
    assert nntrain("fit", csv, "--target", "y", "--set", "train.epochs=2", "--out", "run").code == 0
    scores = [json.loads(nntrain("evaluate", "run", data, "--json").out) for data in (csv, "rows.h5")]
    assert scores[0]["loss"] == scores[1]["loss"]
    assert nntrain("predict", "run", "rows.h5").out == nntrain("predict", "run", csv).out


def test_the_values_are_those_of_the_table(
    csv: Path, tmp_path: Path, nntrain: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read_table(csv)
    for name in ("few.h5", "many.h5"):
        assert nntrain("convert", csv, name).code == 0
        assert DataFile.open(tmp_path / name).format == "converted"
        found = read_table(tmp_path / name)
        assert list(found.columns) == list(expected.columns)
        for column in expected.columns.values():
            other = found.columns[column.name]
            assert other.kind == column.kind
            np.testing.assert_array_equal(other.values, column.values)
        monkeypatch.setattr(raw_column, "MAX_VALUES", 2)
    with h5py.File(tmp_path / "many.h5") as file:
        assert "texts" in file["columns/6"]


def test_the_file_is_checked_as_the_table_is(csv: Path, nntrain: Command) -> None:
    assert nntrain("convert", csv, "rows.h5", "--target", "y").code == 0
    result = nntrain("check", "rows.h5")
    assert result.code == 0, result.err
    assert "train rows" in result.out
    assert nntrain("init", "rows.h5").code == 0


def test_a_file_is_never_overwritten_unasked(csv: Path, tmp_path: Path, nntrain: Command) -> None:
    (tmp_path / "rows.h5").write_text("mine")
    refused = nntrain("convert", csv, "rows.h5")
    assert (refused.code, (tmp_path / "rows.h5").read_text()) == (2, "mine")
    assert "--force" in refused.err
    assert nntrain("convert", csv, "rows.h5", "--force").code == 0
    assert DataFile.open(tmp_path / "rows.h5").format == "converted"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rows.csv", "out.h5", "--target", "z"), "no column 'z'"),
        (
            ("rows.csv", "out.h5", "--memory", "lots"),
            "data.memory: expected a size such as '512MB' or '2GB', got 'lots'",
        ),
        (("rows.csv", "nowhere/out.h5"), "cannot be written: No such file or directory"),
        (("absent.csv", "out.h5"), "no such file"),
        (("rows.csv", "out.csv"), "out.csv: expected an output file ending in .h5, .hdf5, .hdf"),
        (("absent.toml", "out.h5"), "no such file"),
    ],
)
def test_what_cannot_be_converted_is_reported_and_leaves_nothing(
    csv: Path, tmp_path: Path, nntrain: Command, arguments: tuple[str, ...], told: str
) -> None:
    refused = nntrain("convert", *arguments)
    assert refused.code in (2, 3)
    assert told in refused.err
    assert refused.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [csv]


def test_arrays_and_converted_tables_are_refused(csv: Path, tmp_path: Path, nntrain: Command) -> None:
    assert nntrain("convert", csv, "rows.h5").code == 0
    assert "already an HDF5 file" in nntrain("convert", "rows.h5", "again.h5").err


def test_another_kind_than_the_file_has_is_refused(csv: Path, nntrain: Command) -> None:
    assert nntrain("convert", csv, "rows.h5").code == 0
    refused = nntrain("fit", "rows.h5", "--target", "y", "--set", 'data.columns.colour.type="number"')
    assert "column 'colour' has values of kind text, expected number; convert the data again with" in refused.err


def test_a_text_that_hdf5_cannot_keep_is_reported(tmp_path: Path, nntrain: Command) -> None:
    (tmp_path / "nul.jsonl").write_text('{"a": "x", "b": 1}\n{"a": "y\\u0000z", "b": 2}\n')
    refused = nntrain("convert", "nul.jsonl", "out.h5")
    assert refused.code == 3
    assert "expected strings without NUL characters" in refused.err
    assert not (tmp_path / "out.h5").exists()
