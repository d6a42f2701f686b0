"""What a config omits about the network and its training: a recipe, or the defaults of any network."""

from typing import Any, TypeVar

import numpy as np

from nntrain.config.config import Config
from nntrain.config.recipe_conflict import find_recipe_conflict
from nntrain.config.section import Section
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.targets.class_target import ClassTarget
from nntrain.training.building.image_design import design_image_network, is_image
from nntrain.training.building.recipe import (
    IMAGE_BATCH_SIZE,
    IMAGE_LEARNING_RATE,
    IMAGE_MIN_EPOCHS,
    IMAGE_STEPS,
    Recipe,
    choose_recipe,
)
from nntrain.training.building.tabular_design import design_tabular_network

S = TypeVar("S", bound=Section)

# Epochs and patience of any network, and the minimum number of steps that they cover if an epoch has few steps.
MIN_EPOCHS, MIN_STEPS = 100, 2000
MIN_PATIENCE, MIN_PATIENCE_STEPS = 20, 500

# The loss of each member of the recipe, by task.
LOSSES = {
    "classification": "CrossEntropyCriterion",
    "multilabel": "MultiLabelSoftMarginCriterion",
    "regression": "MSECriterion",
}


def fill_defaults(config: Config, splits: DatasetSplits) -> Config:
    """Return the config with everything about training that it omits, and the network of a recipe if one applies."""
    if not is_recipe_applicable(config, splits):
        return fill_plain_defaults(config, splits)
    inputs = splits.train.inputs
    if not isinstance(inputs, list) and is_image(inputs.shape):
        return apply_image_recipe(config, splits, design_image_network(inputs.shape))
    target = splits.preprocessor.target
    classes = len(target.labels) if isinstance(target, ClassTarget) else 0
    assert config.train.quality is not None
    return apply_recipe(config, splits, choose_recipe(config.train.quality, splits.train.rows, classes))


def is_recipe_applicable(config: Config, splits: DatasetSplits) -> bool:
    """Whether a recipe decides: for images, and rows of numbers and categories without free text, if ``train.quality``
    is set, and no network, loss, optimizer or schedule.

    A recipe is one decision: its learning rates, for example, fit only its own layers.
    """
    inputs = splits.train.inputs
    return (
        config.train.quality is not None
        and find_recipe_conflict(config) is None
        and not splits.preprocessor.get_text_columns()
        and (isinstance(inputs, list) or inputs.ndim == 2 or is_image(inputs.shape))
    )


def apply_recipe(config: Config, splits: DatasetSplits, recipe: Recipe) -> Config:
    """Return the config with the network, loss, optimizer, schedules and length of the recipe; set keys stay."""
    preprocessor = splits.preprocessor
    task = preprocessor.target.task
    loss: dict[str, Any] = {"type": LOSSES[task]}
    if task == "classification":
        loss["label_smoothing"] = recipe.label_smoothing
    length = compute_length(config, splits, recipe.batch_size, recipe.steps, recipe.min_epochs)
    schedules = {"dropout_schedule": "flat_cosine", "weight_decay_schedule": "flat_cosine"}
    return update_sections(
        set_network(config, design_tabular_network(recipe, preprocessor, splits.train.inputs)),
        criterion={"type": "MemberCriterion", "criterion": loss},
        optimizer={
            "type": "adamw",
            "learning_rate": recipe.learning_rate,
            "beta2": recipe.beta2,
            "weight_decay": recipe.weight_decay,
        },
        schedule={"type": "log_cosine"},
        train=length | schedules,
    )


def apply_image_recipe(config: Config, splits: DatasetSplits, modules: list[dict[str, Any]]) -> Config:
    """Return the config with the network for images, optimizer, schedule and length of its training; set keys stay."""
    assert config.train.quality is not None
    steps = IMAGE_STEPS[config.train.quality]
    return update_sections(
        set_network(config, modules),
        optimizer={"type": "adam", "learning_rate": IMAGE_LEARNING_RATE},
        schedule={"type": "cosine"},
        train=compute_length(config, splits, IMAGE_BATCH_SIZE, steps, IMAGE_MIN_EPOCHS),
    )


def compute_length(
    config: Config, splits: DatasetSplits, batch_size: int, steps: int, min_epochs: int
) -> dict[str, Any]:
    """Return the keys of [train] for about ``steps`` steps, without early stopping: the schedules end with the run."""
    rows = max(splits.train.rows, 1)
    size = config.train.batch_size or min(batch_size, rows)
    return {"batch_size": size, "epochs": max(min_epochs, round(steps / -(-rows // size))), "patience": 0}


def set_network(config: Config, modules: list[dict[str, Any]]) -> Config:
    """Return the config with the modules of a network."""
    model = config.model.model_copy(update={"modules": tuple(modules), "weight_init": "he"})
    return config.model_copy(update={"model": model})


def update_sections(config: Config, **sections: dict[str, Any]) -> Config:
    """Return the config with the values of keys that its sections do not set."""
    return config.model_copy(
        update={name: set_missing(getattr(config, name), values) for name, values in sections.items()}
    )


def set_missing(section: S, values: dict[str, Any]) -> S:
    """Return the section with the values of keys that it does not set."""
    missing = {name: value for name, value in values.items() if name not in section.model_fields_set}
    return section.model_validate(section.model_dump(exclude_unset=True) | missing)


def fill_plain_defaults(config: Config, splits: DatasetSplits) -> Config:
    """Return the config with batch size, epochs, patience and weight decay chosen from the data.

    The decay is 1 / rows: the loss is a mean over rows, and so is the logarithm of a standard normal prior of the
    weights.
    """
    train, rows = config.train, max(splits.train.rows, 1)
    # About 100 steps per epoch, with 16 to 256 rows each.
    size = train.batch_size or int(np.clip(2 ** round(np.log2(rows / 100)), 16, 256))
    steps = -(-rows // size)
    decided = {
        "epochs": train.epochs or max(MIN_EPOCHS, MIN_STEPS // steps),
        "patience": max(MIN_PATIENCE, MIN_PATIENCE_STEPS // steps) if train.patience is None else train.patience,
        "batch_size": size,
    }
    optimizer = config.optimizer
    if "type" not in optimizer.model_fields_set and "weight_decay" not in optimizer.spec():
        optimizer = optimizer.model_copy(update={"weight_decay": float(f"{1 / rows:.3g}")})
    return config.model_copy(update={"train": train.model_copy(update=decided), "optimizer": optimizer})
