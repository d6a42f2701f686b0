"""Networks from .t7 files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nntrain.errors import CheckpointError
from nntrain.exchange import Importer, Network
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain_torch7.classes.argument import spoken
from nntrain_torch7.classes.descriptions import known
from nntrain_torch7.format import TorchObject, read
from nntrain_torch7.importing import Import

__all__ = ["Torch7Importer"]

# How deep a table is searched for a network: people saved {model = ..., optimState = ..., epoch = ...}.
DEEPEST = 2


class Torch7Importer(Importer):
    """A network that ``torch.save`` wrote, alone or in a table; nothing in the file is run.

    Errors: CheckpointError for a file that is damaged, holds no network or several, or a class without a counterpart.
    """

    suffixes = (".t7", ".net", ".th")

    def read(self, path: Path, *, partial: bool = False, long_size: int | None = None) -> Network:
        """The network of a file, and the criterion beside it if there is one."""
        value = read(path, long_size=long_size)
        making = Import(str(path), partial=partial)
        notes: list[str] = []
        if isinstance(value, TorchObject) and (known(value.name) is not None or partial):
            model = making.component(value)
            if not isinstance(model, Module):
                raise CheckpointError(f"{path}: holds a criterion, {value.name}, and no network")
            return Network(model, notes=tuple(making.notes))
        found = list(objects(value))
        modules = [(place, item) for place, item in found if not item.name.endswith("Criterion")]
        criterions = [item for _, item in found if item.name.endswith("Criterion")]
        if isinstance(value, TorchObject):
            # The class of the whole is not known: the error says which.
            making.component(value)
        if not modules:
            raise CheckpointError(
                f"{path}: holds {spoken(value)}, and no network in it; see all with: nntrain t7 {path}"
            )
        if len({id(item) for _, item in modules}) > 1:
            listed = ", ".join(place for place, _ in modules)
            raise CheckpointError(f"{path}: holds several networks: {listed}; save one of them in a file of its own")
        place, item = modules[0]
        notes.append(f"the network is at {place!r} of the table in the file")
        model = making.component(item)
        criterion = making.component(criterions[0]) if len(criterions) == 1 else None
        return Network(model, criterion if isinstance(criterion, Criterion) else None, notes=(*notes, *making.notes))

    def load(self, path: Path, *, long_size: int | None = None) -> Any:
        """A module, a criterion, or what else the file holds: numbers, texts, arrays, and dicts of these."""
        value = read(path, long_size=long_size)
        if isinstance(value, TorchObject) and known(value.name) is not None:
            return Import(str(path)).component(value)
        return value


def objects(value: Any, place: str = "", depth: int = 0) -> list[tuple[str, TorchObject]]:
    """The modules and criterions among the values of a table, with their places."""
    if isinstance(value, TorchObject):
        return [(place, value)] if known(value.name) is not None or value.name.startswith("nn.") else []
    if not isinstance(value, dict) or depth > DEEPEST:
        return []
    return [found for key, inner in value.items() for found in objects(inner, f"{place}.{key}".lstrip("."), depth + 1)]
