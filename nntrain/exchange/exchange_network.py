"""A network exchanged with other frameworks."""

from dataclasses import dataclass

from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module


@dataclass
class ExchangeNetwork:
    """A model, its criterion and preprocessing if known, and notes for the user.

    ``threshold``: the probability above which the positive of two classes, or each label, is predicted; None: one half.
    """

    model: Module
    criterion: Criterion | None = None
    schema: Preprocessor | None = None
    notes: tuple[str, ...] = ()
    threshold: float | list[float] | None = None
