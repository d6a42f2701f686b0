"""Networks into .t7 files."""

from __future__ import annotations

from pathlib import Path

from nntrain.exchange import ExchangeNetwork, Exporter
from nntrain_torch7.format import write
from nntrain_torch7.object_builder import ObjectBuilder

__all__ = ["Torch7Exporter"]


class Torch7Exporter(Exporter):
    """A network that ``torch.load`` reads with the package nn, binary; a name that ends in ``.ascii.t7`` gives text.

    Errors: CheckpointError, with the place in the network, for a class that Torch has not.
    """

    suffixes = (".t7",)

    def write(self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None) -> None:
        """Write the model; preprocessing and criterion have no place in such a file."""
        write(ObjectBuilder(str(path)).build(network.model), path, ascii=path.name.endswith(".ascii.t7"))
