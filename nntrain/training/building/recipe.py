"""The constants of the networks made for tables and images and of their training, by quality and number of rows.

Sources: Holzmüller, Grinsztajn and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on tabular
data", 2024 (inputs, activation, label smoothing, schedules); Gorishniy, Kotelnikov and Babenko, "TabM: advancing
tabular deep learning with parameter-efficient ensembling", 2025 (members).
"""

import math
from dataclasses import dataclass, replace

# Embedding sizes of a category and of a number, and the largest number of inputs from each embedding of all numbers.
CATEGORY_SIZE = 8
PERIODIC_SIZE = 3
MAX_PERIODIC_INPUTS = 400
MAX_BIN_INPUTS = 400
MAX_BINS = 16


@dataclass(frozen=True)
class Recipe:
    """``members`` networks of ``hidden`` layers with shared weights, trained for ``steps`` batches, and at least
    ``min_epochs``, among which the best is chosen.

    The learning rate is that of parameters with the factor 1; a weight has 1 / √fan_in.
    """

    members: int
    hidden: tuple[int, ...]
    steps: int
    batch_size: int
    min_epochs: int = 20
    learning_rate: float = 0.03
    activation: str = "SiLU"
    dropout: float = 0.15
    weight_decay: float = 0.02
    label_smoothing: float = 0.1
    beta2: float = 0.95


# The recipes of each quality: for at most that many training rows.
RECIPES = {
    "fast": (
        (500, Recipe(members=4, hidden=(64, 64), steps=300, batch_size=32)),
        (1_500, Recipe(members=4, hidden=(64, 64), steps=400, batch_size=64)),
        (6_000, Recipe(members=4, hidden=(128, 128), steps=600, batch_size=128)),
        (50_000, Recipe(members=4, hidden=(128, 128), steps=1_000, batch_size=256, min_epochs=10)),
        (math.inf, Recipe(members=4, hidden=(128, 128), steps=2_000, batch_size=1024, min_epochs=2)),
    ),
    "good": (
        (500, Recipe(members=8, hidden=(128, 128, 128), steps=500, batch_size=32)),
        (1_500, Recipe(members=8, hidden=(128, 128, 128), steps=500, batch_size=64)),
        (10_000, Recipe(members=8, hidden=(128, 128, 128), steps=1_500, batch_size=128)),
        (50_000, Recipe(members=4, hidden=(128, 128, 128), steps=2_500, batch_size=256)),
        (200_000, Recipe(members=4, hidden=(128, 128, 128), steps=4_000, batch_size=512, min_epochs=10)),
        (math.inf, Recipe(members=4, hidden=(128, 128, 128), steps=8_000, batch_size=1024, min_epochs=4)),
    ),
}

# The average of networks of this recipe, one per validation fold.
RECIPES["best"] = RECIPES["good"]

# The steps on images, by quality, and the rest of their training.
IMAGE_STEPS = {"fast": 800, "good": 2_500, "best": 2_500}
IMAGE_BATCH_SIZE = 64
IMAGE_MIN_EPOCHS = 5
IMAGE_LEARNING_RATE = 0.002

# The learning rate for more than two classes.
MANY_CLASSES_RATE = 0.04


def choose_recipe(quality: str, rows: int, classes: int) -> Recipe:
    """Return the recipe for a number of training rows, and of classes, 0 for numbers."""
    recipe = next(recipe for max_rows, recipe in RECIPES[quality] if rows <= max_rows)
    return replace(recipe, learning_rate=MANY_CLASSES_RATE) if classes > 2 else recipe
