"""The base of exporters of networks. Public: a plugin's comes in by the hook ``nntrain_exporters``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from nntrain.exchange.exchange_network import ExchangeNetwork

__all__ = ["Exporter"]


class Exporter(ABC):
    """Writes networks into files whose names end in one of ``suffixes``, such as ".onnx"."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def write(
        self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None
    ) -> Sequence[str] | None:
        """Write a network to ``path``, which is complete or not there.

        ``input_size``: the sizes of a row of inputs, for formats that state them, where ``network.schema`` does not
        tell. The lines that it returns, if any, are told to the user: what the file takes and gives, say.
        CheckpointError, with the module's path in the network, for one that the format has nothing for.
        """
