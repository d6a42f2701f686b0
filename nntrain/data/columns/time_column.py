"""Dates and times: seconds, and the position in the year, the week and the day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.column import Column
from nntrain.data.columns.number_column import NumberColumn
from nntrain.data.tables.raw_column import RawColumn, ValueKind, ValueStream

DAY = np.timedelta64(1, "D")
SECOND = np.timedelta64(1, "s")

DAYS_OF_YEAR = 365.2425
DAYS_OF_WEEK = 7.0


@dataclass
class TimeColumn(Column):
    """y = (standardized seconds since 1970, sin and cos of 2π × the fraction of the year, of the week, of the day).

    The day is included only if training rows have times of day. Sines and cosines are 0 where the time is missing;
    ``seconds`` has the input that marks it.
    """

    kind: ClassVar[ValueKind] = "time"
    imputed = "the mean"

    seconds: NumberColumn
    with_day: bool

    @classmethod
    def fit(cls, raw: ValueStream) -> Self:
        cls.check(raw)
        with_day = any((compute_fractions(chunk.known)[2] > 0).any() for chunk in raw.iterate_chunks())
        return cls(raw.name, NumberColumn.fit(raw.map("number", to_seconds)), with_day)

    def state(self) -> dict[str, Any]:
        return super().state() | {"seconds": asdict(self.seconds)}

    @classmethod
    def validate(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        known = super().validate(state)
        return known | {"seconds": NumberColumn.restore(known["seconds"])}

    def set_dtype(self, dtype: str) -> None:
        super().set_dtype(dtype)
        self.seconds.set_dtype(dtype)

    def encode(self, raw: RawColumn) -> Array:
        self.check(raw)
        fractions = compute_fractions(raw.values)
        angles = 2 * np.pi * np.stack(fractions if self.with_day else fractions[:2], axis=1)
        waves = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(len(angles), -1)
        waves[raw.missing] = 0
        seconds = self.seconds.encode(to_seconds(raw))
        self.unseen = self.seconds.unseen
        return np.concatenate([seconds, waves.astype(self.dtype)], axis=1)

    @property
    def names(self) -> list[str]:
        periods = ("year", "week", "day") if self.with_day else ("year", "week")
        waves = [f"{wave} of {period}" for period in periods for wave in ("sin", "cos")]
        return self.seconds.names + [f"{self.name} ({wave})" for wave in waves]


def to_seconds(raw: RawColumn) -> RawColumn:
    """Return the seconds since 1970 as a column of numbers."""
    seconds = np.where(raw.missing, np.nan, (raw.values - np.datetime64(0, "s")) / SECOND)
    return RawColumn(raw.name, "number", seconds)


def compute_fractions(times: Array) -> tuple[Array, Array, Array]:
    """Return the fractions of the year, 0 on January 1, of the week, 0 on Monday, and of the day, 0 at midnight."""
    days = times.astype("M8[D]")
    year: Array = (days - times.astype("M8[Y]").astype("M8[D]")) / DAY
    # January 1, 1970 was a Thursday.
    week: Array = (days - np.datetime64(0, "D")) / DAY + 3
    return year / DAYS_OF_YEAR, week % DAYS_OF_WEEK / DAYS_OF_WEEK, (times - days) / DAY
