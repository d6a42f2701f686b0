"""Categories as one input each."""

from dataclasses import dataclass

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.tables.raw_column import RawColumn


@dataclass
class OneHotColumn(CategoryColumn):
    """y_c = 1 for the category's code c, else 0.

    A category never seen in training is all zeros, unless rare ones trained the input of code 0: an input that is
    always 0 in training keeps its random weights, which would first take effect at inference.
    """

    def encode(self, raw: RawColumn) -> Array:
        codes = self.encode_codes(raw) - self._first
        y = np.zeros((len(codes), self.width), np.float32)
        known = np.flatnonzero(codes >= 0)
        y[known, codes[known]] = 1
        return y

    @property
    def names(self) -> list[str]:
        return [f"{self.name}={label}" for label in self.code_names[self._first :]]

    @property
    def _first(self) -> int:
        return 0 if self.rare else 1
