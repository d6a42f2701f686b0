"""Infer whether the texts of a column are times, and the only format that matches all of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nntrain.data.option_suggestions import suggest_column_key, suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.text_counts import MAX_MISMATCHES, FormatInference, TextCounts, is_nearly_all
from nntrain.data.parsing.time_candidates import DIGITS_TO_ONES, find_candidates
from nntrain.data.parsing.time_format import ISO, ISO_CLOCK, TimeFormat
from nntrain.errors import DataError


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
