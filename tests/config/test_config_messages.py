from __future__ import annotations

import pytest

from nntrain.config.error_messages import format_message
from nntrain.config.load import build_config
from nntrain.errors import ConfigError


def test_an_error_that_has_no_sentence_yet_keeps_pydantics() -> None:
    error = {"type": "new_in_pydantic_9", "loc": ("data", "path"), "msg": "Too new", "input": 3}
    assert format_message(error) == "Too new"


def test_a_text_with_half_a_character_is_reported(problems_of) -> None:
    text = '[data]\npath = "x.csv"'
    assert problems_of(text, "data.target=\udcff") == ("--set 'data.target=\\udcff': expected UTF-8",)
    with pytest.raises(ConfigError, match=r"data.path: expected a path in UTF-8, got '.*\\udcff'; rename it"):
        build_config({"data": {"path": "\udcff"}})
