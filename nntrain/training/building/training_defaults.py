"""What a config omits about the network and its training: the recipe for tables, or the defaults of any network."""

from typing import Any, TypeVar

import numpy as np

from nntrain.config.config import Config
from nntrain.config.model_config import HIDDEN_KEYS
from nntrain.config.section import Section
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.data.targets.class_target import ClassTarget
from nntrain.training.building.recipe import Recipe, choose_recipe
from nntrain.training.building.tabular_design import design_tabular_network

S = TypeVar("S", bound=Section)

# Epochs and patience of any network, and the minimum number of steps that they cover if an epoch has few steps.
MIN_EPOCHS, MIN_STEPS = 100, 2000
MIN_PATIENCE, MIN_PATIENCE_STEPS = 20, 500

# The minimum number of epochs of the recipe, among which the best is chosen.
MIN_RECIPE_EPOCHS = 20


def fill_defaults(config: Config, splits: DatasetSplits) -> Config:
    """Return the config with everything about training that it omits, and the network of the recipe if it applies."""
    if not is_recipe_applicable(config, splits):
        return fill_plain_defaults(config, splits)
    target = splits.preprocessor.target
    classes = len(target.labels) if isinstance(target, ClassTarget) else 0
    assert config.train.quality is not None
    return apply_recipe(config, splits, choose_recipe(config.train.quality, max(splits.train.rows, 1), classes))


def is_recipe_applicable(config: Config, splits: DatasetSplits) -> bool:
    """Whether the recipe decides: for a table without free text, if ``train.quality`` is set, and no network, loss,
    optimizer or schedule.

    The recipe is one decision: its learning rates, for example, fit only its own layers.
    """
    preprocessor = splits.preprocessor
    return (
        config.train.quality is not None
        and not any(config.model.is_changed(name) for name in ("from", "modules", "weight_init", *HIDDEN_KEYS))
        and not any(section.is_changed("type") for section in (config.criterion, config.optimizer, config.schedule))
        and preprocessor.reads_table
        and not preprocessor.get_text_columns()
        and preprocessor.target.task in ("classification", "regression")
    )


def apply_recipe(config: Config, splits: DatasetSplits, recipe: Recipe) -> Config:
    """Return the config with the network, loss, optimizer, schedules and length of the recipe; set keys stay."""
    preprocessor, rows = splits.preprocessor, max(splits.train.rows, 1)
    is_classification = preprocessor.target.task == "classification"
    loss: dict[str, Any] = {"type": "MSECriterion"}
    if is_classification:
        loss = {"type": "CrossEntropyCriterion", "label_smoothing": recipe.label_smoothing}
    size = config.train.batch_size or min(recipe.batch_size, rows)
    epochs = max(MIN_RECIPE_EPOCHS, round(recipe.steps / -(-rows // size)))
    return config.model_copy(
        update={
            "model": config.model.model_copy(
                update={
                    "modules": tuple(design_tabular_network(recipe, preprocessor, splits.train.inputs)),
                    "weight_init": "he",
                }
            ),
            "criterion": set_missing(config.criterion, {"type": "MemberCriterion", "criterion": loss}),
            "optimizer": set_missing(
                config.optimizer,
                {
                    "type": "adamw",
                    "learning_rate": recipe.learning_rate,
                    "beta2": recipe.beta2,
                    "weight_decay": recipe.weight_decay,
                },
            ),
            "schedule": set_missing(config.schedule, {"type": "log_cosine"}),
            "train": set_missing(
                config.train,
                {
                    "batch_size": size,
                    "epochs": epochs,
                    "patience": 0,
                    "monitor": "accuracy" if is_classification else "loss",
                    "dropout_schedule": "flat_cosine",
                    "weight_decay_schedule": "flat_cosine",
                },
            ),
        }
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
