"""What the end of a message about an unknown word says."""

from __future__ import annotations

import pytest

from nntrain.errors import suggest_name
from nntrain.nn.building.spec_validation import suggest_names

NAMES = ["learning_rate", "learning_rate_decay", "MSECriterion", "MultiMarginCriterion", "accuracy", "k"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("learning_rat", "learning_rate"),
        ("LEARNING_RATE", "learning_rate"),
        ("MSE", "MSECriterion"),
        ("acc", "accuracy"),
        ("learn", "learning_rate"),
        ("lr", "learning_rate"),
        ("lrd", "learning_rate_decay"),
    ],
)
def test_a_word_is_near_what_it_is_a_slip_a_beginning_or_the_initials_of(word: str, meant: str) -> None:
    assert suggest_name(word, NAMES) == suggest_names(word, NAMES) == f"; did you mean {meant!r}?"


@pytest.mark.parametrize("word", ["", "m", "momentum", "[", "_"])
def test_a_word_that_is_near_to_nothing_has_all_reported(word: str) -> None:
    assert suggest_name(word, NAMES) == ""
    assert suggest_names(word, NAMES) == f"; expected one of: {', '.join(NAMES)}"
    assert suggest_names(word, []) == "; none are known"
