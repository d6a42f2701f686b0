"""The format of a column: how its cells become values."""

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

# The booleans of a column that is declared boolean; of others, only true and false.
BOOLEAN_VALUES: Mapping[str, float] = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), 1.0),
    **dict.fromkeys(("false", "f", "no", "n", "0"), 0.0),
}


@dataclass(frozen=True)
class ColumnFormat:
    """The kind of the values and how they are written. None: not known, inferred from the values.

    ``decimal``, ``thousands``: the separators of numbers (empty: no thousands separator); ``prefix``, ``suffix``: the
    unit around each number. ``time``: ``ISO``, or directives of strptime. ``missing``: the texts that mean a missing
    value, instead of the default ones; an empty cell always does.
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
        """The format of the numbers; by default as in Python."""
        return NumberFormat(self.decimal or ".", self.thousands or "", self.prefix or "", self.suffix or "")

    def is_missing(self, text: str) -> bool:
        """Whether a stripped cell means a missing value in a column of this kind."""
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
        """Convert texts (n,) to values in the type of the kind, with its marker of missing values.

        A text that does not match the format becomes missing; inference excludes such texts.
        """
        present = np.array([not self.is_missing(text) for text in texts], bool)
        values: Array
        if self.kind == "text":
            values = np.full(len(texts), None, object)
            values[present] = texts[present]
        elif self.kind == "time":
            values = np.full(len(texts), np.datetime64("NaT"), "M8[us]")
            assert self.time is not None, "the format of times is inferred before they are parsed"
            values[present] = TimeFormat(self.time).parse_all(texts[present].tolist())
        else:
            values = np.full(len(texts), np.nan)
            known = texts[present].tolist()
            values[present] = (
                self.number.parse_all(known)
                if self.kind == "number"
                else [BOOLEAN_VALUES.get(text.lower(), np.nan) for text in known]
            )
        return values

    def without_separators(self) -> Self:
        """Return the format for a column of another file: its kind, unit and missing values, not the separators."""
        return replace(self, decimal=None, thousands=None, time=None)

    def state(self) -> dict[str, Any]:
        """Return the known fields as JSON values."""
        known = {name: value for name in FIELD_NAMES if (value := getattr(self, name)) is not None}
        return known if self.missing is None else known | {"missing": list(self.missing)}

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        """Restore a format from its ``state``. CheckpointError for invalid fields."""
        kinds: dict[str, Any] = dict.fromkeys(FIELD_NAMES, str | None)
        kinds |= {"kind": ValueKind | None, "missing": list[str] | None}
        known = validate_state({**dict.fromkeys(kinds), **state}, kinds)
        missing = known["missing"]
        return cls(**known | {"missing": None if missing is None else tuple(missing)})

    @classmethod
    def plain(cls, missing: tuple[str, ...] | None = None) -> Self:
        """Return the format of numbers as in Python, without a unit."""
        return cls("number", ".", "", "", "", missing=missing)

    def _is_missing_number(self, text: str) -> bool:
        """Whether a text is numerically equal to a missing value: -999.0 to -999."""
        return self.kind == "number" and bool(self.missing_numbers) and self.number.parse(text) in self.missing_numbers

    @cached_property
    def missing_numbers(self) -> list[float]:
        """The missing values that are numbers as in Python."""
        values = NumberFormat().parse_all(self.missing or ())
        return values[~np.isnan(values)].tolist()


# Computed once: a table may have thousands of columns.
FIELD_NAMES = tuple(field.name for field in fields(ColumnFormat))
