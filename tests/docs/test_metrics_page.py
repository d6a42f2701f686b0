"""docs/metrics.md says every metric and every option."""

import re

import pytest

from nntrain.nn.building.factory import get_options, list_classes
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
OURS = {name: cls for name, cls in list_classes("metric").items() if cls.__module__.startswith("nntrain.")}
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if re.match(r"\| `\w+`", line)]


def test_every_metric_has_a_row_with_its_options_in_their_order() -> None:
    told = {row[0].strip("`* "): row[3].replace("`", "").split() for row in ROWS}
    assert told == {name: list(get_options(cls)) for name, cls in OURS.items()}
    assert all(formula and range_ for _, formula, range_, _ in ROWS)


@pytest.mark.parametrize("name", OURS)
def test_the_page_says_what_the_class_does(name: str) -> None:
    (row,) = (row for row in ROWS if row[0].strip("`* ") == name)
    assert row[0].endswith("*") == OURS[name].keeps_rows
    assert ("smaller is better" in row[2]) == (not OURS[name].higher_is_better)
    assert (row[2] == "a table") == (not OURS[name].is_scalar)
    assert (f"| `{name}`" in PAGE.partition("## Numbers")[2]) == (OURS[name].tasks == ("regression",))
    labels = PAGE.partition("## Several labels")[2].partition("## Numbers")[0]
    assert (f"`{name}`" in labels) == ("multilabel" in OURS[name].tasks)
