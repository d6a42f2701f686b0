"""CSV as Python's ``csv`` writes it, whoever formats the numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nntrain.compute.array import Array
from nntrain.data.writers import csv_writer
from nntrain.data.writers.csv_writer import MIN_NUMBERS, format_numbers, write_csv
from nntrain.data.writers.passthrough_columns import PassthroughColumn

TEXTS = ["plain", "", " ", "a,b", 'say "x"', "two\nlines", "=1", "\u00e9", "\x00", "'", "#", "null", "NULL"]

# Where the notation of floats changes, and their ends.
EDGES = [0.0, -0.0, 1.0, 1e15, 1e16, 1e17, 2.0**53, 1e22, 1e23, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308]


def build_block(rows: int) -> dict[str, Any]:
    random = np.random.default_rng(rows)
    texts = [TEXTS[number % len(TEXTS)] for number in range(rows)]
    kept = [None if number % 3 else text for number, text in enumerate(texts)]
    return {
        "float": random.random(rows).astype(np.float32).astype(np.float64),
        "text, quoted": np.array(texts, object),
        "kept": PassthroughColumn(kept, kept, "VARCHAR"),
        "integer": np.arange(rows) - 2,
        "boolean": np.arange(rows) % 2 == 0,
        "other float": random.normal(size=rows) * 10.0 ** random.integers(-30, 30, rows),
    }


def write_as_python(blocks: list[dict[str, Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(blocks[0])
    for block in blocks:
        columns = [values.tolist() if isinstance(values, np.ndarray) else list(values) for values in block.values()]
        writer.writerows(zip(*columns, strict=True))
    return file.getvalue()


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("rows", [(1,), (5, 3), (MIN_NUMBERS, 7), (70_000,)])
def test_rows_are_written_as_by_the_csv_module(rows: tuple[int, ...], threads: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("NNTRAIN_THREADS", threads)
    blocks = [build_block(count) for count in rows]
    file = io.StringIO()
    write_csv(file, blocks)
    assert file.getvalue() == write_as_python(blocks)


def test_a_carriage_return_is_in_quotes() -> None:
    file = io.StringIO()
    write_csv(file, [{"x": np.array(["a\rb"], object)}])
    assert file.getvalue() == 'x\n"a\rb"\n'


def iterate_floats() -> Iterator[Array]:
    random = np.random.default_rng(0)
    yield np.array([*EDGES, *np.negative(EDGES), np.nan, np.inf, -np.inf])
    yield np.nextafter(EDGES, 0)
    yield random.integers(0, 2**64, 20_000, np.uint64).view(np.float64)
    with np.errstate(invalid="ignore"):
        yield random.integers(0, 2**32, 20_000, np.uint32).view(np.float32).astype(np.float64)
    yield np.round(random.normal(size=20_000) * 1000, 2)


@pytest.mark.parametrize("values", list(iterate_floats()))
def test_numbers_are_the_same_text_however_many_there_are(values: Array, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_writer, "MIN_NUMBERS", 0)
    assert format_numbers(values) == list(map(repr, values.tolist()))


def test_strings_alone_are_formatted() -> None:
    file = io.StringIO()
    write_csv(file, [{"x": np.array(["a"], object), "y": np.array([-1.5])}], str.upper)
    assert file.getvalue() == "X,Y\nA,-1.5\n"
