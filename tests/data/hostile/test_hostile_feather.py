"""Feather files that are built to do harm: refused in one line that is true."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.data.options.data_options import DataOptions
from nntrain.data.readers.arrow_block import estimate_memory, iterate_blocks
from nntrain.data.readers.table_reader import read_table
from nntrain.data.streaming.memory_budget import fits_in_memory, is_streamed
from nntrain.errors import DataError
from tests.data.conftest import refusal

ROWS = 300


@pytest.fixture(scope="module")
def arrow() -> Any:
    """The library that writes Feather files."""
    pytest.importorskip("pyarrow.ipc")
    return pytest.importorskip("pyarrow")


def feather(arrow: Any, path: Path, columns: dict[str, Any], compression: str | None = None, batch: int = ROWS) -> Path:
    """A table in batches of so many rows."""
    table = arrow.table(columns)
    options = arrow.ipc.IpcWriteOptions(compression=compression)
    with arrow.ipc.new_file(str(path), table.schema, options=options) as file:
        file.write_table(table, max_chunksize=batch)
    return path


def numbers(arrow: Any, path: Path, **options: Any) -> Path:
    return feather(arrow, path, {"x": np.arange(ROWS, dtype=float), "k": np.arange(ROWS) % 2}, **options)


def test_the_headers_of_a_feather_file_show_what_its_batches_take(arrow: Any, tmp_path: Path) -> None:
    path = numbers(arrow, tmp_path / "plain.feather")
    assert [(block.rows, block.size, block.unpacked_size) for block in iterate_blocks(path)] == [
        (ROWS, 2 * 8 * ROWS, 0)
    ]
    assert estimate_memory(path) == 0
    path = numbers(arrow, tmp_path / "packed.feather", compression="zstd", batch=200)
    assert [(block.rows, block.unpacked_size) for block in iterate_blocks(path)] == [(200, 3200), (100, 1600)]
    assert estimate_memory(path) == 3200


def test_the_values_of_dictionaries_count_in_addition_to_the_largest_batch(arrow: Any, tmp_path: Path) -> None:
    labels = arrow.DictionaryArray.from_arrays(np.arange(ROWS, dtype=np.int32) % 2, ["a" * 5000, "b" * 5000])
    path = feather(arrow, tmp_path / "rows.feather", {"k": labels}, "zstd")
    # Indices of 4 bytes; three offsets of 4 bytes and the texts.
    assert estimate_memory(path) == 4 * ROWS + 3 * 4 + 2 * 5000


def test_a_batch_that_does_not_fit_into_memory_is_refused(arrow: Any, tmp_path: Path) -> None:
    rows = 20_000_000
    path = feather(arrow, tmp_path / "rows.feather", {"x": np.zeros(rows)}, "zstd", batch=rows)
    assert path.stat().st_size < 100_000
    told = refusal(fits_in_memory, [path], 300 * 10**6)
    assert told.startswith(f"{path}: its largest batch takes about 400 MB of memory, expected at most 300 MB; ")
    assert "--memory 400MB" in told
    # The same rows in small batches are counted like those of any table.
    path = feather(arrow, tmp_path / "small.feather", {"x": np.zeros(rows // 100)}, "zstd", batch=1000)
    assert fits_in_memory([path], 300 * 10**6)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (10**9, "declares 1,000,000,000 rows"),
        (2**62, "declares 4,611,686,018,427,387,904 rows"),
        (-5, "declares -5 rows"),
        (ROWS + 1, "too small"),
    ],
)
def test_a_feather_file_with_another_number_of_rows_is_refused(
    arrow: Any, tmp_path: Path, found: int, told: str
) -> None:
    path = numbers(arrow, tmp_path / "rows.feather")
    path.write_bytes(path.read_bytes().replace(struct.pack("<q", ROWS), struct.pack("<q", found)))
    assert told in refusal(read_table, path)


def test_columns_of_nothing_cannot_declare_a_trillion_rows(arrow: Any, tmp_path: Path) -> None:
    path = feather(arrow, tmp_path / "rows.feather", {"x": arrow.nulls(ROWS)})
    path.write_bytes(path.read_bytes().replace(struct.pack("<q", ROWS), struct.pack("<q", 2**40)))
    assert "declares 1,099,511,627,776 rows in 0 bytes" in refusal(read_table, path)


def test_texts_that_begin_outside_of_a_feather_file_are_refused(arrow: Any, tmp_path: Path) -> None:
    path = feather(arrow, tmp_path / "rows.feather", {"k": ["ab"] * ROWS})
    offsets = np.arange(0, 2 * ROWS + 2, 2, dtype=np.int32)
    content = path.read_bytes()
    assert content.count(offsets.tobytes()) == 1
    wrong = offsets.copy()
    wrong[100] = 2**30
    path.write_bytes(content.replace(offsets.tobytes(), wrong.tobytes()))
    assert "offset" in refusal(read_table, path).lower()


def test_a_code_without_a_text_is_refused(arrow: Any, tmp_path: Path) -> None:
    codes = arrow.array([0, 1, 99_999], arrow.int32())
    labels = arrow.DictionaryArray.from_arrays(codes, arrow.array(["a", "b"]), safe=False)
    path = feather(arrow, tmp_path / "rows.feather", {"k": labels})
    assert "out of bounds" in refusal(read_table, path)


def test_columns_of_one_name_are_refused_under_the_name_of_the_file(arrow: Any, tmp_path: Path) -> None:
    path = tmp_path / "rows.feather"
    table = arrow.Table.from_arrays([arrow.array([1.0]), arrow.array([2.0])], names=["a", "a"])
    with arrow.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)
    assert refusal(read_table, path) == f"{path}: two columns are named 'a'; rename one of them"


@pytest.mark.parametrize("cut", [1, 7, 10, 40, 200])
def test_a_feather_file_that_is_cut_is_refused(arrow: Any, tmp_path: Path, cut: int) -> None:
    path = numbers(arrow, tmp_path / "rows.feather")
    path.write_bytes(path.read_bytes()[:-cut])
    assert "not a Feather file, or a corrupt one" in refusal(read_table, path)


def test_any_byte_of_the_headers_of_a_feather_file_may_be_wrong(arrow: Any, tmp_path: Path) -> None:
    path = feather(arrow, tmp_path / "rows.feather", {"x": np.arange(3.0), "k": ["a", "b", "a"]}, "zstd")
    content = path.read_bytes()
    random = np.random.default_rng(0)
    for place in random.integers(8, len(content), 200):
        changed = bytearray(content)
        changed[place] = random.integers(256)
        path.write_bytes(changed)
        try:
            table = read_table(path)
        except DataError:
            continue
        assert table.rows <= 2**20


@pytest.mark.parametrize("stream", [None, True])
@pytest.mark.parametrize("form", ["feather", "parquet"])
def test_a_long_text_that_each_row_has_again_is_refused(
    arrow: Any, tmp_path: Path, form: str, stream: bool | None
) -> None:
    rows, length = 100_000, 1_000_000
    labels = arrow.DictionaryArray.from_arrays(np.zeros(rows, np.int32), ["x" * length])
    path = tmp_path / f"rows.{form}"
    if form == "feather":
        feather(arrow, path, {"k": labels}, "zstd", rows)
    else:
        pytest.importorskip("pyarrow.parquet").write_table(arrow.table({"k": labels}), path)
    told = refusal(is_streamed, DataOptions(path, memory=300 * 10**6, stream=stream))
    assert told.startswith(f"{path}: unpacking its strings takes about 100 GB of memory, expected at most 300 MB; ")
    assert path.stat().st_size < 100_000


def test_short_texts_of_a_dictionary_may_take_more_than_memory(arrow: Any, tmp_path: Path) -> None:
    rows = 4_000_000
    labels = arrow.DictionaryArray.from_arrays(np.zeros(rows, np.int32), ["x" * 100])
    path = feather(arrow, tmp_path / "rows.feather", {"k": labels}, "zstd", 10_000)
    # 400 MB of texts.
    assert is_streamed(DataOptions(path, memory=300 * 10**6))
