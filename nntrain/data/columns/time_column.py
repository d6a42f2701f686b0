"""Dates and times: how late, and where in the year, the week and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.tables.raw_column import RawColumn, ValueKind
from nntrain.data.tables.value_stream import ValueStream
from nntrain.specs.state_schema import validate_state

__all__ = ["TimeColumn"]

DAY = np.timedelta64(1, "D")
SECOND = np.timedelta64(1, "s")

DAYS_OF_YEAR = 365.2425
DAYS_OF_WEEK = 7.0


@dataclass
class TimeColumn(Column):
    """y = (standardised seconds since 1970, sin and cos of 2π the share of the year, of the week, of the day).

    The day only if the training rows have times of day. The circles are 0 where the time is missing; ``seconds``
    says that it is.
    """

    kind: ClassVar[ValueKind] = "time"

    seconds: NumberColumn
    with_day: bool

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        times = (compute_day_fraction(chunk.values[~chunk.missing]) > 0 for chunk in raw.iterate_chunks())
        return cls(raw.name, NumberColumn.fit(raw.map("number", to_seconds)), any(found.any() for found in times))

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Self:
        known = validate_state(state, {"name": str, "seconds": dict, "with_day": bool})
        return cls(known["name"], NumberColumn.restore(known["seconds"]), known["with_day"])

    def give(self, dtype: str) -> None:
        super().give(dtype)
        self.seconds.give(dtype)

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        shares = [compute_year_fraction(raw.values), compute_week_fraction(raw.values)]
        if self.with_day:
            shares.append(compute_day_fraction(raw.values))
        angles = 2 * np.pi * np.stack(shares, axis=1)
        circles = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(len(angles), -1)
        circles[raw.missing] = 0
        return np.concatenate([self.seconds.encode(to_seconds(raw)), circles.astype(self.dtype)], axis=1)

    @property
    def names(self) -> list[str]:
        circles = ("year", "week", "day") if self.with_day else ("year", "week")
        return self.seconds.names + [f"{self.name} ({wave} of {part})" for part in circles for wave in ("sin", "cos")]


def to_seconds(raw: RawColumn) -> RawColumn:
    """Seconds since 1970 as a column of numbers."""
    seconds = np.where(raw.missing, np.nan, (raw.values - np.datetime64(0, "s")) / SECOND)
    return RawColumn(raw.name, "number", seconds)


def compute_year_fraction(times: Array) -> Array:
    """From 0 on the first of January to just below 1 on the last of December."""
    days: Array = (times.astype("M8[D]") - times.astype("M8[Y]").astype("M8[D]")) / DAY
    return days / DAYS_OF_YEAR


def compute_week_fraction(times: Array) -> Array:
    """From 0 on Monday to 6/7 on Sunday; the first of January 1970 was a Thursday."""
    days: Array = (times.astype("M8[D]") - np.datetime64(0, "D")) / DAY
    return (days + 3) % DAYS_OF_WEEK / DAYS_OF_WEEK


def compute_day_fraction(times: Array) -> Array:
    """From 0 at midnight to just below 1."""
    share: Array = (times - times.astype("M8[D]")) / DAY
    return share
