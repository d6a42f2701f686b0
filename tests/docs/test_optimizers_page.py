"""docs/optimizers.md says every optimizer and every option."""

import re

from nntrain.nn.building.factory import get_options, list_classes
from nntrain.optim.functional import TOOLS
from tests.paths import ROOT

DOCS = ROOT / "docs"
PAGE = (DOCS / "optimizers.md").read_text(encoding="utf-8")


def test_every_optimizer_has_a_row_with_its_options_in_their_order() -> None:
    rows = [re.split(r"(?<!\\)\|", line) for line in PAGE.splitlines() if re.match(r"\| `\w+` \|", line)]
    told = {row[1].strip(" `"): row[3].replace("`", "").split() for row in rows}
    ours = {name: cls for name, cls in list_classes("optimizer").items() if cls.__module__.startswith("nntrain.")}
    assert told == {name: list(get_options(cls)) for name, cls in ours.items()}
    assert all(row[2].strip() and row[4].strip() for row in rows)


def test_every_tool_is_reported() -> None:
    assert set(re.findall(r"`optim\.(\w+)\(", PAGE)) >= set(TOOLS)


def test_every_optimizer_is_named_beside_its_torch_name() -> None:
    text = (DOCS / "torch-names.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `optim\.(\w+)` \| `optim\.(\w+)`", text, re.MULTILINE))
    assert set(rows.values()) == {*list_classes("optimizer"), *TOOLS} - {"adamw"}, "Torch has no adamw"
