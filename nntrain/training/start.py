"""Begin a run, or go on with one."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from nntrain.checkpoint.contents import contents_of
from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.read import read
from nntrain.config.column_config import ColumnConfig
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.write import dump
from nntrain.data.columns.category_column import CategoryColumn
from nntrain.data.columns.column import Column
from nntrain.data.columns.index_column import IndexColumn
from nntrain.data.load import load
from nntrain.data.number_target import NumberTarget
from nntrain.data.prepared import Prepared
from nntrain.data.schema import Schema
from nntrain.data.streaming.stored_part import StoredPart
from nntrain.errors import CheckpointError, ConfigError, DataError, RunError
from nntrain.nn.building.factory import to_spec as spec_of
from nntrain.refusal import refusal
from nntrain.shell import nntrain_command
from nntrain.signals.deferred import Deferred
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.training.about import about
from nntrain.training.asked import asked
from nntrain.training.assemble import assemble, made_run, options_of
from nntrain.training.contract import agreed
from nntrain.training.lock import lock
from nntrain.training.origins import blame_missing, origins_in
from nntrain.training.renewal import continued
from nntrain.training.resumption import keep_threads, resumption
from nntrain.training.run import Run
from nntrain.training.run_folder import RunFolder, step_of, write_text
from nntrain.training.saver import Saver
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.unchanged import is_sampled, read_unchanged

__all__ = ["begin", "check_moved", "go_on", "prepare"]

# The options of ``resume`` for files of rows that were moved.
MOVES = {
    "path": ("--data", "NEW_PATH"),
    "validation_path": ("--set", "data.validation_path=NEW_PATH"),
    "test_path": ("--set", "data.test_path=NEW_PATH"),
}


def prepare(config: Config, tell: Callable[[str], object] = str) -> Prepared:
    """The rows of a config, read, split and encoded; ``tell`` receives a note before what takes long."""
    return load(options_of(config), config.train.seed, tell=tell)


def begin(
    config: Config, data: Prepared, given: str, folder: RunFolder, command: list[str], *, force: bool = False
) -> tuple[Run, Config]:
    """Make a run and its folder, with a first checkpoint. Nothing is left unless all of it can be made.

    ``force``: overwrite a run that is there.
    """
    run, decided = assemble(config, data)
    decided = spelled_out(decided, run)
    with Deferred() as signals:
        folder.create(force)
        try:
            write_text(folder.given, given)
            told = {**about(run, config.train.seed, command), "origins": origins_in(decided), "asked": asked(config)}
            write_text(folder.about, json.dumps({**told, "exact": True, "resumed": []}, indent=2) + "\n")
            Saver(run, folder, decided.train.keep).save()
            signals.let_through()
            write_text(folder.config, dump(decided.model_dump()))
        except (Exception, KeyboardInterrupt):
            folder.replaced.abandon()
            raise
    return run, decided


def spelled_out(config: Config, run: Run) -> Config:
    """The config with what data and defaults decided: target, columns, task, criterion, optimizer and schedule."""
    schema = run.network.schema
    data: dict[str, Any] = {"task": schema.target.task, "stream": isinstance(run.data.train, StoredPart)}
    if isinstance(schema.target, NumberTarget):
        data["target_transform"] = schema.target.transform
    if isinstance(schema, Schema):
        columns = {}
        for column in schema.columns:
            given = config.data.columns.get(column.name, ColumnConfig())
            decided = {**given.model_dump(exclude_none=True), **decision(column, schema)}
            columns[column.name] = ColumnConfig.model_validate(decided)
        names = tuple(schema.target.names)
        data |= {"target": names if len(names) > 1 else names[0], "columns": {**config.data.columns, **columns}}
    return spelled_parts(
        config.model_copy(
            update={
                "data": config.data.model_copy(update=data),
                "criterion": type(config.criterion).model_validate(run.network.criterion.spec()),
            }
        ),
        run,
    )


def spelled_parts(config: Config, run: Run) -> Config:
    """The config with all options of the optimizer and the schedule."""
    schedule = {} if run.schedule is None else spec_of(run.schedule)
    return config.model_copy(
        update={
            "optimizer": type(config.optimizer).model_validate(spec_of(run.optimizer)),
            "schedule": type(config.schedule).model_validate(schedule),
        }
    )


def decision(column: Column, schema: Schema) -> dict[str, str]:
    """The type of a column and how its cells are written, as keys of the config."""
    if isinstance(column, CategoryColumn):
        return {"type": "category", "encoding": "index" if isinstance(column, IndexColumn) else "one_hot"}
    form = schema.format_of(column.name, column.kind)
    if column.kind == "time":
        return {"type": "time"} if form.time is None else {"type": "time", "format": form.time}
    separators = {"decimal": form.decimal, "thousands": form.thousands} if not form.number.is_plain else {}
    return {"type": column.kind, **{key: mark for key, mark in separators.items() if mark is not None}}


def go_on(
    folder: RunFolder,
    overrides: Sequence[str | Override] = (),
    tell: Callable[[str], object] = str,
    *,
    warn: Callable[[str], object] = str,
    allowed: Collection[str] = (),
    command: Sequence[str] = (),
) -> tuple[Run, Config]:
    """The run of a folder, as its newest intact checkpoint left it; ``tell`` receives notes and ``warn`` warnings.

    DataError if the data are not what they were, ConfigError for overrides that change what is computed and are not
    ``allowed``, PluginError if one is missing.
    """
    folder.check_run()
    lock(folder.path)
    try:
        config, found = agreed(folder.config, overrides, allowed)
    except ConfigError as error:
        raise blame_missing(error, folder) from error
    check_moved(folder, config)
    where, tree = newest(folder, tell)
    network = TrainedNetwork.from_tree(tree, str(where))
    options = options_of(config)
    data = read_unchanged(
        folder,
        options,
        "begin another run",
        lambda: load(options, config.train.seed, network.schema, tell=tell),
        lambda data: data.fingerprint,
    )
    run = made_run(network, data, config)
    fresh = continued(run, tree, str(where), found)
    fresh += put_aside(folder, run)
    folder.go_back(run.step, run.epoch, run.best.epoch)
    if found:
        write_text(folder.config, dump(spelled_parts(config, run).model_dump()))
    for what in (*keep_threads(folder), *fresh):
        tell(what)
    remarks = resumption(folder, run, command, found, sampled=is_sampled(folder, options))
    for what in remarks.notes:
        tell(what)
    for what in remarks.warnings:
        warn(what)
    return run, config


def put_aside(folder: RunFolder, run: Run) -> list[str]:
    """Keep the best network of a run that diverged, if the checkpoint is older; a note on it."""
    best = folder.read_about().get("diverged", {}).get("best", 0)
    if best <= run.best.epoch or not folder.best.is_file():
        return []
    aside = folder.put_best_aside(best)
    return [f"resumes from step {run.step}, before the best epoch so far, {best}, whose network is kept as {aside}"]


def newest(folder: RunFolder, tell: Callable[[str], object]) -> tuple[Path, Tree]:
    """The newest checkpoint that is whole, with its best network. RunError if there is none."""
    damaged: list[tuple[Path, CheckpointError]] = []
    for where in reversed(folder.saved()):
        try:
            tree = read(where)
            if best_epoch(tree, where):
                read(folder.best_at(step_of(where)))
        except CheckpointError as error:
            if line := refusal(error):
                raise CheckpointError(f"{where}: {line}") from error  # it may be intact
            damaged.append((where, error))
        else:
            for later, why in damaged:
                tell(f"{why}; it is put aside as {later.name}.damaged, and the one before it taken")
            return where, tree
    for _, why in damaged:
        tell(str(why))
    raise RunError(f"{folder.path}: there is no checkpoint to go on from; begin again with: nntrain fit ... --force")


def best_epoch(tree: Tree, where: Path) -> int:
    """The best epoch as of a checkpoint, 0 for none. CheckpointError if it is not one of the step in its name."""
    with contents_of(str(where)):
        training = validate_state(tree["training"], {"step": COUNT, "best": dict}, "training")
        if training["step"] != step_of(where):
            raise CheckpointError(f"training: step: expected {step_of(where)} as in the name, got {training['step']}")
        best: int = validate_state(training["best"], {"epoch": COUNT}, "best")["epoch"]
        return best


def check_moved(folder: RunFolder, config: Config, named: Path | None = None) -> None:
    """DataError, with the option that names the new place, for a file of rows that is no longer where it was.

    ``named``: the path to resume, that of the run if omitted.
    """
    for name, option in MOVES.items():
        path = getattr(config.data, name)
        if path is not None and not Path(path).exists():
            resume = nntrain_command("resume", named or folder.path, options=option)
            raise DataError(f"{path}: no such file; if it was moved: {resume}")
