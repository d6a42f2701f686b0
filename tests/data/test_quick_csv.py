"""A CSV file in one reading: what comes out is what the long way gives."""

from __future__ import annotations

import random

import numpy as np
import pytest

from nntrain.data import table_source
from nntrain.data.quick_csv import SAMPLE, quick_columns
from nntrain.data.table_source import read_table, scan_of
from nntrain.errors import DataError

# What the cells of one column are drawn from.
POOLS = [
    ["1", "2.5", "-3e2", "+7", " 4 ", ".5", "6."],
    ["1", "", "NA", "?", "nan", "NULL"],
    ["1", " ?", "NA "],
    ["1", "inf"],
    ["1", "Infinity", "-inf"],
    ["1_000", "2"],
    ["0x10", "1"],
    ["1", "2", "x"],
    ["x", "y", " x ", "z\u00a0", "été", '"a,b"', '"a""b"', "None"],
    ["true", "FALSE", "True", ""],
    ["yes", "no"],
    ["2024-01-02", "2024-02-03 04:05:06", "1999-12-31T23:59:59"],
    ["10:30", "23:59:59", "NA"],
    ["1,5", "2"],
    ["1.5", "1.50", "01.5", "1e400", "4.9e-324", "0.1", "123456789012345678901234567890"],
    ["", "NA"],
    ['"1"', "2", '""'],
]


def outcome(path, known) -> object:
    """All that is read, or the error."""
    try:
        table = read_table(path, kinds=known)
    except DataError as error:
        return str(error)
    return {name: (column.kind, [repr(value) for value in column.values]) for name, column in table.columns.items()}


def quoted(cell: str, delimiter: str) -> str:
    return f'"{cell}"' if delimiter in cell and not cell.startswith('"') else cell


@pytest.mark.parametrize("seed", range(12))
def test_the_quick_way_gives_what_the_long_one_gives(write, monkeypatch, seed):
    draw = random.Random(seed)
    pools = [draw.choice(POOLS) for _ in range(draw.randint(2, 9))]
    delimiter = draw.choice(",,;")
    rows = draw.choice([1, 5, 30, SAMPLE + 50])
    # Later rows may be other than those that are looked at first.
    late = [draw.choice(POOLS) if draw.random() < 0.2 else pool for pool in pools]
    lines = [[draw.choice((late if row > SAMPLE else pools)[k]) for k in range(len(pools))] for row in range(rows)]
    text = "\n".join(delimiter.join(quoted(cell, delimiter) for cell in line) for line in lines)
    names = [f"c{k}" for k in range(len(pools))]
    path = write("t.csv", f"{delimiter.join(names)}\n{text}\n")
    for known in ({}, {draw.choice(names): draw.choice(["text", "number", "boolean", "time"])}):
        quick = outcome(path, known)
        with monkeypatch.context() as patched:
            patched.setattr(table_source, "quick_columns", lambda scan, known: {})
            assert quick == outcome(path, known)


def test_a_table_is_read_at_once_where_it_is_as_it_begins(write):
    path = write("t.csv", "n,t,b\n" + "1.5,x,true\n,y,false\n" * 200)
    found = quick_columns(scan_of(path, None), {})
    assert {name: column.kind for name, column in found.items()} == {"n": "number", "t": "text", "b": "boolean"}
    assert np.isnan(found["n"].values[1])


def test_a_number_that_is_none_leaves_all_to_the_long_way(write):
    path = write("t.csv", "n,t\n" + "1,x\n" * 200 + "oops,x\n")
    assert quick_columns(scan_of(path, None), {}) == {}
    with pytest.raises(DataError, match=r"row 201 \(line 202\), column 'n': expected a number, got 'oops'"):
        read_table(path)
