"""The exporter of .t7 files."""

from pathlib import Path

from nntrain.exchange import ExchangeNetwork, Exporter
from nntrain_torch7.format import write
from nntrain_torch7.object_builder import ObjectBuilder


class Torch7Exporter(Exporter):
    """A binary file that ``torch.load`` reads with the package nn; ascii if the name ends in ``.ascii.t7``.

    Errors: CheckpointError, with the path of the module, for a class that Torch7 does not have.
    """

    suffixes = (".t7",)

    def write(self, network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None) -> None:
        """Write the model; the file cannot contain preprocessing and criterion."""
        write(ObjectBuilder(str(path)).build(network.model), path, ascii=path.name.endswith(".ascii.t7"))
