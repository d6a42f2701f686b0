"""The file formats of other frameworks, by the suffixes of their plugins."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.exchange.importer import Importer
from nntrain.hooks.registry import get_registry


def is_importable(path: Path) -> bool:
    """Whether a plugin reads networks from files with this suffix."""
    return get_registry().find_by_suffix("importer", path) is not None


def is_exportable(path: Path) -> bool:
    """Whether a plugin writes networks to files with this suffix."""
    return get_registry().find_by_suffix("exporter", path) is not None


def read_network(path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
    """Read the network of a file of another framework. CheckpointError if it cannot be read."""
    return find_importer(path).read(path, partial=partial, long_size=long_size)


def read_value(path: Path, *, long_size: int | None = None) -> Any:
    """Read the content of such a file, a network or not. CheckpointError if it cannot be read."""
    return find_importer(path).load(path, long_size=long_size)


def find_importer(path: Path) -> Importer:
    """Return the importer for a file. CheckpointError if there is no importer or no file."""
    entry = get_registry().find_by_suffix("importer", path)
    if entry is None:
        raise CheckpointError(f"{path}: expected a suffix with an importer: {format_suffixes('importer')}")
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")
    importer: Importer = entry.cls()
    return importer


def write_network(network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None) -> Sequence[str]:
    """Write a network for another framework, and return the exporter's lines for the user.

    CheckpointError if the format cannot represent a module.
    """
    entry = get_registry().find_by_suffix("exporter", path)
    if entry is None:
        raise CheckpointError(f"{path}: expected a suffix with an exporter: {format_suffixes('exporter')}")
    if not path.parent.is_dir():
        raise CheckpointError(f"{path}: no such folder: {path.parent}; create it first")
    return entry.cls().write(network, path, input_size=input_size) or ()


def format_suffixes(kind: str) -> str:
    """Format the suffixes of all importers or exporters as a list in a sentence."""
    found = get_registry()
    return ", ".join(suffix for name in found.names(kind) for suffix in found.find(kind, name).cls.suffixes) or "none"
