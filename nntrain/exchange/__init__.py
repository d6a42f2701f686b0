"""Import and export networks of other frameworks: the base classes for plugins."""

from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.exchange.exporter import Exporter
from nntrain.exchange.importer import Importer
from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain.exchange.torch7_mapping import Torch7Mapping

__all__ = ["ExchangeNetwork", "Exporter", "Importer", "Torch7Argument", "Torch7Mapping"]
