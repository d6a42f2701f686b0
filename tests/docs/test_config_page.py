"""docs/config.md says what the schema says."""

import re

from nntrain.config.config import Config
from nntrain.config.config_reference import build_page
from nntrain.config.config_table import list_tables
from tests.paths import ROOT

PAGE = ROOT / "docs" / "config.md"


def test_the_page_of_the_config_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == build_page(), "run: nntrain schema --markdown > docs/config.md"


def test_every_option_has_a_row_with_type_default_and_description() -> None:
    text = build_page()
    for table in list_tables():
        part = text[text.index(f"## [{'.'.join(table.path)}]\n") :] if table.path else text
        for option in table.options:
            row = next(line for line in part.splitlines() if line.startswith(f"| `{option.name}` | "))
            assert len(re.split(r"(?<!\\)\|", row)) == 6
            row = row.replace("\\|", "|")
            assert option.words in row
            assert option.description in row
            assert option.description


def test_every_section_has_a_heading() -> None:
    for name in Config.model_fields:
        assert name == "name" or f"\n## [{name}]\n" in build_page()
