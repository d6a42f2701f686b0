"""A target whose values mostly occur once is neither numbers nor classes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions
from nntrain.errors import DataError

Write = Callable[[str, str], Path]


def format_table(values: list[str]) -> str:
    return "x,t\n" + "".join(f"{row * 3 % 7},{value}\n" for row, value in enumerate(values))


# One of the dates and one of the names occur four times, as a class that can be in all sets.
DATES = [f"2024-{row % 12 + 1:02}-{row % 28 + 1:02}" for row in range(56)] + 4 * ["2023-12-31"]
NAMES = [f"name {max(row, 3)}" for row in range(59)] + [""]


@pytest.mark.parametrize(
    ("values", "counted"), [(DATES, "57 different strings in 60 rows"), (NAMES, "56 different strings in 59 rows")]
)
@pytest.mark.parametrize("stream", [False, True])
def test_values_that_occur_once_are_refused(
    values: list[str], counted: str, stream: bool, write: Write, tmp_path: Path
) -> None:
    path = str(write("t.csv", format_table(values)))
    with pytest.raises(DataError, match=f"target 't': expected numbers or classes, got {counted}; .*data.task"):
        load_data(DataOptions(path, target="t", stream=stream, cache=str(tmp_path / "cache")), seed=1)


@pytest.mark.parametrize(("classes", "rows"), [(20, 30), (30, 60)])
def test_few_classes_and_classes_of_two_rows_are_learned(classes: int, rows: int, write: Write) -> None:
    values = [f"class {max(row, rows - classes)}" for row in range(rows)]
    path = str(write("t.csv", format_table(values)))
    data = load_data(DataOptions(path, target="t"), seed=1)
    assert data.preprocessor.target.task == "classification"


def test_a_chosen_task_decides(write: Write) -> None:
    path = str(write("t.csv", format_table(DATES)))
    data = load_data(DataOptions(path, target="t", task="classification"), seed=1)
    assert data.preprocessor.target.task == "classification"
