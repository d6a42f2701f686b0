"""``train.monitor`` is checked with the config, before any rows are read."""

from __future__ import annotations

import pytest

EXPECTED = "train.monitor: expected loss or a metric that is a single number, got"
TEXT = """[data]
path = "x.csv"
[train]
monitor = "{monitor}"
metrics = ["accuracy", {{ type = "f1", average = "micro" }}]
"""


@pytest.mark.parametrize("monitor", ["loss", "accuracy", "roc_auc", "f1_micro"])
def test_a_metric_that_is_a_number_can_be_monitored(problems_of, monitor: str) -> None:
    assert problems_of(TEXT.format(monitor=monitor)) == ()


@pytest.mark.parametrize(
    ("monitor", "end"),
    [("acuracy", "'acuracy'; did you mean 'accuracy'?"), ("per_class", "'per_class'"), ("f1_macro", "'f1_macro'")],
)
def test_any_other_monitor_is_an_error_with_its_line(problems_of, monitor: str, end: str) -> None:
    (problem,) = problems_of(TEXT.format(monitor=monitor))
    assert problem.startswith(f"c.toml:4: {EXPECTED} {end}")
