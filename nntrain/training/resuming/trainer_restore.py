"""The parts of a resumed run that start afresh, because the checkpoint has no state that fits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.errors import CheckpointError
from nntrain.nn.building.factory import get_options
from nntrain.training.resuming.resume_policy import ConfigChanges
from nntrain.training.trainer import Trainer

__all__ = ["restore_trainer"]


def restore_trainer(trainer: Trainer, tree: Tree, where: str, changes: ConfigChanges) -> list[str]:
    """Restore a run from a checkpoint, but for the parts that are new; notes on these.

    Another optimizer or schedule starts with a fresh state; so does an optimizer whose changed option is the first
    value of something that it adapts. Rates follow from the step of the run, also under another schedule.
    """
    with add_checkpoint_location(where):
        types = read_component_types(tree, trainer.get_component_types(), changes)
    fresh = {}
    if types["optimizer"] != trainer.get_component_types()["optimizer"]:
        fresh["optimizer"] = (
            f"optimizer: {trainer.get_component_types()['optimizer']} after {types['optimizer']}, with a fresh state"
        )
    elif adapted := find_initial_values(trainer, changes):
        fresh["optimizer"] = f"optimizer: a fresh state, since {', '.join(adapted)} sets where it starts"
    if types["schedule"] != trainer.get_component_types()["schedule"]:
        fresh["schedule"] = format_schedule_change(trainer, types["schedule"])
    if trainer.ema is not None and "average" not in tree["training"]:
        fresh["average"] = "train.ema: the average starts with the next step"
    trainer.restore(tree, where, fresh=fresh)
    return list(fresh.values())


def read_component_types(tree: Tree, now: Mapping[str, str | None], changes: ConfigChanges) -> dict[str, str | None]:
    """The types of optimizer and schedule that wrote a checkpoint. Older ones do not tell: then the config does."""
    before = {part: changes.get(f"{part}.type", (name, None))[0] for part, name in now.items()}
    told: Any = tree["training"].get("types", before)
    if not isinstance(told, dict) or not all(told.get(part) is None or isinstance(told[part], str) for part in now):
        raise CheckpointError("training: types: expected the names of optimizer and schedule")
    return {part: told.get(part) for part in now}


def find_initial_values(trainer: Trainer, changes: ConfigChanges) -> list[str]:
    """The changed options of the optimizer that it only starts from: what it makes of them is in its state."""
    known = get_options(type(trainer.optimizer))
    changed = [key.removeprefix("optimizer.") for key in changes if key.startswith("optimizer.")]
    return [f"optimizer.{name}" for name in changed if known.get(name) in trainer.optimizer.state_names]


def format_schedule_change(trainer: Trainer, before: str | None) -> str:
    """A note on a schedule that is new, another, or gone."""
    if trainer.schedule is None:
        rate = (
            ""
            if trainer.peak_learning_rate is None
            else f": the learning rate is {trainer.peak_learning_rate:.3g} from here on"
        )
        return f"schedule: {before} removed{rate}"
    verb = "added" if before is None else f"after {before}"
    schedule = trainer.get_component_types()["schedule"]
    return f"schedule: {schedule} {verb}; its rates follow from the step of the run, as from the start"
