"""Resume a run from its newest checkpoint."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.checkpoint.reading import read_checkpoint
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.toml import format_toml
from nntrain.data.loading import load_data
from nntrain.errors import CheckpointError, ConfigError, DataError, RunError
from nntrain.nn.building.factory import get_options
from nntrain.shell_command import format_command
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.system_limits import explain_system_error
from nntrain.training.building.trainer_assembly import create_trainer, get_data_options
from nntrain.training.product_choice import restore_engine
from nntrain.training.resuming.resume_policy import ConfigChanges, apply_overrides
from nntrain.training.run_folder.data_check import is_sampled, read_unchanged
from nntrain.training.run_folder.folder_lock import lock_folder
from nntrain.training.run_folder.provenance import find_missing_plugin
from nntrain.training.run_folder.run_folder import RunFolder, get_step, write_text
from nntrain.training.run_folder.run_metadata import record_resumption, restore_thread_count
from nntrain.training.run_start import resolve_components
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.trainer import Trainer

# The options of ``resume`` for data files that were moved.
MOVE_OPTIONS = {
    "path": ("--data", "NEW_PATH"),
    "validation_path": ("--set", "data.validation_path=NEW_PATH"),
    "test_path": ("--set", "data.test_path=NEW_PATH"),
}


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
        config, changes = apply_overrides(folder.config, overrides, allowed)
    except ConfigError as error:
        raise find_missing_plugin(error, folder) from error
    check_data_paths(folder, config)
    where, tree, corrupt = find_newest_checkpoint(folder, report)
    network = TrainedNetwork.from_tree(tree, str(where))
    options = get_data_options(config)
    data = read_unchanged(
        folder,
        options,
        "start another run",
        lambda: load_data(options, config.train.seed, network.preprocessor, report=report),
        lambda data: data.fingerprint,
    )
    restore_engine(folder)
    trainer = create_trainer(network, data, config)
    fresh = restore_trainer(trainer, tree, str(where), changes)
    if "train.epochs" in changes and trainer.epoch > trainer.epochs:
        raise ConfigError(f"train.epochs: expected at least {trainer.epoch}, the epochs so far, got {trainer.epochs}")
    fresh += keep_diverged_best(folder, trainer)
    folder.roll_back(trainer.step, trainer.epoch, trainer.best_model.epoch)
    if changes:
        write_text(folder.config, format_toml(resolve_components(config, trainer).model_dump()))
    for note in (*corrupt, *restore_thread_count(folder), *fresh):
        report(note)
    record_resumption(folder, trainer, command, changes, report, warn, sampled=is_sampled(folder, options))
    return trainer, config


def keep_diverged_best(folder: RunFolder, trainer: Trainer) -> list[str]:
    """Keep the best network of a run that diverged, if the checkpoint is older, and return a note on it."""
    best = folder.read_metadata().get("diverged", {}).get("best", 0)
    if best <= trainer.best_model.epoch or not folder.best_network.is_file():
        return []
    aside = folder.set_best_aside(best)
    return [f"resuming from step {trainer.step}, before the best epoch so far ({best}); its network is kept as {aside}"]


def find_newest_checkpoint(folder: RunFolder, report: Callable[[str], object]) -> tuple[Path, Tree, list[str]]:
    """Return the newest intact checkpoint with an intact best network, and notes on corrupt ones, to be renamed.

    RunError if there is none; ``report`` then receives the reasons.
    """
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
            notes = [
                f"{reason}; renamed to {path.name}.damaged; using the previous checkpoint" for path, reason in corrupt
            ]
            return where, tree, notes
    for _, reason in corrupt:
        report(str(reason))
    state = f" (corrupt: {len(corrupt)})" if corrupt else ""
    raise RunError(f"{folder.path}: no checkpoint to resume from{state}; start again with: nntrain fit ... --force")


def read_best_epoch(tree: Tree, where: Path) -> int:
    """Return the best epoch of a checkpoint, 0 for none. CheckpointError if its step differs from its name."""
    with add_checkpoint_location(str(where)):
        training = validate_state(tree["training"], {"step": COUNT, "best": dict}, "training")
        if training["step"] != get_step(where):
            raise CheckpointError(f"training: step: expected {get_step(where)} as in the name, got {training['step']}")
        return validate_state(training["best"], {"epoch": COUNT}, "best")["epoch"]


def restore_trainer(trainer: Trainer, tree: Tree, where: str, changes: ConfigChanges) -> list[str]:
    """Restore a trainer from a checkpoint, except for new parts, and return notes on these.

    Another optimizer or schedule starts with a new state; so does an optimizer whose changed option is the initial
    value of its state. Learning rates follow from the step of the run, also with another schedule.
    """
    now = trainer.get_component_types()
    with add_checkpoint_location(where):
        types = read_component_types(tree, now, changes)
    fresh = {}
    if types["optimizer"] != now["optimizer"]:
        fresh["optimizer"] = f"optimizer: {now['optimizer']} replaces {types['optimizer']}, with a new state"
    elif adapted := find_initial_values(trainer, changes):
        fresh["optimizer"] = f"optimizer: a new state, because {', '.join(adapted)} sets its initial value"
    if types["schedule"] != now["schedule"]:
        fresh["schedule"] = format_schedule_change(trainer, types["schedule"])
    if trainer.ema is not None and "average" not in tree["training"]:
        fresh["average"] = "train.ema: the average starts at the next step"
    trainer.restore(tree, where, fresh=fresh)
    return list(fresh.values())


def read_component_types(tree: Tree, now: Mapping[str, str | None], changes: ConfigChanges) -> dict[str, str | None]:
    """Return the types of optimizer and schedule of a checkpoint; older checkpoints lack them: then of the config."""
    before = {part: changes.get(f"{part}.type", (name, None))[0] for part, name in now.items()}
    types: Any = tree["training"].get("types", before)
    if not isinstance(types, dict) or not all(types.get(part) is None or isinstance(types[part], str) for part in now):
        raise CheckpointError("training: types: expected the names of optimizer and schedule")
    return {part: types.get(part) for part in now}


def find_initial_values(trainer: Trainer, changes: ConfigChanges) -> list[str]:
    """Return the changed options that are initial values of the optimizer's state."""
    known = get_options(type(trainer.optimizer))
    changed = [key.removeprefix("optimizer.") for key in changes if key.startswith("optimizer.")]
    return [f"optimizer.{name}" for name in changed if known.get(name) in trainer.optimizer.state_names]


def format_schedule_change(trainer: Trainer, before: str | None) -> str:
    """Format a note on a schedule that was added, replaced or removed."""
    if trainer.schedule is None:
        peak = trainer.peak_learning_rate
        return f"schedule: {before} removed{'' if peak is None else f': the learning rate is {peak:.3g} from now on'}"
    verb = "added" if before is None else f"replaces {before}"
    schedule = trainer.get_component_types()["schedule"]
    return f"schedule: {schedule} {verb}; its learning rates follow from the step of the run, as from the start"


def check_data_paths(folder: RunFolder, config: Config, named: Path | None = None) -> None:
    """DataError, with the option for the new path, for a data file that no longer exists.

    ``named``: the path to resume; default: the run folder.
    """
    for name, option in MOVE_OPTIONS.items():
        path = getattr(config.data, name)
        if path is not None and not Path(path).exists():
            resume = format_command("resume", named or folder.path, options=option)
            raise DataError(f"{path}: no such file; if it was moved: {resume}")
