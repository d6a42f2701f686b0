"""A quality of the command line is refused next to a key that leaves it without effect."""

from __future__ import annotations

from typing import Any

import pytest

from nntrain.config.load import build_config
from nntrain.config.override import Override
from nntrain.errors import ConfigError

DATA = {"data": {"path": "t.csv", "target": "y"}}


@pytest.mark.parametrize("quality", ["fast", "good"])
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model.hidden", "[8]"),
        ("model.dropout", "0.1"),
        ("model.modules", '[{type="Linear"}]'),
        ("criterion.type", "CrossEntropyCriterion"),
        ("optimizer.type", "sgd"),
        ("schedule.type", "cosine"),
    ],
)
def test_it_names_the_key_that_decides(quality: str, key: str, value: str) -> None:
    option = Override.from_option("--quality", quality, "train", "quality")
    with pytest.raises(ConfigError) as raised:
        build_config(DATA, [f"{key}={value}", option])
    assert str(raised.value) == (
        f"--quality {quality}: train.quality: {quality!r} has no effect next to {key}, which decides; "
        "remove one of the two"
    )


@pytest.mark.parametrize(
    ("tree", "overrides"),
    [
        # As a run writes it.
        ({"train": {"quality": "fast"}, "model": {"hidden": [8]}}, []),
        ({}, ["train.quality=fast", "train.epochs=3", "optimizer.learning_rate=0.1"]),
        # The average of folds is one of any network.
        ({"model": {"hidden": [8]}}, ["train.quality=best"]),
    ],
)
def test_it_is_taken_where_it_decides(tree: dict[str, Any], overrides: list[str]) -> None:
    assert build_config({**DATA, **tree}, overrides).train.quality in ("fast", "best")
