"""Find the time formats that match a text, by its shape; date and time of day are matched separately."""

import re
from functools import lru_cache

from nntrain.data.parsing.time_format import ISO, ISO_CLOCK, TimeFormat

# Day and month in either order, with a year of four digits or two.
DAY_MONTH_FORMATS = [f"%{first}{mark}%{second}{mark}%Y" for mark in "/.-" for first, second in ("dm", "md")]
SHORT_YEAR_FORMATS = [f"%{first}{mark}%{second}{mark}%y" for mark in "/.-" for first, second in ("dm", "md")]
YEAR_FIRST_FORMATS = ["%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%y-%m-%d"]
MONTH_NAME_FORMATS = [
    *("%d %b %Y", "%d-%b-%Y", "%d/%b/%Y", "%d. %b %Y", "%d %b, %Y", "%d%b%Y", "%Y-%b-%d", "%Y %b %d"),
    *("%b %d, %Y", "%b %d %Y", "%b-%d-%Y", "%d-%b-%y", "%d %b %y", "%d%b%y"),
    *("%a, %d %b %Y", "%a %d %b %Y", "%a, %b %d, %Y", "%a %b %d, %Y", "%a %b %d %Y"),
]
DATE_FORMATS = tuple(
    TimeFormat(text) for text in (*YEAR_FIRST_FORMATS, *DAY_MONTH_FORMATS, *SHORT_YEAR_FORMATS, *MONTH_NAME_FORMATS)
)
# A time of day has a colon, AM or PM.
CLOCK_FORMATS = tuple(
    TimeFormat(text) for text in ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I %p")
)

# In these, the fraction, the seconds or the time of day may vary from row to row.
ISO_FORMATS = (TimeFormat(ISO), TimeFormat(ISO_CLOCK))

DATE_CLOCK_PATTERN = re.compile(
    r"(?:(?P<date>.*[^ ,])(?P<joint>T|,? +))?"
    r"(?P<clock>[0-9]{1,2}(?::[0-9]{2}){0,2}(?:\.[0-9]+)?(?: *[ap]\.?m\.?)?)"
    r"(?P<space> *)(?P<offset>Z|[-+][0-9:]{2,6})?",
    re.IGNORECASE,
)

# 1.2.10 and 3-5-10 are versions and scores: in a date with a short year, every number has two digits.
PADDED_PATTERN = re.compile(r"[0-9]{2}([.-])[0-9]{2}\1[0-9]{2}(?![0-9])")

DIGITS_TO_ONES = str.maketrans("0123456789", "1" * 10)

# Maximum number of cached shapes: times have few, and other texts would fill the memory.
MAX_CACHED_SHAPES = 2**12


def find_candidates(text: str) -> tuple[str, ...]:
    """Return the formats that match ``text``; its day need not exist."""
    return find_shape_candidates(text.translate(DIGITS_TO_ONES))


@lru_cache(MAX_CACHED_SHAPES)
def find_shape_candidates(shape: str) -> tuple[str, ...]:
    """Return the formats of a text in which every digit is a 1."""
    found = [form.text for form in ISO_FORMATS if form.pattern.fullmatch(shape)]
    found += find_date_formats(shape)
    parts = DATE_CLOCK_PATTERN.fullmatch(shape)
    if parts is not None:
        clocks = [clock.text for clock in CLOCK_FORMATS if clock.pattern.fullmatch(parts["clock"])]
        zone = "" if parts["offset"] is None else f"{' ' if parts['space'] else ''}%z"
        if parts["date"] is None:
            found += [f"{clock}{zone}" for clock in clocks]
        else:
            joint = re.sub(" +", " ", parts["joint"])
            dates = find_date_formats(parts["date"])
            found += [f"{date}{joint}{clock}{zone}" for date in dates for clock in clocks]
    return tuple(found)


def find_date_formats(shape: str) -> list[str]:
    """Return the formats of a date without a time."""
    found = [date.text for date in DATE_FORMATS if date.pattern.fullmatch(shape)]
    return [
        date
        for date in found
        if (date not in SHORT_YEAR_FORMATS[2:] and date != "%y-%m-%d") or PADDED_PATTERN.fullmatch(shape)
    ]
