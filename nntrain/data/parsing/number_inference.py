"""Infer whether the texts of a column are numbers, and their format."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nntrain.data.option_suggestions import suggest_type
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_format import (
    SEPARATORS,
    NumberParts,
    Separators,
    find_meanings,
    find_separators,
    get_shape,
    parse_float,
    split_number,
)
from nntrain.data.parsing.text_counts import MAX_MISMATCHES, FormatInference, TextCounts, is_nearly_all

# Above this, float64 cannot represent every integer: two IDs would become equal.
MAX_EXACT_INTEGER = 2**53
MAX_EXACT_DIGITS = len(str(MAX_EXACT_INTEGER))
MAX_FINITE_DIGITS = 300


@dataclass
class NumberShape:
    """The number of rows and the first text of numbers of one shape."""

    rows: int
    text: str
    written: NumberParts


def infer_numbers(texts: TextCounts) -> FormatInference | None:
    """Infer the format of numbers; text if leading zeros or digits would be lost; None for other texts."""
    known, missing = texts.split_missing("number")
    if not known:
        is_empty = not missing or texts.declared
        return FormatInference(ColumnFormat("number"), missing=missing) if is_empty else None
    shapes = group_by_shape(texts, known)
    if shapes is None:
        return None
    total = sum(known.values())
    rows = sum(shape.rows for shape in shapes)
    if rows < total:
        return find_mismatch(texts, known, shapes, rows, total)
    if not texts.declared and (reason := explain_category(known, shapes)):
        note = f"column {texts.name!r} is a category: {reason}; as numbers: {suggest_type(texts.name, 'number')}"
        return FormatInference(ColumnFormat("text"), missing=missing, notes=[note])
    units: Counter[tuple[str, str]] = Counter()
    for shape in shapes:
        units[shape.written.unit] += shape.rows
    if len(units) > 1:
        return infer_mixed_units(texts, known, shapes, units, total)
    return infer_single_unit(texts, shapes, missing)


def group_by_shape(texts: TextCounts, known: Mapping[str, int]) -> list[NumberShape] | None:
    """Group the numbers by shape, the most frequent first; None as soon as too many rows are not numbers."""
    total = sum(known.values())
    others = 0
    found: dict[str, NumberShape | None] = {}
    asked, allowed = texts.asked, get_allowed_separators(texts.asked)
    for text, rows in known.items():
        shape = get_shape(text)
        if shape not in found:
            written = split_number(text)
            found[shape] = None
            if written is not None and find_separators(written.body) & allowed:
                has_unit = asked.prefix in (None, written.prefix) and asked.suffix in (None, written.suffix)
                found[shape] = NumberShape(0, text, written) if has_unit else None
        entry = found[shape]
        if entry is not None:
            entry.rows += rows
            continue
        others += rows
        if not texts.declared and others > max(1, MAX_MISMATCHES * total):
            return None
    return sorted((shape for shape in found.values() if shape), key=lambda shape: (-shape.rows, shape.text))


def get_allowed_separators(asked: ColumnFormat) -> frozenset[Separators]:
    """Return the conventions with the declared separators."""
    return frozenset(
        (decimal, thousands)
        for decimal, thousands in SEPARATORS
        if asked.decimal in (None, decimal) and asked.thousands in (None, thousands)
    )


def find_mismatch(
    texts: TextCounts, known: Mapping[str, int], shapes: list[NumberShape], rows: int, total: int
) -> FormatInference | None:
    """Return the first text that is not a number if nearly all are, or if numbers are declared."""
    codes = any(has_leading_zero(shape.written) for shape in shapes)
    if not texts.declared and (codes or not is_nearly_all(rows, total)):
        return None
    numbers = {get_shape(shape.text) for shape in shapes}
    wrong = min(text for text in known if get_shape(text) not in numbers)
    unit = "".join(filter(None, (texts.asked.prefix, texts.asked.suffix)))
    return FormatInference(wrong=wrong, expected=f"a number in {unit}" if unit else "a number")


def explain_category(known: Mapping[str, int], shapes: list[NumberShape]) -> str | None:
    """Return why the numbers are identifiers rather than quantities, as a user message."""
    for shape in shapes:
        if has_leading_zero(shape.written):
            return f"{shape.text!r} has a leading zero"
    if not all(shape.written.body.isdigit() for shape in shapes):
        return None
    long = (text for text in known if len(text) >= MAX_EXACT_DIGITS)
    wide = next((text for text in long if abs(int(split_number(text).body)) > MAX_EXACT_INTEGER), None)  # type: ignore[union-attr]
    return None if wide is None else f"{wide!r} has more digits than a float64 can represent"


def has_leading_zero(written: NumberParts) -> bool:
    """Whether a number starts like 007."""
    return written.body.isdigit() and len(written.body) > 1 and written.body[0] == "0" and not written.exponent


def infer_mixed_units(
    texts: TextCounts, known: Mapping[str, int], shapes: list[NumberShape], units: Counter[tuple[str, str]], total: int
) -> FormatInference | None:
    """Return a mismatch if nearly all have one unit; else text, with a note."""
    (unit, rows), *_ = units.most_common(1)
    if texts.declared or is_nearly_all(rows, total):
        wrong = min(shape.text for shape in shapes if shape.written.unit != unit)
        named = "".join(unit)
        return FormatInference(
            wrong=wrong, expected=f"a number in {named}, as in the other rows" if named else "a number"
        )
    examples = [next(shape.text for shape in shapes if shape.written.unit == unit) for unit, _ in units.most_common(2)]
    note = (
        f"column {texts.name!r} is a category: its values are numbers in several units, e.g. "
        f"{examples[0]!r} and {examples[1]!r}; convert them to one unit to read them as numbers"
    )
    return FormatInference(ColumnFormat("text"), missing=texts.split_missing("text")[1], notes=[note])


def infer_single_unit(texts: TextCounts, shapes: list[NumberShape], missing: Counter[str]) -> FormatInference:
    """Infer the separators that match all numbers, or the choices if they have two meanings."""
    common = frozenset(get_allowed_separators(texts.asked))
    for shape in shapes:
        if not common & find_separators(shape.written.body):
            return FormatInference(wrong=shape.text, expected=f"a number written as {shapes[0].text!r} is")
        common &= find_separators(shape.written.body)
    bodies = [shape.written.body for shape in shapes]
    ordered = [convention for convention in SEPARATORS if convention in common]
    meanings = find_meanings(ordered, bodies)
    if (wrong := find_out_of_range(texts, shapes)) is not None:
        return FormatInference(wrong=wrong, expected="a number in the range of float64")
    prefix, suffix = shapes[0].written.unit
    found = [ColumnFormat("number", *separators, prefix, suffix) for separators in meanings.values()]
    if len(found) > 1:
        return FormatInference(choices=found, missing=missing)
    return FormatInference(
        found[0], decimals=get_proven_decimals(meanings), missing=missing, notes=build_notes(texts, shapes, found[0])
    )


def find_out_of_range(texts: TextCounts, shapes: list[NumberShape]) -> str | None:
    """Return the first number that is infinite as a float64."""
    if not any(shape.written.exponent or len(shape.text) > MAX_FINITE_DIGITS for shape in shapes):
        return None
    written = ((text, split_number(text)) for text in sorted(texts.counts))
    large = (text for text, one in written if one and math.isinf(float(re.sub("[^0-9]", "", one.body) + one.exponent)))
    return next(large, None)


def get_proven_decimals(meanings: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the decimal separator that the only meanings of . and , prove."""
    ((dot, comma),) = meanings
    if dot == "decimal" or comma == "thousands":
        return frozenset(".")
    return frozenset("," if dot or comma else "")


def build_notes(texts: TextCounts, shapes: list[NumberShape], form: ColumnFormat) -> list[str]:
    """Build the note about numbers that are not written as in Python."""
    example = next((shape.text for shape in shapes if form.number.parse(shape.text) != parse_float(shape.text)), None)
    if example is None:
        return []
    return [f"column {texts.name!r}: {example!r} is read as the number {form.number.parse(example):.12g}"]
