"""Infer the format of a column from all of its texts; ambiguous formats are errors."""

from __future__ import annotations

from nntrain.data.parsing.column_format import BOOLEAN_VALUES, ColumnFormat
from nntrain.data.parsing.missing_values import is_missing_marker
from nntrain.data.parsing.number_format import split_number
from nntrain.data.parsing.number_inference import infer_numbers
from nntrain.data.parsing.text_counts import FormatInference, FormatMismatch, TextCounts
from nntrain.data.parsing.time_candidates import find_candidates
from nntrain.data.parsing.time_inference import infer_times


def infer_format(texts: TextCounts) -> FormatInference:
    """Infer the first kind that matches all values; a mismatch if nearly all match one kind; else text.

    DataError for times with an ambiguous format.
    """
    if texts.asked.kind is not None:
        by_kind = {"boolean": infer_booleans, "time": infer_times, "number": infer_numbers, "text": infer_text}
        declared = by_kind[texts.asked.kind](texts)
        assert declared is not None, "a declared kind has a format, or a mismatch"
        return declared
    found = [read(texts) for read in (infer_booleans, infer_times, infer_numbers)]
    inferences = [inference for inference in found if inference is not None]
    return next((one for one in inferences if one.mismatch is None), (inferences or [infer_text(texts)])[0])


def infer_booleans(texts: TextCounts) -> FormatInference | None:
    """Infer true and false; if the column is declared boolean, also yes and no, t and f, y and n, 1 and 0."""
    known, missing = texts.split_missing("boolean")
    words = BOOLEAN_VALUES if texts.declared else {"true": 1.0, "false": 0.0}
    wrong = min((text for text in known if text.lower() not in words), default=None)
    found = ColumnFormat(kind="boolean", missing=texts.asked.missing)
    if wrong is None and (known or texts.declared):
        return FormatInference(found, missing=missing)
    return FormatInference(mismatch=FormatMismatch(str(wrong), "true or false")) if texts.declared else None


def infer_text(texts: TextCounts) -> FormatInference:
    """Return the format of text, which matches any value."""
    found = ColumnFormat(kind="text", missing=texts.asked.missing)
    return FormatInference(found, missing=texts.split_missing("text")[1]) if texts.complete else FormatInference(found)


def is_typed_value(text: str) -> bool:
    """Whether a single text may be a boolean, a number, a time, or missing."""
    if text.lower() in ("true", "false") or is_missing_marker(text):
        return True
    return split_number(text) is not None or bool(find_candidates(text))
