"""What the family brings."""

from __future__ import annotations

from nntrain.exchange import Exporter, Importer
from nntrain.hooks import hookimpl
from nntrain_torch7.torch7_exporter import Torch7Exporter
from nntrain_torch7.torch7_importer import Torch7Importer

__all__ = ["nntrain_exporters", "nntrain_importers"]


@hookimpl
def nntrain_importers() -> tuple[type[Importer], ...]:
    return (Torch7Importer,)


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (Torch7Exporter,)
