"""A column whose values are known, as text and as what the text means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, TypeAlias

__all__ = ["Cell", "Column", "Style", "cells_of"]

# What a cell says, and what it means: a float, a datetime64[us], a bool, or a label.
Cell: TypeAlias = tuple[str, Any]

# Makes the cells of a column: a format of numbers or times, or labels.
Style: TypeAlias = Callable[[Random, int], list[Cell]]


@dataclass(frozen=True)
class Column:
    """``texts`` are the cells as they are written, ``values`` what they mean, None where nothing is known.

    ``knowable``: whether all that is in the file decides what they mean. If it does not, the column must be refused,
    or stay text. ``needs_file``: whether only other columns of the file decide.
    """

    style: str
    kind: Literal["number", "time", "boolean", "text"]
    texts: list[str]
    values: list[Any]
    knowable: bool = True
    needs_file: bool = False


def cells_of(column: Column) -> list[Cell]:
    """The cells with their values."""
    return list(zip(column.texts, column.values, strict=True))
