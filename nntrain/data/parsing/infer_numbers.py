"""Whether the texts of a column are numbers, and how they are written."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nntrain.data.advice import taking_for
from nntrain.data.parsing.column_format import ColumnFormat
from nntrain.data.parsing.number_format import CONVENTIONS, Convention, Written, meanings, shape_of, split_number
from nntrain.data.parsing.texts import SLIPS, Inference, Slip, Texts, nearly_all

__all__ = ["EXACT", "infer_numbers"]

# Above this, float64 does not have every integer: two ids would become one.
EXACT = 2**53
DIGITS_OF_EXACT = len(str(EXACT))
DIGITS_OF_LARGEST = 300


@dataclass
class Shape:
    """The rows and the first text of numbers that are written alike."""

    rows: int
    text: str
    written: Written


def infer_numbers(texts: Texts) -> Inference | None:
    """The format of numbers; text where leading zeros or very long digits would be lost; None if they are none."""
    known, missing = texts.parted("number")
    if not known:
        empty = not missing or texts.declared
        return Inference(ColumnFormat(kind="number", missing=texts.asked.missing), missing=missing) if empty else None
    shapes = shapes_of(texts, known)
    if shapes is None:
        return None
    total = sum(known.values())
    rows = sum(shape.rows for shape in shapes)
    if rows < total:
        return slipped(texts, known, shapes, rows, total)
    if not texts.declared and (reason := digits_that_matter(known, shapes)):
        note = f"column {texts.name!r} is a category: {reason}; as numbers: {taking_for(texts.name, 'number')}"
        return Inference(ColumnFormat(kind="text", missing=texts.asked.missing), missing=missing, notes=[note])
    units: Counter[tuple[str, str]] = Counter()
    for shape in shapes:
        units[shape.written.unit] += shape.rows
    if len(units) > 1:
        return of_several_units(texts, known, shapes, units, total)
    return of_one_unit(texts, shapes, missing)


def shapes_of(texts: Texts, known: Mapping[str, int]) -> list[Shape] | None:
    """The numbers by their shape, the most frequent first; None as soon as too many rows are of none."""
    total = sum(known.values())
    others = 0
    found: dict[str, Shape | None] = {}
    allowed = conventions_asked(texts.asked)
    for text, rows in known.items():
        shape = shape_of(text)
        if shape not in found:
            written = split_number(text)
            fits = written is not None and written.conventions & allowed and unit_fits(written, texts.asked)
            found[shape] = Shape(0, text, written) if written is not None and fits else None
        entry = found[shape]
        if entry is not None:
            entry.rows += rows
            continue
        others += rows
        if not texts.declared and others > max(1, SLIPS * total):
            return None
    return sorted((shape for shape in found.values() if shape), key=lambda shape: (-shape.rows, shape.text))


def conventions_asked(asked: ColumnFormat) -> frozenset[Convention]:
    """The conventions with the separators that are declared."""
    return frozenset(
        (decimal, thousands)
        for decimal, thousands in CONVENTIONS
        if asked.decimal in (None, decimal) and asked.thousands in (None, thousands)
    )


def unit_fits(written: Written, asked: ColumnFormat) -> bool:
    """Whether a number has the unit that it must have."""
    return asked.prefix in (None, written.prefix) and asked.suffix in (None, written.suffix)


def slipped(texts: Texts, known: Mapping[str, int], shapes: list[Shape], rows: int, total: int) -> Inference | None:
    """The first text that is not a number, where nearly all are, or where the column is declared to be one."""
    codes = any(leading_zero(shape.written) for shape in shapes)
    if not texts.declared and (codes or not nearly_all(rows, total)):
        return None
    numbers = {shape_of(shape.text) for shape in shapes}
    wrong = min(text for text in known if shape_of(text) not in numbers)
    unit = "".join(filter(None, (texts.asked.prefix, texts.asked.suffix)))
    return Inference(slip=Slip(wrong, f"a number in {unit}" if unit else "a number"))


def digits_that_matter(known: Mapping[str, int], shapes: list[Shape]) -> str | None:
    """Why the numbers are digits rather than quantities, in words for the user."""
    for shape in shapes:
        if leading_zero(shape.written):
            return f"{shape.text!r} has a leading zero"
    if not all(shape.written.body.isdigit() for shape in shapes):
        return None
    long = (text for text in known if len(text) >= DIGITS_OF_EXACT)
    wide = next((text for text in long if abs(int(split_number(text).body)) > EXACT), None)  # type: ignore[union-attr]
    return None if wide is None else f"{wide!r} has more digits than a float64 keeps"


def leading_zero(written: Written) -> bool:
    """Whether a number is written as 007."""
    return written.body.isdigit() and len(written.body) > 1 and written.body[0] == "0" and not written.exponent


def of_several_units(
    texts: Texts, known: Mapping[str, int], shapes: list[Shape], units: Counter[tuple[str, str]], total: int
) -> Inference | None:
    """A slip where nearly all have one unit; else text, with a note."""
    (unit, rows), *_ = units.most_common(1)
    if texts.declared or nearly_all(rows, total):
        wrong = min(shape.text for shape in shapes if shape.written.unit != unit)
        named = "".join(unit)
        return Inference(slip=Slip(wrong, f"a number in {named}, as in the other rows" if named else "a number"))
    examples = [next(shape.text for shape in shapes if shape.written.unit == unit) for unit, _ in units.most_common(2)]
    note = (
        f"column {texts.name!r} is a category: its values are numbers in several units, such as "
        f"{examples[0]!r} and {examples[1]!r}; write them in one unit to have them as numbers"
    )
    found = ColumnFormat(kind="text", missing=texts.asked.missing)
    return Inference(found, missing=texts.parted("text")[1], notes=[note])


def of_one_unit(texts: Texts, shapes: list[Shape], missing: Counter[str]) -> Inference:
    """The separators that all numbers have, or the choice between two meanings of them."""
    common = frozenset(conventions_asked(texts.asked))
    for shape in shapes:
        if not common & shape.written.conventions:
            return Inference(slip=Slip(shape.text, f"a number written as {shapes[0].text!r} is"))
        common &= shape.written.conventions
    bodies = [shape.written.body for shape in shapes]
    ordered = [convention for convention in CONVENTIONS if convention in common]
    meant = meanings(ordered, bodies)
    if (wrong := out_of_range(texts, shapes)) is not None:
        return Inference(slip=Slip(wrong, "a number that a float64 holds"))
    prefix, suffix = shapes[0].written.unit
    found = [
        ColumnFormat("number", decimal, thousands, prefix, suffix, missing=texts.asked.missing)
        for decimal, thousands in meant.values()
    ]
    if len(found) > 1:
        return Inference(choices=found, missing=missing)
    return Inference(found[0], decimals=proven(meant), missing=missing, notes=noted(texts, shapes, found[0]))


def out_of_range(texts: Texts, shapes: list[Shape]) -> str | None:
    """The first number that is infinite as a float64."""
    if not any(shape.written.exponent or len(shape.text) > DIGITS_OF_LARGEST for shape in shapes):
        return None
    written = ((text, split_number(text)) for text in sorted(texts.counts))
    large = (text for text, one in written if one and math.isinf(float(re.sub("[^0-9]", "", one.body) + one.exponent)))
    return next(large, None)


def proven(meant: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The decimal separator that the only meaning of . and , shows."""
    ((dot, comma),) = meant
    if "decimal" in (dot, comma):
        return frozenset("." if dot == "decimal" else ",")
    if "thousands" in (dot, comma):
        return frozenset("," if dot == "thousands" else ".")
    return frozenset()


def noted(texts: Texts, shapes: list[Shape], form: ColumnFormat) -> list[str]:
    """What to say of numbers that are not written as in Python."""
    example = next((shape.text for shape in shapes if form.number.parse(shape.text) != plain(shape.text)), None)
    if example is None:
        return []
    return [f"column {texts.name!r}: {example!r} is read as the number {form.number.parse(example):.12g}"]


def plain(text: str) -> float | None:
    """The number as Python reads it."""
    try:
        return float(text)
    except ValueError:
        return None
