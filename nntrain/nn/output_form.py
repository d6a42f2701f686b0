"""The forms of network outputs."""

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

OutputForm: TypeAlias = Literal["logits", "log_probabilities", "probabilities", "values"]

FORMS: tuple[OutputForm, ...] = get_args(OutputForm)


def find_common_form(forms: Iterable[OutputForm]) -> OutputForm:
    """Return the common form, ignoring "values"; "values" if the others differ."""
    found = set(forms) - {"values"}
    return found.pop() if len(found) == 1 else "values"
