"""docs/api.md has every module that plugins may import from."""

import re

from tests.docs.guide import DOCS
from tests.plugins.page import public


def test_the_page_has_the_modules_of_the_table_of_what_is_public() -> None:
    told = re.findall(r"^::: (\S+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) == set(public())
