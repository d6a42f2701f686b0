"""Infer the formats of columns from all of their texts; ambiguous formats are errors.

The columns of a file together decide the meaning of a comma or a point.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nntrain.data.option_suggestions import suggest_column_key, suggest_key, suggest_type
from nntrain.data.parsing.column_format import BOOLEAN_VALUES, ColumnFormat
from nntrain.data.parsing.missing_values import INFINITE_WORDS, is_missing_marker
from nntrain.data.parsing.number_format import split_number
from nntrain.data.parsing.number_inference import infer_numbers
from nntrain.data.parsing.text_counts import FormatInference, TextCounts
from nntrain.data.parsing.time_inference import find_candidates, infer_times
from nntrain.errors import DataError

# Maximum number of columns that a note lists.
MAX_LISTED = 5


def infer_file_formats(
    columns: Iterable[TextCounts], decimals: Collection[str], *, point: bool
) -> dict[str, FormatInference]:
    """Infer the format of each column; an inference without a mismatch has a format.

    ``decimals``: the decimal separators that other columns of the file prove. ``point``: whether the point is the
    decimal separator of numbers like 1.743 if no column proves one. DataError for ambiguous numbers.
    """
    texts = {column.name: column for column in columns}
    found = {name: infer_format(column) for name, column in texts.items()}
    proven = set(decimals).union(*(inference.decimals for inference in found.values()))
    for name, inference in found.items():
        if inference.choices:
            inference.format = choose_format(texts[name], inference.choices, proven, point=point)
        if inference.format is not None:
            inference.format = replace(inference.format, missing=texts[name].asked.missing)
    return found


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
    return next((one for one in inferences if one.wrong is None), (inferences or [infer_text(texts)])[0])


def infer_booleans(texts: TextCounts) -> FormatInference | None:
    """Infer true and false; if the column is declared boolean, also yes and no, t and f, y and n, 1 and 0."""
    known, missing = texts.split_missing("boolean")
    words = BOOLEAN_VALUES if texts.declared else {"true": 1.0, "false": 0.0}
    wrong = min((text for text in known if text.lower() not in words), default=None)
    if wrong is None and (known or texts.declared):
        return FormatInference(ColumnFormat("boolean"), missing=missing)
    return FormatInference(wrong=str(wrong), expected="true or false") if texts.declared else None


def infer_text(texts: TextCounts) -> FormatInference:
    """Return the format of text, which matches any value."""
    missing = texts.split_missing("text")[1] if texts.complete else Counter()
    return FormatInference(ColumnFormat("text"), missing=missing)


def is_typed_value(text: str) -> bool:
    """Whether a single text may be a boolean, a number, a time, or missing."""
    if text.lower() in ("true", "false") or is_missing_marker(text):
        return True
    return split_number(text) is not None or bool(find_candidates(text))


def choose_format(texts: TextCounts, choices: list[ColumnFormat], proven: set[str], *, point: bool) -> ColumnFormat:
    """Choose the format with the decimal separator of the file and of the training rows."""
    known = proven
    if texts.trained is not None and texts.trained.decimal is not None:
        # If a new file contradicts the training rows, the numbers are ambiguous.
        known = proven | {texts.trained.decimal}
    elif not known and point and all("." in text for text in texts.split_missing("number")[0]):
        # If all numbers have three digits after a point, it is the decimal separator; with integers among them, it may
        # be the thousands separator.
        known = {"."}
    left = [choice for choice in choices if choice.decimal in known]
    if len(left) == 1:
        return left[0]
    example = next(text for text in sorted(texts.counts) if len(parse_all_ways(text, choices)) > 1)
    meanings = " or ".join(f"{value:.12g}" for value in parse_all_ways(example, choices))
    advice = " or ".join(suggest_column_key(texts.name, "decimal", mark) for mark in ".,")
    raise DataError(
        f"column {texts.name!r}: expected numbers with one meaning, got {example!r}, which is {meanings}; {advice}, "
        f"or for the file {suggest_key('decimal', ',')}; as a category {suggest_type(texts.name, 'category')}"
    )


def parse_all_ways(text: str, choices: Iterable[ColumnFormat]) -> list[float]:
    """Return the distinct numbers that a text means in the formats."""
    values = (choice.number.parse(text) for choice in choices)
    return [value for value in dict.fromkeys(values) if value == value]


def build_notes(inferences: Mapping[str, FormatInference]) -> list[str]:
    """Build the notes about formats and missing values; columns with the same missing values share a note."""
    notes = [note for inference in inferences.values() for note in inference.notes]
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    infinite: Counter[str] = Counter()
    for name, inference in inferences.items():
        declared = inference.format.missing if inference.format is not None else None
        words = Counter({word: rows for word, rows in inference.missing.items() if word not in (declared or ())})
        for word in [word for word in words if word.lower() in INFINITE_WORDS]:
            infinite[name] += words.pop(word)
        if words:
            groups[tuple(sorted(words))].append(name)
    for same, names in groups.items():
        listed = ", ".join(f"{word!r} ({sum(inferences[name].missing[word] for name in names):,})" for word in same)
        option = suggest_column_key(names[0], "missing", []) if len(names) == 1 else suggest_key("missing", [])
        notes.append(f"{format_columns(names)}: read as missing: {listed}; to keep them as values: {option}")
    return [*notes, *(build_infinite_note(name, rows) for name, rows in infinite.items())]


def build_infinite_note(name: str, rows: int) -> str:
    """Build the note about the infinite values of a column."""
    verb = "value is" if rows == 1 else "values are"
    return f"column {name!r}: {rows:,} infinite {verb} read as missing"


def format_columns(names: list[str]) -> str:
    """List columns by name, at most MAX_LISTED."""
    listed = ", ".join(map(repr, names[:MAX_LISTED]))
    more = f" and {len(names) - MAX_LISTED:,} more" if len(names) > MAX_LISTED else ""
    return f"column{'s' if len(names) > 1 else ''} {listed}{more}"
