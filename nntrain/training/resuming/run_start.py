"""Start or resume a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.column_config import ColumnConfig
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.toml import format_toml
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.loading import load_data
from nntrain.data.preprocessing.preprocessor import Preprocessor
from nntrain.data.targets.number_target import NumberTarget
from nntrain.errors import CheckpointError, ConfigError, DataError, RunError
from nntrain.nn.building.factory import to_spec as spec_of
from nntrain.shell_command import format_command
from nntrain.signals.deferred_signals import DeferredSignals
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.system_limits import explain_system_error
from nntrain.training.building.trainer_assembly import assemble_trainer, create_trainer, get_data_options
from nntrain.training.checkpointer import Checkpointer
from nntrain.training.resuming.requested_config import get_requested_config
from nntrain.training.resuming.resume_policy import apply_overrides
from nntrain.training.resuming.trainer_restore import restore_trainer
from nntrain.training.run_folder.data_check import is_sampled, read_unchanged
from nntrain.training.run_folder.folder_lock import lock_folder
from nntrain.training.run_folder.provenance import find_missing_plugin, get_config_provenance
from nntrain.training.run_folder.run_folder import RunFolder, get_step, write_text
from nntrain.training.run_folder.run_metadata import build_run_metadata, record_resumption, restore_thread_count
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer

# The options of ``resume`` for data files that were moved.
MOVE_OPTIONS = {
    "path": ("--data", "NEW_PATH"),
    "validation_path": ("--set", "data.validation_path=NEW_PATH"),
    "test_path": ("--set", "data.test_path=NEW_PATH"),
}


def load_splits(config: Config, report: Callable[[str], object] = str) -> DatasetSplits:
    """Read, split and encode the data of a config; ``report`` receives a note before slow operations."""
    return load_data(get_data_options(config), config.train.seed, report=report)


def start_run(
    config: Config, splits: DatasetSplits, given: str, folder: RunFolder, command: list[str], *, force: bool = False
) -> tuple[Trainer, Config]:
    """Create a run and its folder with a first checkpoint, or leave nothing if any of it fails.

    ``force``: replace an existing run.
    """
    run, decided = assemble_trainer(config, splits)
    decided = resolve_config(decided, run)
    with DeferredSignals() as signals:
        folder.create(force)
        try:
            write_text(folder.given_config, given)
            metadata = {
                **build_run_metadata(run, config.train.seed, command),
                "origins": get_config_provenance(decided),
                "asked": get_requested_config(config),
            }
            write_text(folder.metadata, json.dumps({**metadata, "exact": True, "resumed": []}, indent=2) + "\n")
            Checkpointer(run, folder, decided.train.keep).save()
            signals.let_through()
            write_text(folder.config, format_toml(decided.model_dump()))
        except (Exception, KeyboardInterrupt):
            folder.replaced_run.abandon()
            raise
    return run, decided


def resolve_config(config: Config, trainer: Trainer) -> Config:
    """Return the config with inferred and default values: target, columns, task, criterion, optimizer, schedule."""
    schema = trainer.network.preprocessor
    data: dict[str, Any] = {"task": schema.target.task, "stream": trainer.splits.train.is_streamed}
    if isinstance(schema.target, NumberTarget):
        data["target_transform"] = schema.target.transform
    if schema.reads_table:
        columns = {}
        for column in schema.columns:
            given = config.data.columns.get(column.name, ColumnConfig())
            decided = {**given.model_dump(exclude_none=True), **get_column_options(column, schema)}
            columns[column.name] = ColumnConfig.model_validate(decided)
        names = tuple(schema.target.names)
        data |= {"target": names if len(names) > 1 else names[0], "columns": {**config.data.columns, **columns}}
    return resolve_components(
        config.model_copy(
            update={
                "data": config.data.model_copy(update=data),
                "criterion": type(config.criterion).model_validate(trainer.network.criterion.spec()),
            }
        ),
        trainer,
    )


def resolve_components(config: Config, trainer: Trainer) -> Config:
    """Return the config with all options of the optimizer and the schedule."""
    schedule = {} if trainer.schedule is None else spec_of(trainer.schedule)
    return config.model_copy(
        update={
            "optimizer": type(config.optimizer).model_validate(spec_of(trainer.optimizer)),
            "schedule": type(config.schedule).model_validate(schedule),
        }
    )


def get_column_options(column: Column, preprocessor: Preprocessor) -> dict[str, str]:
    """Return the type of a column and the format of its cells, as keys of the config."""
    if isinstance(column, CategoryColumn):
        return {"type": "category", "encoding": "index" if isinstance(column, IndexColumn) else "one_hot"}
    form = preprocessor.get_format(column.name, column.kind)
    if column.kind == "time":
        return {"type": "time"} if form.time is None else {"type": "time", "format": form.time}
    separators = {"decimal": form.decimal, "thousands": form.thousands} if not form.number.is_plain else {}
    return {"type": column.kind, **{key: mark for key, mark in separators.items() if mark is not None}}


def resume_run(
    folder: RunFolder,
    overrides: Sequence[str | Override] = (),
    report: Callable[[str], object] = str,
    *,
    warn: Callable[[str], object] = str,
    allowed: Collection[str] = (),
    command: Sequence[str] = (),
) -> tuple[Trainer, Config]:
    """Restore the run of a folder from its newest intact checkpoint; ``report`` receives notes, ``warn`` warnings.

    DataError if the data has changed, ConfigError for overrides that affect the results and are not ``allowed``,
    PluginError if a plugin is missing.
    """
    folder.check_run()
    lock_folder(folder.path)
    try:
        config, found = apply_overrides(folder.config, overrides, allowed)
    except ConfigError as error:
        raise find_missing_plugin(error, folder) from error
    check_data_paths(folder, config)
    where, tree = find_newest_checkpoint(folder, report)
    network = TrainedNetwork.from_tree(tree, str(where))
    options = get_data_options(config)
    data = read_unchanged(
        folder,
        options,
        "start another run",
        lambda: load_data(options, config.train.seed, network.preprocessor, report=report),
        lambda data: data.fingerprint,
    )
    run = create_trainer(network, data, config)
    fresh = restore_trainer(run, tree, str(where), found)
    fresh += set_best_aside(folder, run)
    folder.roll_back(run.step, run.epoch, run.best_model.epoch)
    if found:
        write_text(folder.config, format_toml(resolve_components(config, run).model_dump()))
    for note in (*restore_thread_count(folder), *fresh):
        report(note)
    remarks = record_resumption(folder, run, command, found, sampled=is_sampled(folder, options))
    for note in remarks.notes:
        report(note)
    for warning in remarks.warnings:
        warn(warning)
    return run, config


def set_best_aside(folder: RunFolder, trainer: Trainer) -> list[str]:
    """Keep the best network of a run that diverged, if the checkpoint is older, and return a note on it."""
    best = folder.read_metadata().get("diverged", {}).get("best", 0)
    if best <= trainer.best_model.epoch or not folder.best_network.is_file():
        return []
    aside = folder.set_best_aside(best)
    return [f"resuming from step {trainer.step}, before the best epoch so far ({best}); its network is kept as {aside}"]


def find_newest_checkpoint(folder: RunFolder, report: Callable[[str], object]) -> tuple[Path, Tree]:
    """Return the newest intact checkpoint with an intact best network. RunError if there is none."""
    corrupt: list[tuple[Path, CheckpointError]] = []
    for where in reversed(folder.list_checkpoints()):
        try:
            tree = read_checkpoint(where)
            if read_best_epoch(tree, where):
                read_checkpoint(folder.get_best_path(get_step(where)))
        except CheckpointError as error:
            if line := explain_system_error(error):
                raise CheckpointError(f"{where}: {line}") from error  # it may be intact
            corrupt.append((where, error))
        else:
            for later, reason in corrupt:
                report(f"{reason}; renamed to {later.name}.damaged; using the previous checkpoint")
            return where, tree
    for _, reason in corrupt:
        report(str(reason))
    raise RunError(f"{folder.path}: no checkpoint to resume from; start again with: nntrain fit ... --force")


def read_best_epoch(tree: Tree, where: Path) -> int:
    """Return the best epoch of a checkpoint, 0 for none. CheckpointError if its step differs from its name."""
    with add_checkpoint_location(str(where)):
        training = validate_state(tree["training"], {"step": COUNT, "best": dict}, "training")
        if training["step"] != get_step(where):
            raise CheckpointError(f"training: step: expected {get_step(where)} as in the name, got {training['step']}")
        best: int = validate_state(training["best"], {"epoch": COUNT}, "best")["epoch"]
        return best


def check_data_paths(folder: RunFolder, config: Config, named: Path | None = None) -> None:
    """DataError, with the option for the new path, for a data file that no longer exists.

    ``named``: the path to resume; default: the run folder.
    """
    for name, option in MOVE_OPTIONS.items():
        path = getattr(config.data, name)
        if path is not None and not Path(path).exists():
            resume = format_command("resume", named or folder.path, options=option)
            raise DataError(f"{path}: no such file; if it was moved: {resume}")
