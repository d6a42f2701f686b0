"""The forms of network outputs."""

from typing import Literal, TypeAlias, get_args

OutputForm: TypeAlias = Literal["logits", "log_probabilities", "probabilities", "values"]

FORMS: tuple[OutputForm, ...] = get_args(OutputForm)
