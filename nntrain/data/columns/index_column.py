"""Categories as indices of the rows of a LookupTable."""

from dataclasses import dataclass

from nntrain.compute.array import Array
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.tables.raw_column import RawColumn


@dataclass
class IndexColumn(CategoryColumn):
    """y = the category's code, int64 (n,), below ``size``."""

    def encode(self, raw: RawColumn) -> Array:
        return self.encode_codes(raw)

    @property
    def size(self) -> int:
        """The number of codes."""
        return len(self.code_names)
