"""The hooks of the safetensors importer and exporter."""

from nntrain.exchange import Exporter, Importer
from nntrain.hooks import hookimpl
from nntrain_safetensors.safetensors_exporter import SafetensorsExporter
from nntrain_safetensors.safetensors_importer import SafetensorsImporter


@hookimpl
def nntrain_importers() -> tuple[type[Importer], ...]:
    return (SafetensorsImporter,)


@hookimpl
def nntrain_exporters() -> tuple[type[Exporter], ...]:
    return (SafetensorsExporter,)
