"""The file formats of other programs, by the suffixes that plugins name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange.exchange_network import ExchangeNetwork
from nntrain.exchange.importer import Importer
from nntrain.hooks.registry import get_registry

__all__ = ["format_suffixes", "is_exportable", "is_importable", "read_network", "read_value", "write_network"]


def is_importable(path: Path) -> bool:
    """Whether a plugin reads networks from files of such a name."""
    return get_registry().find_by_suffix("importer", path) is not None


def is_exportable(path: Path) -> bool:
    """Whether a plugin writes networks into files of such a name."""
    return get_registry().find_by_suffix("exporter", path) is not None


def read_network(path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
    """The network of a file of another program. CheckpointError if it cannot be read."""
    return find_importer(path).read(path, partial=partial, long_size=long_size)


def read_value(path: Path, *, long_size: int | None = None) -> Any:
    """Whatever such a file holds, a network or not. CheckpointError if it cannot be read."""
    return find_importer(path).load(path, long_size=long_size)


def find_importer(path: Path) -> Importer:
    """What reads a file. CheckpointError if there is none, or no file."""
    entry = get_registry().find_by_suffix("importer", path)
    if entry is None:
        raise CheckpointError(f"{path}: no importer knows this suffix; those known are: {format_suffixes('importer')}")
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")
    made: Importer = entry.cls()
    return made


def write_network(network: ExchangeNetwork, path: Path, *, input_size: tuple[int, ...] | None = None) -> Sequence[str]:
    """Write a network for another program, and tell what the exporter has to say of the file.

    CheckpointError if its format has nothing for a module of it.
    """
    entry = get_registry().find_by_suffix("exporter", path)
    if entry is None:
        raise CheckpointError(f"{path}: no exporter knows this suffix; those known are: {format_suffixes('exporter')}")
    if not path.parent.is_dir():
        raise CheckpointError(f"{path}: there is no folder {path.parent}; make it first")
    return entry.cls().write(network, path, input_size=input_size) or ()


def format_suffixes(kind: str) -> str:
    """The suffixes of all importers or exporters, as a sentence lists them."""
    found = get_registry()
    return ", ".join(suffix for name in found.names(kind) for suffix in found.find(kind, name).cls.suffixes) or "none"
