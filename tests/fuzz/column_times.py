"""Dates and times in the formats that people and programs write them in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

import numpy as np

from tests.fuzz.column import Cell

__all__ = ["TIMES", "TimeStyle", "instant", "knowable", "times"]

OFFSETS = (-8, -5, -3.5, 0, 1, 2, 5.5, 5.75, 9, 12)


@dataclass(frozen=True)
class TimeStyle:
    """``form``: directives of strftime; with {...} what is put in by hand. ``clock``: a time of day without a date.

    ``ordered``: day and month are numbers in an order that only a day above 12 shows. ``short``: a year of two digits,
    which could be a day.
    """

    name: str
    form: str
    ordered: bool = False
    short: bool = False
    clock: bool = False
    unpadded: bool = False
    offsets: bool = False


STYLES = (
    TimeStyle("ISO dates", "%Y-%m-%d"),
    TimeStyle("ISO with T", "%Y-%m-%dT%H:%M:%S"),
    TimeStyle("ISO with a space", "%Y-%m-%d %H:%M"),
    TimeStyle("ISO with milliseconds", "%Y-%m-%dT%H:%M:%S.{milli}"),
    TimeStyle("ISO with microseconds", "%Y-%m-%d %H:%M:%S.%f"),
    TimeStyle("ISO with Z", "%Y-%m-%dT%H:%M:%SZ"),
    TimeStyle("ISO with offsets", "%Y-%m-%dT%H:%M:%S{offset}", offsets=True),
    TimeStyle("ISO with short offsets", "%Y-%m-%d %H:%M{short offset}", offsets=True),
    TimeStyle("ISO in small letters", "%Y-%m-%dt%H:%M:%Sz"),
    TimeStyle("ISO with nanoseconds", "%Y-%m-%dT%H:%M:%S.%f000Z"),
    TimeStyle("ISO with AM and PM", "%Y-%m-%d %I:%M %p"),
    TimeStyle("year first", "%Y/%m/%d"),
    TimeStyle("D/M/Y", "%d/%m/%Y", ordered=True),
    TimeStyle("M/D/Y", "%m/%d/%Y", ordered=True),
    TimeStyle("D.M.Y", "%d.%m.%Y", ordered=True),
    TimeStyle("D-M-Y", "%d-%m-%Y", ordered=True),
    TimeStyle("D/M/Y unpadded", "%d/%m/%Y", ordered=True, unpadded=True),
    TimeStyle("M/D/Y H:M", "%m/%d/%Y %H:%M", ordered=True),
    TimeStyle("M/D/Y with AM and PM", "%m/%d/%Y %I:%M:%S %p", ordered=True),
    TimeStyle("D.M.Y H:M:S", "%d.%m.%Y %H:%M:%S", ordered=True),
    TimeStyle("D/M/y", "%d/%m/%y", ordered=True, short=True),
    TimeStyle("M/D/y", "%m/%d/%y", ordered=True, short=True),
    TimeStyle("D.M.y", "%d.%m.%y", ordered=True, short=True),
    TimeStyle("D-M-y", "%d-%m-%y", ordered=True, short=True),
    TimeStyle("y-M-D", "%y-%m-%d", ordered=True, short=True),
    TimeStyle("D month Y", "%d %b %Y"),
    TimeStyle("D long month Y", "%d %B %Y"),
    TimeStyle("month D, Y", "%b %d, %Y"),
    TimeStyle("D-month-Y", "%d-%b-%Y"),
    TimeStyle("month D, Y with AM and PM", "%B %d, %Y %I:%M %p"),
    TimeStyle("weekday, D month Y", "%a, %d %b %Y %H:%M:%S"),
    TimeStyle("times of day", "%H:%M", clock=True),
    TimeStyle("times of day with seconds", "%H:%M:%S", clock=True),
    TimeStyle("times of day with AM and PM", "%I:%M %p", clock=True),
    TimeStyle("times of day, small am and pm", "%I:%M{half}", clock=True, unpadded=True),
)

TIMES = {style.name: style for style in STYLES}


def times(style: TimeStyle, random: Random, rows: int, *, thin: bool = False) -> list[Cell]:
    """Cells of a style. ``thin``: no day above 12, so nothing tells it from the month."""
    last = 12 if thin else 28
    found = [cell(style, random, random.randint(1, last), random.randint(1990, 2040)) for _ in range(rows)]
    if style.ordered and not thin:
        # A day above 12; and for years of two digits one that is no day.
        found[random.randrange(rows // 2)] = cell(style, random, random.randint(13, 28), 1999)
        found[random.randrange(rows // 2, rows)] = cell(style, random, random.randint(13, 28), 1996)
    return found


def knowable(style: TimeStyle, cells: list[Cell]) -> bool:
    """Whether only one order of day, month and year makes a date of every cell."""
    if not style.ordered:
        return True
    day_first, month_first = ("%d", "%m"), ("%m", "%d")
    mark = style.form[2]
    year = style.form.replace("%d", "").replace("%m", "").replace(mark, "")[:2]
    orders = [mark.join((*days, year)) for days in (day_first, month_first)]
    # With hyphens a year of two digits may come first, as in ISO 8601 of 1988.
    orders += ["%y-%m-%d"] if style.short and mark == "-" else []
    dates = [text.split(" ")[0] for text, _ in cells]
    return sum(all(is_date(date, order) for date in dates) for order in orders) == 1


def is_date(text: str, order: str) -> bool:
    """Whether a text is a day of the calendar in that order."""
    try:
        datetime.strptime(text, order).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


def cell(style: TimeStyle, random: Random, day: int, year: int) -> Cell:
    """A moment as it is written, and as the instant in UTC."""
    moment = datetime(year, random.randint(1, 12), day, random.randrange(24), random.randrange(60), tzinfo=UTC)
    moment += timedelta(seconds=random.randrange(60), microseconds=random.randrange(10**6))
    hours = random.choice(OFFSETS) if style.offsets else 0
    local = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    sign, minutes = "-" if hours < 0 else "+", int(abs(hours) * 60)
    text = local.strftime(style.form).format_map(
        {
            "milli": f"{local.microsecond // 1000:03d}",
            "offset": f"{sign}{minutes // 60:02d}:{minutes % 60:02d}",
            "short offset": f"{sign}{minutes // 60:02d}{minutes % 60:02d}",
            "half": local.strftime("%p").lower(),
        }
    )
    return (unpadded(text) if style.unpadded else text), instant(known(style, local), clock=style.clock)


def known(style: TimeStyle, local: datetime) -> datetime:
    """The moment as far as the text tells it."""
    form = style.form
    if "%f" not in form:
        local = local.replace(microsecond=local.microsecond // 1000 * 1000 if "{milli}" in form else 0)
    if "%S" not in form:
        local = local.replace(second=0)
    return local if "%M" in form else local.replace(hour=0, minute=0)


def unpadded(text: str) -> str:
    """Without the zeros before one digit of days, months and hours: those that begin the text or follow a slash."""
    parts = [part[1:] if len(part) > 1 and part[0] == "0" else part for part in text.split("/")]
    return "/".join(parts)


def instant(moment: datetime, *, clock: bool = False) -> Any:
    """The moment in UTC; a time of day is one of the first of January 1970."""
    moment = moment.astimezone(UTC).replace(tzinfo=None)
    return np.datetime64(moment.replace(year=1970, month=1, day=1) if clock else moment, "us")
