"""A network as it passes between nntrain and other programs."""

from __future__ import annotations

from dataclasses import dataclass

from nntrain.data.preprocessing.array_preprocessor import ArrayPreprocessor
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module

__all__ = ["ExchangeNetwork"]


@dataclass
class ExchangeNetwork:
    """A model; its criterion and the preprocessing of its rows where they are known; and what is to be said of it.

    ``threshold``: the probability above which the positive one of two classes, or each label, is predicted; None: a
    half.
    """

    model: Module
    criterion: Criterion | None = None
    schema: Preprocessor | ArrayPreprocessor | None = None
    notes: tuple[str, ...] = ()
    threshold: float | list[float] | None = None
