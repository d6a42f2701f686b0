"""Reading and writing of the table of costs."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tests.cost.measure import Cost

__all__ = ["TABLE", "VERSIONS", "expected", "text"]

TABLE = Path(__file__).with_name("table.txt")

# Versions that bytes depend on; calls do not.
VERSIONS = f"Python {'.'.join(platform.python_version_tuple()[:2])}, numpy {'.'.join(np.__version__.split('.')[:2])}"


def text(costs: Mapping[str, Cost]) -> str:
    """Format the table."""
    head = f"{VERSIONS}\n\n{'a step of':<20}{'numpy calls':>12}{'bytes':>10}{'bytes a row':>13}"
    lines = [
        f"{name:<20}{cost.calls.total():>12}{cost.bytes:>10}{cost.bytes_a_row:>13}" for name, cost in costs.items()
    ]
    return "\n".join([head, *lines])


def expected() -> tuple[str, dict[str, tuple[int, int, int]]]:
    """Return the versions, and per network the calls, bytes, and bytes per row."""
    versions, _, _, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = {name: (int(calls), int(most), int(each)) for name, calls, most, each in map(str.split, lines)}
    return versions, rows
