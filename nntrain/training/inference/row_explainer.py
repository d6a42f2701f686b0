"""What predictions need to explain their rows."""

from collections.abc import Mapping
from typing import Protocol

from nntrain.compute.array import Array, Value


class RowExplainer(Protocol):
    """Explains the predictions of rows."""

    def build_columns(self, inputs: Value) -> Mapping[str, Array]:
        """Return columns for encoded rows, with the same names for all: float64, or objects that are strings."""

    def build_notes(self) -> list[str]:
        """Return notes for the user after the last rows."""
