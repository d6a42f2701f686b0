"""How the cells of one column become values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.parsing.missing_values import MISSING_WORDS, is_missing_marker
from nntrain.data.parsing.number_format import NumberFormat
from nntrain.data.parsing.time_format import TimeFormat
from nntrain.data.tables.raw_column import ValueKind
from nntrain.specs.state_schema import validate_state

__all__ = ["BOOLEAN_VALUES", "ColumnFormat"]

# How a boolean is written where the column is declared to be one; undeclared, only true and false are.
BOOLEAN_VALUES: Mapping[str, float] = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), 1.0),
    **dict.fromkeys(("false", "f", "no", "n", "0"), 0.0),
}


@dataclass(frozen=True)
class ColumnFormat:
    """The kind of the values and how they are written. What is None is open, and inferred from the values.

    ``decimal``, ``thousands``: the separators of numbers (no groups of thousands where empty); ``prefix``, ``suffix``:
    the unit around each. ``time``: an ``ISO`` time, or directives of strptime. ``missing``: the texts that mean a
    missing value, in place of the usual ones; an empty cell always does.
    """

    kind: ValueKind | None = None
    decimal: str | None = None
    thousands: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    time: str | None = None
    missing: tuple[str, ...] | None = None

    @cached_property
    def number(self) -> NumberFormat:
        """The format of the numbers; what is open is as in Python."""
        return NumberFormat(self.decimal or ".", self.thousands or "", self.prefix or "", self.suffix or "")

    def is_missing(self, text: str) -> bool:
        """Whether a cell without the spaces around it has no value, in a column of this kind."""
        if not text:
            return True
        if self.missing is not None and (text in self.missing or self._is_missing_number(text)):
            return True
        if self.missing == ():
            return False
        if self.kind in ("number", "time"):
            return is_missing_marker(text)
        return self.missing is None and text in MISSING_WORDS

    def parse(self, texts: Array) -> Array:
        """The values of texts (n,), in the type of the kind; its mark of a missing value where there is none.

        A text that is not of this format is missing as well: whether there is one is known when the format is.
        """
        there = np.array([not self.is_missing(text) for text in texts], bool)
        values: Array
        if self.kind == "text":
            values = np.full(len(texts), None, object)
            values[there] = texts[there]
        elif self.kind == "time":
            values = np.full(len(texts), np.datetime64("NaT"), "M8[us]")
            assert self.time is not None, "the format of a time is inferred before times are read"
            values[there] = TimeFormat(self.time).parse_all(texts[there].tolist())
        else:
            values = np.full(len(texts), np.nan)
            known = texts[there].tolist()
            values[there] = (
                self.number.parse_all(known)
                if self.kind == "number"
                else [BOOLEAN_VALUES.get(text.lower(), np.nan) for text in known]
            )
        return values

    def like_it(self) -> ColumnFormat:
        """What a column of another file must have: kind, unit and missing values, but not the separators."""
        return replace(self, decimal=None, thousands=None, time=None)

    def state(self) -> dict[str, Any]:
        """The fields that are not open, as JSON values."""
        known = {name: value for name in FIELD_NAMES if (value := getattr(self, name)) is not None}
        return known if self.missing is None else known | {"missing": list(self.missing)}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """The format whose ``state`` this is. CheckpointError if its fields are not those of one."""
        kinds: dict[str, Any] = dict.fromkeys(FIELD_NAMES, str | None)
        kinds |= {"kind": ValueKind | None, "missing": list[str] | None}
        known = validate_state({**dict.fromkeys(kinds), **state}, kinds)
        missing = known["missing"]
        return cls(**known | {"missing": None if missing is None else tuple(missing)})

    @classmethod
    def plain(cls, missing: tuple[str, ...] | None = None) -> Self:
        """Numbers as Python writes them, without a unit."""
        return cls("number", ".", "", "", "", missing=missing)

    def _is_missing_number(self, text: str) -> bool:
        """Whether a text is one of the missing values by its number: -999.0 for -999."""
        return self.kind == "number" and bool(self.missing_numbers) and self.number.parse(text) in self.missing_numbers

    @cached_property
    def missing_numbers(self) -> list[float]:
        """The missing values that are numbers, as Python writes them."""
        values = NumberFormat().parse_all(self.missing or ())
        return values[~np.isnan(values)].tolist()


# Found once: a table may have thousands of columns.
FIELD_NAMES = tuple(field.name for field in fields(ColumnFormat))
