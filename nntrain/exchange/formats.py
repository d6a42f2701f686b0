"""The file formats of other programs, by the suffixes that plugins name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange.importer import Importer
from nntrain.exchange.network import Network
from nntrain.hooks.registry import registry

__all__ = ["exports", "imports", "read_network", "read_value", "suffixes", "write_network"]


def imports(path: Path) -> bool:
    """Whether a plugin reads networks from files of such a name."""
    return registry().by_suffix("importer", path) is not None


def exports(path: Path) -> bool:
    """Whether a plugin writes networks into files of such a name."""
    return registry().by_suffix("exporter", path) is not None


def read_network(path: Path, *, partial: bool = False, long_size: int | None = None) -> Network:
    """The network of a file of another program. CheckpointError if it cannot be read."""
    return importer(path).read(path, partial=partial, long_size=long_size)


def read_value(path: Path, *, long_size: int | None = None) -> Any:
    """Whatever such a file holds, a network or not. CheckpointError if it cannot be read."""
    return importer(path).load(path, long_size=long_size)


def importer(path: Path) -> Importer:
    """What reads a file. CheckpointError if there is none, or no file."""
    entry = registry().by_suffix("importer", path)
    if entry is None:
        raise CheckpointError(f"{path}: no importer knows this suffix; those known are: {suffixes('importer')}")
    if not path.is_file():
        raise CheckpointError(f"{path}: no such file")
    made: Importer = entry.cls()
    return made


def write_network(network: Network, path: Path, *, input_size: tuple[int, ...] | None = None) -> Sequence[str]:
    """Write a network for another program, and tell what the exporter has to say of the file.

    CheckpointError if its format has nothing for a module of it.
    """
    entry = registry().by_suffix("exporter", path)
    if entry is None:
        raise CheckpointError(f"{path}: no exporter knows this suffix; those known are: {suffixes('exporter')}")
    if not path.parent.is_dir():
        raise CheckpointError(f"{path}: there is no folder {path.parent}; make it first")
    return entry.cls().write(network, path, input_size=input_size) or ()


def suffixes(kind: str) -> str:
    """The suffixes of all importers or exporters, as a sentence lists them."""
    found = registry()
    return ", ".join(suffix for name in found.names(kind) for suffix in found.find(kind, name).cls.suffixes) or "none"
