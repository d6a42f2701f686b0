"""The best epoch so far, by the monitored score."""

from __future__ import annotations

import math
from typing import Any

from nntrain.checkpoint.layout import Tree

__all__ = ["Best"]


class Best:
    """Keeps the state of the network at its best epoch, and counts the epochs since.

    Its own state leaves the network out: ``best.h5`` is written before every checkpoint and holds it.
    """

    def __init__(self, monitor: str, higher_is_better: bool) -> None:
        self.monitor = monitor
        self.sign = 1 if higher_is_better else -1
        self.score = -math.inf
        self.epoch = 0
        self.epoch_scores: dict[str, Any] = {}
        self.network: Tree | None = None

    def offer(self, epoch: int, scores: dict[str, Any], value: float, network: Tree) -> bool:
        """Take an epoch (from 1) if it is better than all before it."""
        if not self.sign * value > self.score:
            return False
        self.score, self.epoch, self.epoch_scores, self.network = self.sign * value, epoch, scores, network
        return True

    def state(self) -> dict[str, Any]:
        """The score and its epoch."""
        score = None if math.isinf(self.score) else self.score
        return {"score": score, "epoch": self.epoch, "scores": self.epoch_scores}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a ``state``."""
        self.score = -math.inf if state["score"] is None else state["score"]
        self.epoch, self.epoch_scores = state["epoch"], state["scores"]
