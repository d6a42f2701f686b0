"""The scores of several sets as the rows of a table."""

from collections.abc import Mapping
from typing import Any

from nntrain.formatting import format_number


def select_scalars(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores that are single numbers."""
    return {name: value for name, value in scores.items() if not isinstance(value, Mapping)}


def build_score_rows(scores: Mapping[str, Mapping[str, Any]], header: str = "") -> list[list[str]]:
    """Return a header and one row for each set with its scalar scores; ``header``: that of the names of the sets."""
    names = {name: None for values in scores.values() for name in select_scalars(values)}
    rows = [
        [split, *(format_number(select_scalars(values).get(name)) for name in names)]
        for split, values in scores.items()
    ]
    return [[header, *names], *rows]
