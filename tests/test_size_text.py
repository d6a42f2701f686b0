"""Sizes in messages have a unit in which they are short."""

from __future__ import annotations

import pytest

from nntrain.formatting import format_size


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (999, "999 B"),
        (1000, "1 kB"),
        (4100, "4.1 kB"),
        (999_999, "1 MB"),
        (128_000_000, "128 MB"),
        (16 * 10**9, "16 GB"),
        (4 * 10**16, "40,000 TB"),
    ],
)
def test_bytes_are_written_in_the_unit_that_fits(size: int, text: str) -> None:
    assert format_size(size) == text
