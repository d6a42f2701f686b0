"""The base of importers of networks. Public: a plugin's comes in by the hook ``nntrain_importers``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from nntrain.exchange.exchange_network import ExchangeNetwork

__all__ = ["Importer"]


class Importer(ABC):
    """Reads networks from files whose names end in one of ``suffixes``, such as ".t7"."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
        """The network of a file.

        ``partial``: what cannot be mapped becomes a module that only prints, and is told in the notes. ``long_size``:
        the bytes of a whole number, for formats that depend on the machine that wrote them. CheckpointError for a file
        that cannot be read, or holds no network.
        """

    def load(self, path: Path, *, long_size: int | None = None) -> Any:
        """What ``nntrain.load`` gives: the model, or what else the file holds, where the format has other things."""
        return self.read(path, long_size=long_size).model
