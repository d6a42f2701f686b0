"""The best epoch so far, by the monitored score."""

import math
from typing import Any

from nntrain.checkpoint.layout import Tree
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.training.tasks.threshold import Threshold

# Scores by set (training, validation, test) and name. A score may be a table.
SCORES_SCHEMA = dict[str, dict[str, float | dict[str, dict[str, float | None]] | None]]


class BestModel:
    """The state of the network at its best epoch.

    ``state`` excludes the network, which is in ``best.h5``, written before every checkpoint.
    """

    def __init__(self, monitor: str, higher_is_better: bool) -> None:
        self.monitor = monitor
        self.sign = 1 if higher_is_better else -1
        self.score = -math.inf
        # False in runs of versions in which the first of equal epochs was the best.
        self.breaks_ties = True
        self.epoch = 0
        self.epoch_scores: dict[str, Any] = {}
        self.threshold: Threshold | None = None
        self.network: Tree | None = None

    def is_better(self, score: float, loss: float) -> bool:
        """Whether a score (higher is better) is above all earlier ones, or equals them with a lower loss.

        The first always is. With few rows, many epochs have the same accuracy.
        """
        if self.epoch == 0:
            return True
        return score > self.score or (self.breaks_ties and score == self.score and loss < self.loss)

    @property
    def loss(self) -> float:
        """The loss of the best epoch, on the rows that its score is about."""
        scores = self.epoch_scores.get("validation", self.epoch_scores.get("train", {}))
        loss = scores.get("loss")
        return loss if isinstance(loss, float) else math.inf

    def update(self, epoch: int, scores: dict[str, Any], score: float, network: Tree) -> None:
        """Keep an epoch (from 1). NaN is below all other scores."""
        self.score = -math.inf if math.isnan(score) else score
        self.epoch, self.epoch_scores, self.network = epoch, scores, network
        self.threshold = network.get("threshold")

    @property
    def has_score(self) -> bool:
        """Whether any epoch has a finite score."""
        return self.score > -math.inf

    def state(self) -> dict[str, Any]:
        score = None if math.isinf(self.score) else self.score
        state = {"score": score, "epoch": self.epoch, "scores": self.epoch_scores, "threshold": self.threshold}
        return {**state, "breaks_ties": self.breaks_ties}

    def restore(self, state: dict[str, Any]) -> None:
        schema = {"score": float | None, "epoch": COUNT, "scores": SCORES_SCHEMA, "threshold": Threshold | None}
        known = validate_state(
            {"threshold": None, "breaks_ties": False, **state}, {**schema, "breaks_ties": bool}, "best"
        )
        self.score = -math.inf if known["score"] is None else known["score"]
        self.epoch, self.epoch_scores, self.threshold = known["epoch"], known["scores"], known["threshold"]
        self.breaks_ties = known["breaks_ties"]
