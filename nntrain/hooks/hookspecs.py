"""The hooks that a plugin may implement. Each returns values; nothing registers itself."""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nntrain.hooks import hookspec

if TYPE_CHECKING:
    from click import Command

    from nntrain.compute.product_engine import ProductEngine
    from nntrain.data.readers.file_reader import FileReader
    from nntrain.exchange.exporter import Exporter
    from nntrain.exchange.importer import Importer
    from nntrain.exchange.torch7_mapping import Torch7Mapping
    from nntrain.nn.criterion import Criterion
    from nntrain.nn.module import Module
    from nntrain.nn.testing.case import Case
    from nntrain.optim.optimizer import Optimizer
    from nntrain.optim.schedules.schedule import Schedule
    from nntrain.training.callback import Callback
    from nntrain.training.metrics.metric import Metric
    from nntrain.training.testing.training_case import TrainingCase


@hookspec
def nntrain_modules() -> Iterable[type[Module]]:
    """Module classes, each registered under its class name."""


@hookspec
def nntrain_criterions() -> Iterable[type[Criterion]]:
    """Criterion classes, each registered under its class name."""


@hookspec
def nntrain_optimizers() -> Iterable[type[Optimizer]]:
    """Optimizer classes, each registered under its class name in lowercase."""


@hookspec
def nntrain_schedules() -> Iterable[type[Schedule]]:
    """Schedule classes, each registered under its ``registered_name``; default: as above, without "Schedule"."""


@hookspec
def nntrain_metrics() -> Iterable[type[Metric]]:
    """Metric classes, each registered under its ``name``."""


@hookspec
def nntrain_readers() -> Iterable[type[FileReader]]:
    """Readers of further file formats, each selected by its ``suffixes``."""


@hookspec
def nntrain_importers() -> Iterable[type[Importer]]:
    """Importers of networks from other frameworks, each selected by its ``suffixes``."""


@hookspec
def nntrain_exporters() -> Iterable[type[Exporter]]:
    """Exporters of networks to other frameworks, each selected by its ``suffixes``."""


@hookspec
def nntrain_torch7_mappings() -> Mapping[type[Module] | type[Criterion], Torch7Mapping]:
    """Mappings of modules and criterions to and from Torch7's files, by class."""


@hookspec
def nntrain_onnx_writers() -> Mapping[type[Module] | type[Criterion], Callable[..., Any]]:
    """Functions that write modules and criterions to ONNX graphs, by class."""


@hookspec
def nntrain_loggers() -> Iterable[type[Callback]]:
    """Callbacks such as loggers, each registered under its class name in lowercase."""


@hookspec
def nntrain_product_engines() -> Iterable[type[ProductEngine]]:
    """Libraries that multiply matrices instead of NumPy where they are faster, each selected by its ``name``."""


@hookspec
def nntrain_commands() -> Iterable[Command]:
    """Commands of ``nntrain``, each registered under its name."""


@hookspec
def nntrain_cases() -> Iterable[Case | TrainingCase]:
    """Test cases of the plugin's classes for ``nntrain plugins check``."""
