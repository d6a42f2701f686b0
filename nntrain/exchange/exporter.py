"""The base of exporters. Public: a plugin's exporter is registered by the hook ``nntrain_exporters``."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from nntrain.exchange.exchange_network import ExchangeNetwork


class Exporter(ABC):
    """Writes networks to files whose names end in one of ``suffixes``, such as ".onnx"."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def write(
        self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None
    ) -> Sequence[str] | None:
        """Write a network to ``path`` atomically.

        ``input_size``: the shape of one input row, for formats that contain it, if ``network.schema`` does not define
        it. Return lines for the user, such as the inputs and outputs of the file, or None.
        CheckpointError, with the path of the module, if the format cannot represent a module.
        """
