"""Networks from .t7 files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange import ExchangeNetwork, Importer
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.shell_command import format_command
from nntrain_torch7.format import TorchObject, read
from nntrain_torch7.format.type_codes import HASH_CLASSES, VECTOR_CLASSES
from nntrain_torch7.mappings.arguments import describe_value
from nntrain_torch7.mappings.mapping_lookup import find_class
from nntrain_torch7.module_builder import ModuleBuilder
from nntrain_torch7.module_search import find_modules, is_criterion, select_outermost

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
        making = ModuleBuilder(str(path), size=path.stat().st_size, partial=partial)
        found = select_outermost(list(find_modules(value)))
        modules = [(place, item) for place, item in found if not is_criterion(item)]
        criterions = [item for _, item in found if is_criterion(item)]
        if isinstance(value, TorchObject) and not modules:
            return self.read_single(path, value, making)
        if not modules:
            raise CheckpointError(
                f"{path}: holds {describe_value(value)}, and no network in it; "
                f"see all with: {format_command('t7', path)}"
            )
        if len(modules) > 1:
            listed = ", ".join(place for place, _ in modules)
            raise CheckpointError(f"{path}: holds several networks: {listed}; save one of them in a file of its own")
        place, item = modules[0]
        model = making.build(item)
        kind = "table" if isinstance(value, dict) else getattr(value, "name", "")
        notes = (f"the network is at {place!r} of the {kind} in the file",) if place else ()
        criterion = making.build(criterions[0]) if len(criterions) == 1 else None
        return ExchangeNetwork(
            model, criterion if isinstance(criterion, Criterion) else None, notes=(*notes, *making.notes)
        )

    def read_single(self, path: Path, value: TorchObject, builder: ModuleBuilder) -> ExchangeNetwork:
        """The network of a file whose object has none inside: one that is only shown, or CheckpointError."""
        if value.name in HASH_CLASSES + VECTOR_CLASSES:
            raise CheckpointError(
                f"{path}: holds a {value.name} and no network in it; see all with: {format_command('t7', path)}"
            )
        model = builder.build(value)
        if not isinstance(model, Module):
            raise CheckpointError(f"{path}: holds a criterion, {value.name}, and no network")
        return ExchangeNetwork(model, notes=tuple(builder.notes))

    def load(self, path: Path, *, long_size: int | None = None) -> Any:
        """A module, a criterion, or what else the file holds: numbers, texts, arrays, and dicts of these."""
        value = read(path, long_size=long_size)
        if isinstance(value, TorchObject) and find_class(value.name) is not None:
            return ModuleBuilder(str(path), size=path.stat().st_size).build(value)
        return value
