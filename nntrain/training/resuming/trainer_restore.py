"""Restore a trainer, except for parts that need a new state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.errors import CheckpointError
from nntrain.nn.building.factory import get_options
from nntrain.training.resuming.resume_policy import ConfigChanges
from nntrain.training.trainer import Trainer


def restore_trainer(trainer: Trainer, tree: Tree, where: str, changes: ConfigChanges) -> list[str]:
    """Restore a trainer from a checkpoint, except for new parts, and return notes on these.

    Another optimizer or schedule starts with a new state; so does an optimizer whose changed option is the initial
    value of its state. Learning rates follow from the step of the run, also with another schedule.
    """
    with add_checkpoint_location(where):
        types = read_component_types(tree, trainer.get_component_types(), changes)
    fresh = {}
    if types["optimizer"] != trainer.get_component_types()["optimizer"]:
        fresh["optimizer"] = (
            f"optimizer: {trainer.get_component_types()['optimizer']} replaces {types['optimizer']}, with a new state"
        )
    elif adapted := find_initial_values(trainer, changes):
        fresh["optimizer"] = f"optimizer: a new state, because {', '.join(adapted)} sets its initial value"
    if types["schedule"] != trainer.get_component_types()["schedule"]:
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
        rate = (
            ""
            if trainer.peak_learning_rate is None
            else f": the learning rate is {trainer.peak_learning_rate:.3g} from now on"
        )
        return f"schedule: {before} removed{rate}"
    verb = "added" if before is None else f"replaces {before}"
    schedule = trainer.get_component_types()["schedule"]
    return f"schedule: {schedule} {verb}; its learning rates follow from the step of the run, as from the start"
