"""The formats of dates and times, matched strictly to the end of the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nntrain.compute.array import Array

# The name in pandas of the format in which time, fraction and offset may vary from row to row.
ISO = "ISO8601"

# A time of day, optionally with seconds and a fraction.
ISO_CLOCK = "ISO8601 time"

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"

# The pattern of each directive of strptime. Two-digit years are 1969 to 2068, as in POSIX.
DIRECTIVES = {
    "Y": r"(?P<year>[0-9]{4})",
    "y": r"(?P<short_year>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "b": rf"(?P<month_name>{'|'.join((*LONG_MONTHS, *MONTHS, 'sept'))})\.?",
    "d": r"(?P<day>[0-9]{1,2})",
    "j": r"(?P<day_of_year>[0-9]{3})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "I": r"(?P<half_day_hour>[0-9]{1,2})",
    "M": r"(?P<minute>[0-9]{2})",
    "S": r"(?P<second>[0-9]{2})",
    "f": r"(?P<fraction>[0-9]{1,9})",
    "p": r"(?P<half>[ap])\.?m\.?",
    "z": r"(?P<offset>Z|[-+][0-9]{2}:?[0-9]{2}|[-+][0-9]{2})",
    "a": rf"(?:{WEEKDAYS}|mon|tues?|wed|thurs?|thu|fri|sat|sun)\.?",
    "%": "%",
}
DIRECTIVES["B"], DIRECTIVES["A"] = DIRECTIVES["b"], DIRECTIVES["a"]

CLOCK_PATTERN = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
DATE_PATTERN = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
ISO_PATTERN = rf"{DATE_PATTERN}(?:(?:[Tt]| +){CLOCK_PATTERN} ?{DIRECTIVES['z']}?)?"
PLAIN_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?")

NOT_A_TIME = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class TimeFormat:
    """``ISO``, ``ISO_CLOCK``, or directives of strptime, e.g. %d/%m/%Y. Times with an offset are converted to UTC.

    The date of a time of day is January 1, 1970. The precision is one microsecond.
    """

    text: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of the format, case-insensitive. ValueError for an unknown directive."""
        if self.text in (ISO, ISO_CLOCK):
            return re.compile(ISO_PATTERN if self.text == ISO else CLOCK_PATTERN, re.IGNORECASE)
        parts = re.split(r"%(.)", self.text)
        if len(parts) == 1 or (self.text.endswith("%") and len(parts) % 2 == 0):
            raise ValueError(f"expected directives such as %d/%m/%Y, got {self.text!r}")
        found = [build_literal_pattern(parts[0])]
        for directive, literal in zip(parts[1::2], parts[2::2], strict=True):
            if directive not in DIRECTIVES:
                known = ", ".join(f"%{name}" for name in DIRECTIVES)
                raise ValueError(f"expected directives of {known}, got '%{directive}'")
            if directive == "p" and found[-1].endswith(" +"):
                found[-1] = found[-1].removesuffix("+") + "*"
            found += [DIRECTIVES[directive], build_literal_pattern(literal)]
        try:
            return re.compile("".join(found), re.IGNORECASE)
        except re.error:
            raise ValueError(f"expected each directive once, got {self.text!r}") from None

    def parse_all(self, texts: Sequence[str]) -> Array:
        """Return the times, datetime64[us] (n,); NaT for a text of another format or a day that does not exist."""
        if self.text == ISO and all(map(PLAIN_ISO.fullmatch, texts)):
            try:
                return np.array(texts, "M8[us]")
            except ValueError:
                pass
        return np.fromiter(map(self.parse, texts), "M8[us]", len(texts))

    def parse(self, text: str) -> np.datetime64:
        """Return the time of a text, or NaT."""
        found = self.pattern.fullmatch(text)
        return NOT_A_TIME if found is None else build_instant(found.groupdict())

    def has_offset(self, text: str) -> bool:
        """Whether a text of this format has an offset from UTC."""
        found = self.pattern.fullmatch(text)
        return found is not None and found.groupdict().get("offset") is not None


def check_time_format(text: str) -> None:
    """ValueError unless ``text`` is ``ISO``, or has known directives."""
    TimeFormat(text).pattern  # noqa: B018


def build_literal_pattern(literal: str) -> str:
    """Build the pattern of the text between two directives; a space matches one or more, before AM and PM also none."""
    return re.sub(r"(?:\\? )+", " +", re.escape(literal))


def build_instant(parts: dict[str, str | None]) -> np.datetime64:
    """Build the time from the named groups of a match; NaT for month 13 or hour 24."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half_day_hour := parts.get("half_day_hour"):
        if not 1 <= int(half_day_hour) <= 12:
            return NOT_A_TIME
        hour = int(half_day_hour) % 12 + (12 if (parts.get("half") or "a").lower() == "p" else 0)
    elif half := parts.get("half"):
        # 13:05 PM is valid, 13:05 AM is not.
        if hour > 12 or (hour == 0 and half.lower() == "p"):
            return NOT_A_TIME
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return NOT_A_TIME
    day = build_date(parts)
    if np.isnat(day):
        return NOT_A_TIME
    offset = parse_offset(parts.get("offset"))
    if offset is None:
        return NOT_A_TIME
    microseconds = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    seconds = 3600 * hour + 60 * (minute - offset) + second
    return day.astype("M8[us]") + np.timedelta64(1_000_000 * seconds + microseconds, "us")


def build_date(parts: dict[str, str | None]) -> np.datetime64:
    """Build the date; NaT if it does not exist; January 1, 1970 without a year."""
    year = parts.get("year")
    if short := parts.get("short_year"):
        year = str(int(short) + (2000 if int(short) < 69 else 1900))
    if year is None:
        return np.datetime64(0, "D")
    if number := parts.get("day_of_year"):
        found = np.datetime64(year, "D") + np.timedelta64(int(number) - 1, "D")
        return found if number != "000" and found.astype("M8[Y]") == np.datetime64(year, "Y") else NOT_A_TIME
    name = parts.get("month_name")
    month = MONTHS.index(name[:3].lower()) + 1 if name else int(parts.get("month") or 1)
    try:
        return np.datetime64(f"{year}-{month:02d}-{int(parts.get('day') or 1):02d}", "D")
    except ValueError:
        return NOT_A_TIME


def parse_offset(text: str | None) -> int | None:
    """Return the offset from UTC in minutes; None if it is a day or more."""
    if text is None or text in "Zz":
        return 0
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        return None
    return (-1 if text[0] == "-" else 1) * (60 * hours + minutes)
