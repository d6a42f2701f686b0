"""Scores for which something of every row is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable

from nntrain.data.part import Part
from nntrain.data.streaming.memory import BASE, too_little
from nntrain.training.scoreboard import Scoreboard

__all__ = ["check_kept", "check_tuning"]

# Bytes of a row while a threshold is chosen: what is sorted and summed of one label; and of each label.
TUNED, PROBABILITY = 120, 8


def check_kept(board: Scoreboard, parts: Iterable[Part], memory: int, instead: str) -> None:
    """DataError if metrics that keep all rows of a part would take more than ``memory`` bytes."""
    keeping = [metric for metric in board.metrics if metric.keeps_rows]
    for part in parts if keeping else ():
        weighed = part.weights is not None
        takes = BASE + part.rows * sum(metric.bytes_a_row(weighed=weighed) for metric in keeping)
        if takes > memory:
            names = ", ".join(metric.key for metric in keeping)
            raise too_little(f"{names} of {part.rows:,} rows", takes, memory, instead)


def check_tuning(part: Part, labels: int, memory: int) -> None:
    """DataError if to choose thresholds of ``labels`` by the rows of a part would take more than ``memory`` bytes."""
    takes = BASE + part.rows * (TUNED + PROBABILITY * labels)
    if takes > memory:
        what = f"train.threshold: choosing it by {part.rows:,} validation rows"
        raise too_little(what, takes, memory, "set train.threshold to a number")
