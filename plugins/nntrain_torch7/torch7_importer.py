"""The importer of .t7 files."""

from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange import ExchangeNetwork, Importer
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.shell_command import format_command
from nntrain_torch7.format import TorchObject, read
from nntrain_torch7.format.type_codes import HASH_CLASSES, VECTOR_CLASSES
from nntrain_torch7.mappings.conversions import describe_value
from nntrain_torch7.mappings.mapping_lookup import find_class
from nntrain_torch7.module_builder import ModuleBuilder
from nntrain_torch7.module_search import find_modules, is_criterion, select_outermost


class Torch7Importer(Importer):
    """A network that ``torch.save`` wrote, alone or inside tables and other objects; no code in the file is run.

    Errors: CheckpointError for a corrupt file, for no or several networks, and for a class without a counterpart.
    """

    suffixes = (".t7", ".net", ".th")

    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> ExchangeNetwork:
        """Read the network of a file, and its criterion if there is one.

        Files often contain {model = ..., optimState = ..., epoch = ...}: the only network in a table is read.
        """
        value = read(path, long_size=long_size)
        builder = ModuleBuilder(str(path), size=path.stat().st_size, partial=partial)
        found = select_outermost(list(find_modules(value)))
        modules = [(place, item) for place, item in found if not is_criterion(item)]
        criterions = [item for _, item in found if is_criterion(item)]
        if not modules and isinstance(value, TorchObject) and value.name not in HASH_CLASSES + VECTOR_CLASSES:
            # An unknown module, or a criterion.
            modules, criterions = [("", value)], []
        if not modules:
            content = f"a {value.name}" if isinstance(value, TorchObject) else describe_value(value)
            raise CheckpointError(f"{path}: contains {content}, but no network; show it: {format_command('t7', path)}")
        if len(modules) > 1:
            listed = ", ".join(place for place, _ in modules)
            raise CheckpointError(f"{path}: contains several networks: {listed}; save each in a separate file")
        place, item = modules[0]
        model = builder.build(item)
        if not isinstance(model, Module):
            raise CheckpointError(f"{path}: contains a criterion, {item.name}, but no network")
        kind = "table" if isinstance(value, dict) else getattr(value, "name", "")
        notes = (f"the network is at {place!r} of the {kind} in the file",) if place else ()
        criterion = builder.build(criterions[0]) if len(criterions) == 1 else None
        return ExchangeNetwork(
            model, criterion if isinstance(criterion, Criterion) else None, notes=(*notes, *builder.notes)
        )

    def load(self, path: Path, *, long_size: int | None = None) -> Any:
        """Read a module, a criterion, or any other value: numbers, strings, arrays, and dicts of these."""
        value = read(path, long_size=long_size)
        if isinstance(value, TorchObject) and find_class(value.name) is not None:
            return ModuleBuilder(str(path), size=path.stat().st_size).build(value)
        return value
