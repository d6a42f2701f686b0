"""docs/default-network.md has the constants of the recipes."""

import math
import re

from nntrain.config.fold_checks import BEST_FOLDS
from nntrain.training.building import image_design, recipe
from nntrain.training.building.recipe import RECIPES
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "default-network.md").read_text(encoding="utf-8")


def format_row(quality: str, max_rows: float, chosen: recipe.Recipe) -> str:
    rows = "more" if math.isinf(max_rows) else f"{max_rows:,}"
    hidden = " × ".join((str(len(chosen.hidden)), str(chosen.hidden[0])))
    cells = (quality, rows, chosen.members, hidden, chosen.batch_size, f"{chosen.steps:,}", chosen.min_epochs)
    return f"| {' | '.join(map(str, cells))} |"


def test_the_table_is_that_of_the_recipes() -> None:
    expected = [format_row(quality, *row) for quality in ("fast", "good") for row in RECIPES[quality]]
    assert re.findall(r"^\| (?:fast|good) .*$", PAGE, re.MULTILINE) == expected


def test_the_best_quality_is_an_average_of_good_ones() -> None:
    assert RECIPES["best"] is RECIPES["good"]
    assert f"with {BEST_FOLDS} folds" in " ".join(PAGE.split())


def test_every_recipe_has_layers_of_one_size() -> None:
    assert all(len(set(chosen.hidden)) == 1 for rows in RECIPES.values() for _, chosen in rows)


def test_the_text_has_the_other_constants() -> None:
    (rates, *others) = {
        (chosen.learning_rate, recipe.MANY_CLASSES_RATE) for rows in RECIPES.values() for _, chosen in rows
    }
    assert not others
    text = " ".join(PAGE.split())
    assert "The learning rate is {}, and {} for more than two classes".format(*rates) in text
    assert f"at most {recipe.MAX_BIN_INPUTS} for all" in text
    assert f"up to {recipe.MAX_BINS} bins" in text
    assert f"{recipe.MAX_PERIODIC_INPUTS // (1 + recipe.PERIODIC_SIZE)} numbers" in text
    assert "{} and {} filters".format(*image_design.FILTERS) in text
    assert f"learning rate of {recipe.IMAGE_LEARNING_RATE}" in text
    assert f"{recipe.IMAGE_STEPS['good']:,} steps (`fast`: {recipe.IMAGE_STEPS['fast']})" in text
