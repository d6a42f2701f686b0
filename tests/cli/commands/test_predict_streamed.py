"""A file that does not fit into memory is predicted piece by piece, with the same answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.data import loading
from nntrain.data.streaming import memory_budget, streamed_table
from nntrain.data.streaming.disk_reader import DiskReader
from nntrain.data.writers import csv_writer
from nntrain.training.inference import prediction

Command = Callable[..., Any]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    generator = np.random.default_rng(0)
    rows = [(generator.normal(), f"c{generator.integers(40)}", "ab"[row % 2]) for row in range(3000)]
    path.write_text("x,city,y\n" + "".join(f"{x},{city},{y}\n" for x, city, y in rows))
    return path


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """No file fits; the pieces of which there were."""
    monkeypatch.setenv("NNTRAIN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(memory_budget, "estimate_dataset_memory", lambda path, enough: 10.0**12)
    monkeypatch.setattr(streamed_table, "CHUNK_CELLS", 2048)
    taken: list[int] = []
    read_rows = DiskReader.read_rows

    def read_and_count(reader: DiskReader, path: Path, preprocessor: Any, *arguments: Any, **options: Any) -> Any:
        rows = read_rows(reader, path, preprocessor, *arguments, **options)
        taken.extend(chunk.count for chunk in rows.iterate_chunks(preprocessor))
        return rows

    monkeypatch.setattr(DiskReader, "read_rows", read_and_count)
    return taken


def test_predictions_of_a_large_file_are_those_of_a_small_one(
    nntrain: Command, csv: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert nntrain("fit", csv, "--target", "y", "--set", "train.epochs=1", "--out", "run").code == 0
    new = tmp_path / "new.csv"
    new.write_text(csv.read_text().replace("c39", "c99").replace(",y\n", ",unknown\n", 1))
    whole = nntrain("predict", "run", new, "--with", "city")
    taken = request.getfixturevalue("little_memory")
    pieces = nntrain("predict", "run", new, "--with", "city", "--memory", "300MB")
    assert taken == [1024, 1024, 952]
    assert (pieces.out, pieces.err) == (whole.out, whole.err)
    assert "were never seen in training" in pieces.err
    assert pieces.out.count("\n") == 3001
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_predictions_do_not_depend_on_the_rows_at_once(
    nntrain: Command, csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    assert nntrain("fit", csv, "--target", "y", "--set", "train.epochs=1", "--out", "run").code == 0
    new = tmp_path / "new.csv"
    new.write_text(csv.read_text().replace("c39", "c99"))
    paths = [tmp_path / f"{name}.{suffix}" for name in ("whole", "pieces")]
    whole = nntrain("predict", "run", new, "--with", "city", "-o", paths[0])
    monkeypatch.setattr(loading, "CHUNK_ROWS", 1024)
    monkeypatch.setattr(prediction, "MIN_CELLS", 1)
    monkeypatch.setattr(csv_writer, "MAX_CELLS", 10)
    pieces = nntrain("predict", "run", new, "--with", "city", "-o", paths[1])
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert "were never seen in training" in whole.err
    assert whole.err == pieces.err


@pytest.mark.usefixtures("little_memory")
def test_a_file_in_place_of_the_cache_is_one_line(
    nntrain: Command, csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nntrain("fit", csv, "--target", "y", "--set", "train.epochs=1", "--out", "run").code == 0
    for place in (csv, csv / "cache"):
        monkeypatch.setenv("NNTRAIN_CACHE", str(place))
        for command in ("predict", "evaluate"):
            outcome = nntrain(command, "run", csv, "--memory", "300MB")
            why = (
                "cannot save the encoded rows: Not a directory; choose another folder with data.cache or NNTRAIN_CACHE"
            )
            assert (outcome.code, outcome.out, outcome.err) == (3, "", f"Error: {place}: {why}\n")


def test_a_large_file_that_is_wrong_is_reported_before_anything_is_written(
    nntrain: Command, csv: Path, tmp_path: Path, little_memory: list[int]
) -> None:
    settings = ("--set", "train.epochs=1", "--set", "data.stream=false")
    assert nntrain("fit", csv, "--target", "y", *settings, "--out", "run").code == 0
    (tmp_path / "new.csv").write_text(csv.read_text() + "1,2\n")
    refused = nntrain("predict", "run", "new.csv", "-o", "out.csv")
    assert refused.code == 3
    assert "line 3002: expected 3 fields" in refused.err
    assert refused.out == ""
    assert not (tmp_path / "out.csv").exists()
    assert little_memory == []


def test_memory_that_is_no_size_is_reported(nntrain: Command) -> None:
    refused = nntrain("predict", "run", "new.csv", "--memory", "much")
    assert refused.code == 2
    assert "expected a size such as '512MB' or '2GB', got 'much'" in refused.err


def test_contributions_of_a_large_file_are_those_of_a_small_one(
    nntrain: Command, csv: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    options = ("--set", "train.epochs=1", "--set", "model.hidden=[4]", "--out", "run", "--no-report")
    assert nntrain("fit", csv, "--target", "y", *options).code == 0
    whole = nntrain("predict", "run", csv, "--explain").out.splitlines()
    taken = request.getfixturevalue("little_memory")
    pieces = nntrain("predict", "run", csv, "--explain", "--memory", "300MB").out.splitlines()
    # The training rows are streamed too.
    assert taken == [1024, 1024, 952] * 2
    assert pieces[0] == whole[0]
    numbers = [[[float(cell) for cell in row.split(",")[4:]] for row in rows[1:]] for rows in (pieces, whole)]
    np.testing.assert_allclose(*numbers, atol=1e-3)
    assert np.shape(numbers[0]) == (3000, 3)
