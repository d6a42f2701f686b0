"""The hooks of the Torch7 importer, exporter and mappings."""

from collections.abc import Mapping
from typing import Any

from nntrain.exchange import Exporter, Importer, Torch7Mapping
from nntrain.hooks import hookimpl
from nntrain_torch7.mappings.built_in_mappings import get_built_in_mappings
from nntrain_torch7.torch7_exporter import Torch7Exporter
from nntrain_torch7.torch7_importer import Torch7Importer


@hookimpl
def nntrain_importers() -> tuple[type[Importer], ...]:
    return (Torch7Importer,)


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (Torch7Exporter,)


@hookimpl
def nntrain_torch7_mappings() -> Mapping[type[Any], Torch7Mapping]:
    return get_built_in_mappings()
