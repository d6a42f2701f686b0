"""Advice holds: what it says can be typed into a shell as it stands."""

import shlex

import pytest

from nntrain.config.override import Override
from nntrain.data.option_suggestions import suggest_ignore, suggest_type

NAMES = ["age", "a.b", "it's", 'say "hi"', "größe", "two words", "[x]", "=", "back\\slash", "-", "日本", "a\nb"]


@pytest.mark.parametrize("name", NAMES)
def test_advice_on_a_column_of_any_name_holds(name: str) -> None:
    option, text = shlex.split(suggest_type(name, "category"))
    override = Override.parse(text)
    assert (option, override.path, override.value) == ("--set", ("data", "columns", name, "type"), "category")
    option, text = shlex.split(suggest_ignore(name))
    override = Override.parse(text)
    assert (option, override.path, override.value) == ("--set", ("data", "ignore"), [name])


def test_plain_names_are_stated_plainly() -> None:
    assert suggest_type("age", "number") == "--set 'data.columns.age.type=\"number\"'"
    assert suggest_ignore("age") == "--set 'data.ignore=[\"age\"]'"
