"""Cells are shown as they are in the file, or nearly so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain.data.tables.cell_format import format_cell
from nntrain.data.tables.raw_column import ValueKind


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (0.1, "number", "0.1"),
        (12345678901234.0, "number", "12345678901234"),
        (np.float32(1.5), "number", "1.5"),
        (np.nan, "number", ""),
        (1.0, "boolean", "true"),
        (0.0, "boolean", "false"),
        (np.nan, "boolean", ""),
        (np.datetime64("2024-02-29", "us"), "time", "2024-02-29"),
        (np.datetime64("2024-02-29T10:30", "us"), "time", "2024-02-29T10:30:00"),
        (np.datetime64("2024-02-29T10:30:00.25", "us"), "time", "2024-02-29T10:30:00.250000"),
        (np.datetime64("NaT", "us"), "time", ""),
        ("red", "text", "red"),
        (None, "text", ""),
    ],
)
def test_a_value_is_formatted_by_its_kind(value: Any, kind: ValueKind, text: str) -> None:
    assert format_cell(value, kind) == text


def test_a_long_text_is_shortened() -> None:
    assert "more characters" in format_cell("x" * 500, "text")
    assert len(format_cell("x" * 500, "text")) <= 60
