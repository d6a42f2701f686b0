"""Networks in the files of other programs: what plugins build importers and exporters from."""

from nntrain.exchange.exporter import Exporter
from nntrain.exchange.importer import Importer
from nntrain.exchange.network import Network

__all__ = ["Exporter", "Importer", "Network"]
