"""The format of a column, inferred from all of its texts: nothing is guessed, and what cannot be decided is refused."""

from __future__ import annotations

from nntrain.data.parsing.column_format import BOOLEANS, ColumnFormat
from nntrain.data.parsing.infer_numbers import infer_numbers
from nntrain.data.parsing.infer_times import infer_times
from nntrain.data.parsing.missing import is_marker
from nntrain.data.parsing.number_format import split_number
from nntrain.data.parsing.texts import Inference, Slip, Texts
from nntrain.data.parsing.time_candidates import candidates_for

__all__ = ["infer", "is_value"]


def infer(texts: Texts) -> Inference:
    """The format of the first kind that all values are; a slip where nearly all are of one kind; else text.

    DataError for times whose format cannot be decided.
    """
    if texts.asked.kind is not None:
        by_kind = {"boolean": infer_booleans, "time": infer_times, "number": infer_numbers, "text": infer_text}
        declared = by_kind[texts.asked.kind](texts)
        assert declared is not None, "a declared kind has a format, or a slip"
        return declared
    found = [read(texts) for read in (infer_booleans, infer_times, infer_numbers)]
    inferences = [inference for inference in found if inference is not None]
    return next((one for one in inferences if one.slip is None), (inferences or [infer_text(texts)])[0])


def infer_booleans(texts: Texts) -> Inference | None:
    """True and false; where the column is declared to be boolean, also yes and no, t and f, y and n, 1 and 0."""
    known, missing = texts.parted("boolean")
    words = BOOLEANS if texts.declared else {"true": 1.0, "false": 0.0}
    wrong = min((text for text in known if text.lower() not in words), default=None)
    found = ColumnFormat(kind="boolean", missing=texts.asked.missing)
    if wrong is None and (known or texts.declared):
        return Inference(found, missing=missing)
    return Inference(slip=Slip(str(wrong), "true or false")) if texts.declared else None


def infer_text(texts: Texts) -> Inference:
    """Text, which anything is."""
    found = ColumnFormat(kind="text", missing=texts.asked.missing)
    return Inference(found, missing=texts.parted("text")[1]) if texts.complete else Inference(found)


def is_value(text: str) -> bool:
    """Whether a text alone may be a boolean, a number, a time, or a missing one of these."""
    if text.lower() in ("true", "false") or is_marker(text):
        return True
    return split_number(text) is not None or bool(candidates_for(text))
