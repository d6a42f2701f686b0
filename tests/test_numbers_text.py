"""Numbers in tables have the digits that a reader needs."""

from __future__ import annotations

import pytest

from nntrain.formatting import format_aligned, format_significant


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.123456, "0.1235"),
        (59637.8, "59638"),
        (1234.5678, "1235"),
        (4.043e-7, "4.043e-07"),
        (-2.5, "-2.5"),
        (0.0, "0"),
        (1.5e20, "1.5e+20"),
        (float("nan"), "-"),
    ],
)
def test_a_number_has_four_digits_or_all_before_the_point(value: float, text: str) -> None:
    assert format_significant(value) == text


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([0.9838, 4e-7, -0.02], ["0.9838", "0.0000", "-0.0200"]),
        ([59637.8, 3.2], ["59638", "3"]),
        ([0.0, float("nan")], ["0", "-"]),
        ([float("inf"), 0.5], ["inf", "0.5000"]),
        ([], []),
    ],
)
def test_numbers_of_a_column_have_the_same_decimals(values: list[float], texts: list[str]) -> None:
    assert format_aligned(values) == texts
