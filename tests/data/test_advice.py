"""Advice holds: what it says can be typed into a shell as it stands."""

import shlex

import pytest

from nntrain.config.override import Override
from nntrain.data.advice import ignoring, taking_for

NAMES = ["age", "a.b", "it's", 'say "hi"', "größe", "two words", "[x]", "=", "back\\slash", "-", "日本", "a\nb"]


@pytest.mark.parametrize("name", NAMES)
def test_advice_on_a_column_of_any_name_holds(name: str) -> None:
    option, text = shlex.split(taking_for(name, "category"))
    override = Override.parse(text)
    assert (option, override.path, override.value) == ("--set", ("data", "columns", name, "type"), "category")
    option, text = shlex.split(ignoring(name))
    override = Override.parse(text)
    assert (option, override.path, override.value) == ("--set", ("data", "ignore"), [name])


def test_plain_names_are_said_plainly() -> None:
    assert taking_for("age", "number") == "--set 'data.columns.age.type=\"number\"'"
    assert ignoring("age") == "--set 'data.ignore=[\"age\"]'"
