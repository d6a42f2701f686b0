"""The base of importers. Public: a plugin's importer is registered by the hook ``nntrain_importers``."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from nntrain.exchange.exchange_network import ExchangeNetwork


class Importer(ABC):
    """Reads networks from files whose names end in one of ``suffixes``, such as ".t7"."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
        """Read the network of a file.

        ``partial``: unknown modules become placeholders that can only be printed, with notes. ``long_size``: the size
        of an integer, for formats that depend on the machine that wrote them. CheckpointError for a file that cannot be
        read or has no network.
        """

    def load(self, path: Path, *, long_size: int | None = None) -> Any:
        """Return the result of ``nntrain.load``: the model, or other content if the format has it."""
        return self.read(path, long_size=long_size).model
