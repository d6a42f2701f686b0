"""The accuracy averaged over classes."""

from nntrain.training.metrics.class_counts import ClassCounts
from nntrain.training.metrics.recall import Recall


class BalancedAccuracy(ClassCounts):
    """The mean recall of the classes that occur among the targets."""

    name = "balanced_accuracy"
    tasks = ("classification",)

    def compute(self) -> float:
        occurring = self.actual > 0
        if not occurring.any():
            return float("nan")
        return float(Recall.compute_ratio(self.hits, self.predicted, self.actual)[occurring].mean())
