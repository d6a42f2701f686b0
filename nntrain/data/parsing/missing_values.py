"""The texts that mean a missing value."""

# Read as missing in every column of a text file, as pandas does. "None" is not one of them: in many tables it is a
# category (no alley, no basement). An empty cell is always missing.
MISSING_WORDS = frozenset({"NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "null", "NULL", "?"})

# In lowercase, read as missing if all other cells are numbers or times.
MISSING_MARKERS = frozenset(
    {
        *(word.lower() for word in MISSING_WORDS),
        *(".", "-", "--", "---", "–", "—", "*", "none", "nil", "unknown", "unk", "missing", "undefined"),
        *("<na>", "<nan>", "nat", "n.a.", "n.a", "#n/a n/a", "#na", "-nan", "+nan", "1.#ind", "-1.#ind", "1.#qnan"),
        *("#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "not available", "(null)", "\\n"),
    }
)

# Infinite numbers, which a network cannot be trained on: missing, with a separate note.
INFINITE_WORDS = frozenset(
    sign + word for sign in ("", "+", "-", "\N{MINUS SIGN}") for word in ("inf", "infinity", "1.#inf", "∞")
)


def is_missing_marker(text: str) -> bool:
    """Whether ``text`` means a missing value in a column of numbers or times."""
    lowered = text.lower()
    return lowered in MISSING_MARKERS or lowered in INFINITE_WORDS
