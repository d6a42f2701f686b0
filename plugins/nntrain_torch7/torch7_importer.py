"""Networks from .t7 files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange import ExchangeNetwork, Importer
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.shell_command import format_command
from nntrain_torch7.classes.argument import spoken
from nntrain_torch7.classes.known import known
from nntrain_torch7.format import TorchObject, read
from nntrain_torch7.format.own_ways import HASHES, VECTORS
from nntrain_torch7.importing import Import
from nntrain_torch7.networks import found_in, is_criterion, outermost

__all__ = ["Torch7Importer"]


class Torch7Importer(Importer):
    """A network that ``torch.save`` wrote, alone or inside of tables and other objects; nothing in the file is run.

    Errors: CheckpointError for a file that is damaged, holds no network or several, or a class without a counterpart.
    """

    suffixes = (".t7", ".net", ".th")

    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
        """The network of a file, and the criterion beside it if there is one.

        People saved {model = ..., optimState = ..., epoch = ...}: the only network in a table is taken.
        """
        value = read(path, long_size=long_size)
        making = Import(str(path), size=path.stat().st_size, partial=partial)
        found = outermost(list(found_in(value)))
        modules = [(place, item) for place, item in found if not is_criterion(item)]
        criterions = [item for _, item in found if is_criterion(item)]
        if isinstance(value, TorchObject) and not modules:
            return self.whole(path, value, making)
        if not modules:
            raise CheckpointError(
                f"{path}: holds {spoken(value)}, and no network in it; see all with: {format_command('t7', path)}"
            )
        if len(modules) > 1:
            listed = ", ".join(place for place, _ in modules)
            raise CheckpointError(f"{path}: holds several networks: {listed}; save one of them in a file of its own")
        place, item = modules[0]
        model = making.component(item)
        kind = "table" if isinstance(value, dict) else getattr(value, "name", "")
        notes = (f"the network is at {place!r} of the {kind} in the file",) if place else ()
        criterion = making.component(criterions[0]) if len(criterions) == 1 else None
        return ExchangeNetwork(
            model, criterion if isinstance(criterion, Criterion) else None, notes=(*notes, *making.notes)
        )

    def whole(self, path: Path, value: TorchObject, making: Import) -> ExchangeNetwork:
        """The network of a file whose object has none inside: one that is only shown, or CheckpointError."""
        if value.name in HASHES + VECTORS:
            raise CheckpointError(
                f"{path}: holds a {value.name} and no network in it; see all with: {format_command('t7', path)}"
            )
        model = making.component(value)
        if not isinstance(model, Module):
            raise CheckpointError(f"{path}: holds a criterion, {value.name}, and no network")
        return ExchangeNetwork(model, notes=tuple(making.notes))

    def load(self, path: Path, *, long_size: int | None = None) -> Any:
        """A module, a criterion, or what else the file holds: numbers, texts, arrays, and dicts of these."""
        value = read(path, long_size=long_size)
        if isinstance(value, TorchObject) and known(value.name) is not None:
            return Import(str(path), size=path.stat().st_size).component(value)
        return value
