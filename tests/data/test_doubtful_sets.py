"""Sets of a few rows, and numbers that decide all errors, are reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain.data.checks.doubtful_sets import find_doubtful_sets
from nntrain.data.loading import load_data
from nntrain.data.options.data_options import DataOptions


def find(path: Path, numbers: list[float] | list[str], **options: Any) -> list[str]:
    path.write_text("x,y\n" + "".join(f"{k % 17 / 7},{y}\n" for k, y in enumerate(numbers)))
    return list(find_doubtful_sets(load_data(DataOptions(str(path), target="y", **options), seed=1)))


def test_sets_of_a_few_rows_are_reported(tmp_path: Path) -> None:
    told = [
        f"the {name} set has {rows} rows, too few for reliable scores; use more rows, or --folds"
        for name, rows in (("validation", 4), ("test", 2))
    ]
    assert find(tmp_path / "t.csv", ["a", "b"] * 6, validation=0.3, test=0.1) == told
    assert find(tmp_path / "t.csv", ["a", "b"] * 60) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_number_far_from_all_others_is_reported_in_the_set_that_has_it(tmp_path: Path, seed: int) -> None:
    numbers = np.random.default_rng(seed).normal(size=200).round(4).tolist()
    assert find(tmp_path / "t.csv", numbers) == []
    numbers[seed] = -1e9
    (told,) = find(tmp_path / "t.csv", numbers)
    assert told.startswith("target 'y': -1e+09 in the ")
    assert told.endswith(
        " set is so far from the others that the errors depend on this row alone; correct or remove it"
    )


def test_heavy_tails_are_not_one_number(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).lognormal(0, 1, 2000).round(4).tolist()
    assert find(tmp_path / "t.csv", numbers) == []
