"""Files of further kinds come in by a plugin's reader: Weka's tables by nntrain's own."""

from pathlib import Path

import numpy as np
import pytest

from nntrain.data.readers.data_file import find_reader
from nntrain.data.readers.file_reader import FileReader
from nntrain.data.readers.table_reader import read_table
from nntrain.errors import DataError

ARFF = """% A comment
@RELATION flowers

@ATTRIBUTE 'sepal length'  NUMERIC
@attribute petal real
@attribute species {setosa, 'iris, virginica'}
@attribute note string

@DATA
5.1, 1.4, setosa, plain
% another
4.9, ?, 'iris, virginica', 'two words'
6, 2, setosa, ?
"""


def test_arff_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "flowers.arff"
    path.write_text(ARFF)
    columns = read_table(path).columns
    assert list(columns) == ["sepal length", "petal", "species", "note"]
    np.testing.assert_array_equal(columns["sepal length"].values, [5.1, 4.9, 6])
    np.testing.assert_array_equal(columns["petal"].values, [1.4, np.nan, 2])
    assert list(columns["species"].values) == ["setosa", "iris, virginica", "setosa"]
    assert list(columns["note"].values)[:2] == ["plain", "two words"]
    path.write_text(ARFF.replace("6, 2", "7, 2"))
    assert read_table(path).columns["sepal length"].values[2] == 7


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ARFF.replace("@DATA", ""), "expected a line @data"),
        ("@data\n1\n", "expected lines @attribute NAME TYPE before @data"),
        (ARFF + "{0 3}\n", "sparse rows are not supported"),
        (ARFF + "x, 1, setosa, a\n", "line 14, column 'sepal length': expected a number, got 'x'"),
        (ARFF + "1, 1\n", "line 14: expected 4 values, got 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "flowers.arff"
    path.write_text(text)
    with pytest.raises(DataError, match=told) as caught:
        read_table(path)
    assert str(caught.value).startswith(f"{path}: cannot be read by ARFF: ")
    assert "\n" not in str(caught.value)


class Uneven(FileReader):
    suffixes = (".uneven",)

    def rows(self, path: Path) -> list[list[int | str]]:
        return [["a", "b"], [1, 2], [3]]


def test_rows_of_another_length_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nntrain.data.readers.table_reader.find_reader", lambda path: Uneven)
    monkeypatch.setattr("nntrain.data.readers.data_file.find_reader", lambda path: Uneven)
    path = tmp_path / "x.uneven"
    path.write_text("x")
    with pytest.raises(DataError, match="row 2 has 1 values for 2 columns"):
        read_table(path)


def test_readers_are_found_by_suffix() -> None:
    assert find_reader(Path("a.arff")).__name__ == "ARFF"  # type: ignore[union-attr]
    assert find_reader(Path("a.ARFF")) is not None
    assert find_reader(Path("a.unknown")) is None
