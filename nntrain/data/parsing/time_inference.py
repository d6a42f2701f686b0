"""Infer whether the texts of a column are times, and the only format that matches all of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from nntrain.data.option_suggestions import suggest_column_key, suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_format import DIGITS_TO_ONES
from nntrain.data.parsing.text_counts import MAX_MISMATCHES, FormatInference, TextCounts, is_nearly_all
from nntrain.data.parsing.time_format import ISO, ISO_CLOCK, TimeFormat
from nntrain.errors import DataError

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
PADDED_FORMATS = {*SHORT_YEAR_FORMATS[2:], "%y-%m-%d"}
PADDED_PATTERN = re.compile(r"[0-9]{2}([.-])[0-9]{2}\1[0-9]{2}(?![0-9])")

# Maximum number of cached shapes: times have few, and other texts would fill the memory.
MAX_CACHED_SHAPES = 2**12


def infer_times(texts: TextCounts) -> FormatInference | None:
    """Infer the format of times; None for other texts. DataError for ambiguous day and month, or mixed offsets."""
    known, missing = texts.split_missing("time")
    if texts.asked.time is not None:
        return check_declared_format(texts, known, missing)
    if texts.trained is not None and texts.trained.time is not None:
        # With another format, a row would depend on the other rows of its file.
        return check_declared_format(replace(texts, asked=texts.trained), known, missing)
    total = sum(known.values())
    matches = count_matches(known, total, give_up=not texts.declared)
    possible = [form for form, rows in matches.items() if rows and (rows == total or is_nearly_all(rows, total))]
    valid = {form: total - count_invalid(form, known) for form in possible}
    found = [form for form, rows in valid.items() if rows == total > 0]
    if not found:
        return find_mismatch(texts, known, valid)
    form = choose_format(texts, known, found)
    check_offsets(texts, known, form)
    notes = (
        [] if form in (ISO, ISO_CLOCK) else [f"column {texts.name!r}: times in the format {form}, e.g. {min(known)!r}"]
    )
    return FormatInference(ColumnFormat("time", time=form), missing=missing, notes=notes)


def check_declared_format(texts: TextCounts, known: Mapping[str, int], missing: Counter[str]) -> FormatInference:
    """Return the declared format, or the first text that does not match it."""
    form = str(texts.asked.time)
    wrong = min((text for text in known if np.isnat(TimeFormat(form).parse(text))), default=None)
    if wrong is not None:
        return FormatInference(wrong=wrong, expected=f"a time in the format {form}")
    return FormatInference(ColumnFormat("time", time=form), missing=missing)


def count_matches(known: Mapping[str, int], total: int, *, give_up: bool) -> Counter[str]:
    """Count the rows whose text has the shape of each format; empty as soon as too many rows match none."""
    shapes: Counter[str] = Counter()
    found: Counter[str] = Counter()
    others = 0
    for text, rows in known.items():
        shape = text.translate(DIGITS_TO_ONES)
        shapes[shape] += rows
        if shapes[shape] == rows and not find_candidates(shape):
            others += rows
            if give_up and others > max(1, MAX_MISMATCHES * total):
                return Counter()
    for shape, rows in shapes.items():
        found.update(dict.fromkeys(find_candidates(shape), rows))
    return found


def count_invalid(form: str, known: Mapping[str, int]) -> int:
    """Count the rows with a text of another format, or a day that does not exist."""
    wrong = np.isnat(TimeFormat(form).parse_all(list(known)))
    return int(np.array(list(known.values()), np.int64)[wrong].sum())


def find_mismatch(texts: TextCounts, known: Mapping[str, int], valid: Mapping[str, int]) -> FormatInference | None:
    """Return the first text that is not a time if nearly all are, or if times are declared."""
    total = sum(known.values())
    near = [form for form, rows in valid.items() if is_nearly_all(rows, total)]
    if near:
        form = TimeFormat(max(near, key=lambda form: valid[form]))
        wrong = min(text for text in known if np.isnat(form.parse(text)))
        return FormatInference(
            wrong=wrong, expected=f"a date or a time in the format {form.text}, as in the other rows"
        )
    if not texts.declared:
        return None
    if not known:
        return FormatInference(ColumnFormat("time", time=ISO))
    wrong = min((text for text in known if not find_candidates(text)), default=min(known))
    return FormatInference(wrong=wrong, expected="a date or a time")


def choose_format(texts: TextCounts, known: Mapping[str, int], found: list[str]) -> str:
    """Return the only format. DataError if there are several."""
    if len(found) == 1 or found[0] in (ISO, ISO_CLOCK):
        return found[0]
    first, second = found[:2]
    one, other = TimeFormat(first), TimeFormat(second)
    example = next((text for text in sorted(known) if one.parse(text) != other.parse(text)), min(known))
    both = (
        f"expected one format, got {example!r}, which is {format_day(example, first)} or {format_day(example, second)}"
    )
    advice = f"{suggest_column_key(texts.name, 'format', first)} or {suggest_column_key(texts.name, 'format', second)}"
    raise DataError(f"column {texts.name!r}: {both}; {advice}, or {suggest_type(texts.name, 'category')}")


def format_day(text: str, form: str) -> str:
    """Format the day that a text means in one format."""
    return f"{str(TimeFormat(form).parse(text))[:10]} by {form}"


def check_offsets(texts: TextCounts, known: Mapping[str, int], form: str) -> None:
    """DataError if only some times have an offset from UTC: the others are not comparable to them."""
    by_offset: defaultdict[bool, list[str]] = defaultdict(list)
    if form == ISO:
        for text in known:
            by_offset[TimeFormat(form).has_offset(text)].append(text)
    if len(by_offset) == 2:
        got = f"got {min(by_offset[True])!r} and {min(by_offset[False])!r}"
        raise DataError(
            f"column {texts.name!r}: expected an offset from UTC in every time or in none, {got}; "
            f"add the offsets, or {suggest_type(texts.name, 'category')}"
        )


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
    found = (date.text for date in DATE_FORMATS if date.pattern.fullmatch(shape))
    return [date for date in found if date not in PADDED_FORMATS or PADDED_PATTERN.fullmatch(shape)]
