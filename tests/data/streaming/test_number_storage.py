"""Numbers of a streamed file are stored as numbers, and equal those of a file in memory."""

from pathlib import Path

import numpy as np
import pytest

from nntrain.data.options.file_options import ReadOptions
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.readers.table_reader import read_table
from nntrain.data.streaming.disk_table import DiskTable

ROWS = 300

# Cells of a column, and whether they are stored as numbers.
COLUMNS = {
    "plain": ([str(n / 8) for n in range(ROWS)], True),
    "small": ([f"{n}e-320" for n in range(ROWS)], True),
    "empty": (["" if n % 3 else str(n) for n in range(ROWS)], True),
    "spaces": ([f"  {n}.5 " for n in range(ROWS)], True),
    "marked": (["NA" if n % 5 == 0 else f"{n}.25" for n in range(ROWS)], True),
    "words": (["nan" if n % 7 == 0 else f"{n}.25" for n in range(ROWS)], True),
    "comma": ([f'"{n},5"' for n in range(ROWS)], False),
    "unit": ([f"{n}.5 kg" for n in range(ROWS)], False),
    "grouped": ([f'"{n},{n:03},000.5"' for n in range(1, ROWS + 1)], False),
    "category": ([f"c{n % 3}" for n in range(ROWS)], False),
}


def write(path: Path, names: list[str]) -> Path:
    rows = zip(*(COLUMNS[name][0] for name in names), strict=True)
    path.write_text("\n".join([",".join(names), *map(",".join, rows)]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("names", [["plain", "category"], *([name, "category"] for name in COLUMNS), list(COLUMNS)])
def test_values_are_those_of_a_file_in_memory(names: list[str], tmp_path: Path) -> None:
    names = list(dict.fromkeys(names))
    if {"comma", "marked"} <= set(names):
        names.remove("comma")  # it contradicts the point of the others
    path = write(tmp_path / "rows.csv", names)
    whole = read_table(path, ReadOptions())
    with DiskTable.create(path, tmp_path / "database", 2**28, ReadOptions()) as stored:
        assert stored._numbers == {name for name in names if COLUMNS[name][1]}
        for begin, end in ((0, 100), (100, ROWS)):
            block = stored.block(names, begin, end)
            for name in names:
                expected = whole.columns[name].values[begin:end]
                np.testing.assert_array_equal(block.columns[name].values, expected, err_msg=name)
        assert {name: stored.kinds[name] for name in names} == {name: whole.columns[name].kind for name in names}


def test_a_declared_missing_number_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.csv", ["plain", "category"])
    options = ReadOptions(formats={"plain": ColumnFormat(missing=("0.5", "none"))})
    with DiskTable.create(path, tmp_path / "database", 2**28, options) as stored:
        assert not stored._numbers
        values = stored.block(["plain"], 0, ROWS).columns["plain"].values
    assert np.flatnonzero(np.isnan(values)).tolist() == [4]
    np.testing.assert_array_equal(values, read_table(path, options).columns["plain"].values)
