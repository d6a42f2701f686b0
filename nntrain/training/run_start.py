"""Start a run: load its data, build its trainer, and create its folder."""

import json
from collections.abc import Callable
from typing import Any

from nntrain.config.config import Config
from nntrain.config.data_config import ColumnConfig
from nntrain.config.toml import format_toml
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.targets.number_target import NumberTarget
from nntrain.nn.building.factory import to_spec as spec_of
from nntrain.signals.deferred_signals import DeferredSignals
from nntrain.training.building.trainer_assembly import assemble_trainer, get_data_options
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.product_choice import choose_engine
from nntrain.training.resuming.requested_config import get_requested_config
from nntrain.training.run_folder.provenance import get_config_provenance
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.run_folder.run_metadata import build_run_metadata
from nntrain.training.trainer import Trainer


def load_splits(config: Config, report: Callable[[str], object] = str) -> DatasetSplits:
    """Read, split and encode the data of a config; ``report`` receives a note before slow operations."""
    return load_data(get_data_options(config), config.train.seed, report=report)


def start_run(
    config: Config, splits: DatasetSplits, given: str, folder: RunFolder, command: list[str], *, force: bool = False
) -> tuple[Trainer, Config]:
    """Create a run and its folder with a first checkpoint, or leave nothing if any of it fails.

    ``force``: replace an existing run.
    """
    choose_engine()
    trainer, decided = assemble_trainer(config, splits)
    decided = build_resolved_config(decided, trainer)
    with DeferredSignals() as signals:
        folder.create(force)
        try:
            write_text(folder.given_config, given)
            metadata = {
                **build_run_metadata(trainer, config.train.seed, command),
                "origins": get_config_provenance(decided),
                "asked": get_requested_config(config),
                "exact": True,
                "resumed": [],
            }
            write_text(folder.metadata, json.dumps(metadata, indent=2) + "\n")
            Checkpointer(trainer, folder, decided.train.keep).save()
            signals.let_through()
            write_text(folder.config, format_toml(decided.model_dump()))
        except (Exception, KeyboardInterrupt):
            folder.abandon()
            raise
    return trainer, decided


def build_resolved_config(config: Config, trainer: Trainer) -> Config:
    """Return the config with inferred and default values: target, columns, task, criterion, optimizer, schedule."""
    preprocessor = trainer.network.preprocessor
    data: dict[str, Any] = {"task": preprocessor.target.task, "stream": trainer.splits.train.is_streamed}
    if isinstance(preprocessor.target, NumberTarget):
        data["target_transform"] = preprocessor.target.transform
    if preprocessor.reads_table:
        columns = {}
        for column in preprocessor.columns:
            given = config.data.columns.get(column.name, ColumnConfig())
            decided = {**given.model_dump(exclude_none=True), **get_column_options(column, preprocessor)}
            columns[column.name] = ColumnConfig.model_validate(decided)
        names = tuple(preprocessor.target.names)
        data |= {"target": names if len(names) > 1 else names[0], "columns": {**config.data.columns, **columns}}
    criterion = type(config.criterion).model_validate(trainer.network.criterion.spec())
    update = {"data": config.data.model_copy(update=data), "criterion": criterion}
    return resolve_components(config.model_copy(update=update), trainer)


def resolve_components(config: Config, trainer: Trainer) -> Config:
    """Return the config with all options of the optimizer and the schedule."""
    optimizer = type(config.optimizer).model_validate(spec_of(trainer.optimizer))
    schedule = type(config.schedule).model_validate({} if trainer.schedule is None else spec_of(trainer.schedule))
    return config.model_copy(update={"optimizer": optimizer, "schedule": schedule})


def get_column_options(column: Column, preprocessor: Preprocessor) -> dict[str, str]:
    """Return the type of a column and the format of its cells, as keys of the config."""
    if isinstance(column, CategoryColumn):
        return {"type": "category", "encoding": "index" if isinstance(column, IndexColumn) else "one_hot"}
    form = preprocessor.get_format(column.name, column.kind)
    if column.kind == "time":
        return {"type": "time"} if form.time is None else {"type": "time", "format": form.time}
    separators = {"decimal": form.decimal, "thousands": form.thousands} if not form.number.is_plain else {}
    return {"type": column.kind, **{key: mark for key, mark in separators.items() if mark is not None}}
