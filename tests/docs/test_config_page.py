"""docs/config.md says what the schema says."""

import re
from pathlib import Path

from nntrain.config.config import Config
from nntrain.config.reference import markdown
from nntrain.config.table import tables

PAGE = Path(__file__).parents[2] / "docs" / "config.md"


def test_the_page_of_the_config_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), "run: nntrain schema --markdown > docs/config.md"


def test_every_option_has_a_row_with_type_default_and_description() -> None:
    text = markdown()
    for table in tables():
        part = text[text.index(f"## [{'.'.join(table.place)}]\n") :] if table.place else text
        for option in table.options:
            row = next(line for line in part.splitlines() if line.startswith(f"| `{option.name}` | "))
            assert len(re.split(r"(?<!\\)\|", row)) == 6
            row = row.replace("\\|", "|")
            assert option.words in row
            assert option.description in row
            assert option.description


def test_every_section_has_a_heading() -> None:
    for name in Config.model_fields:
        assert name == "name" or f"\n## [{name}]\n" in markdown()
