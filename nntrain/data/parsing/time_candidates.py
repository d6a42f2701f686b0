"""The formats that a text may be a time in, told from its shape: the date and the time of day each by themselves."""

from __future__ import annotations

import re
from functools import lru_cache

from nntrain.data.parsing.time_format import ISO, ISO_CLOCK, TimeFormat

__all__ = ["candidates_for"]

# Day and month in either order, with a year of four digits or two.
ORDERED = [f"%{first}{mark}%{second}{mark}%Y" for mark in "/.-" for first, second in ("dm", "md")]
SHORT = [f"%{first}{mark}%{second}{mark}%y" for mark in "/.-" for first, second in ("dm", "md")]
YEAR_FIRST = ["%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%y-%m-%d"]
NAMED = [
    *("%d %b %Y", "%d-%b-%Y", "%d/%b/%Y", "%d. %b %Y", "%d %b, %Y", "%d%b%Y", "%Y-%b-%d", "%Y %b %d"),
    *("%b %d, %Y", "%b %d %Y", "%b-%d-%Y", "%d-%b-%y", "%d %b %y", "%d%b%y"),
    *("%a, %d %b %Y", "%a %d %b %Y", "%a, %b %d, %Y", "%a %b %d, %Y", "%a %b %d %Y"),
]
DATES = tuple(TimeFormat(text) for text in (*YEAR_FIRST, *ORDERED, *SHORT, *NAMED))
CLOCKS = tuple(TimeFormat(text) for text in ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I %p"))

# In these the fraction, the seconds or the time of day may be in some rows and not in others.
VARYING = (TimeFormat(ISO), TimeFormat(ISO_CLOCK))

PARTED = re.compile(
    r"(?:(?P<date>.*[^ ,])(?P<joint>T|,? +))?"
    r"(?P<clock>[0-9]{1,2}(?::[0-9]{2}){0,2}(?:\.[0-9]+)?(?: *[ap]\.?m\.?)?)"
    r"(?P<space> *)(?P<offset>Z|[-+][0-9:]{2,6})?",
    re.IGNORECASE,
)

# 1.2.10 and 3-5-10 are versions and scores: a date with a short year has two digits everywhere.
PADDED = re.compile(r"[0-9]{2}([.-])[0-9]{2}\1[0-9]{2}(?![0-9])")

ONES = str.maketrans("0123456789", "1" * 10)

# Shapes of which the formats are kept: times have few, and texts that are not times would fill the memory.
SHAPES = 2**12


def candidates_for(text: str) -> tuple[str, ...]:
    """The formats whose pattern ``text`` matches; whether its day exists is not looked at."""
    return candidates_of_shape(text.translate(ONES))


@lru_cache(SHAPES)
def candidates_of_shape(shape: str) -> tuple[str, ...]:
    """``candidates_for``, of a text in which every digit is a 1."""
    found = [form.text for form in VARYING if form.pattern.fullmatch(shape)]
    found += dates_of(shape)
    parts = PARTED.fullmatch(shape)
    if parts is not None:
        clocks = clocks_of(parts["clock"])
        zone = "" if parts["offset"] is None else f"{' ' if parts['space'] else ''}%z"
        if parts["date"] is None:
            found += [f"{clock}{zone}" for clock in clocks]
        else:
            joint = re.sub(" +", " ", parts["joint"])
            dates = dates_of(parts["date"])
            found += [f"{date}{joint}{clock}{zone}" for date in dates for clock in clocks]
    return tuple(found)


def dates_of(shape: str) -> list[str]:
    """The formats of a date alone."""
    found = [date.text for date in DATES if date.pattern.fullmatch(shape)]
    return [date for date in found if (date not in SHORT[2:] and date != "%y-%m-%d") or PADDED.fullmatch(shape)]


def clocks_of(shape: str) -> list[str]:
    """The formats of a time of day alone, which has a colon, or says AM or PM."""
    return [clock.text for clock in CLOCKS if clock.pattern.fullmatch(shape)]
