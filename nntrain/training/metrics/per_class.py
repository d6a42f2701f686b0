"""Precision, recall and F1 of each class."""

from nntrain.training.metrics.class_counts import ClassCounts
from nntrain.training.metrics.f1 import F1
from nntrain.training.metrics.metric import to_integer_if_whole
from nntrain.training.metrics.precision import Precision
from nntrain.training.metrics.recall import Recall


class PerClass(ClassCounts):
    """{class or label: {"precision", "recall", "f1", "support"}}; the support is the rows of the class, Σ w [t = c]."""

    name = "per_class"
    is_scalar = False

    def compute(self) -> dict[str, dict[str, float]]:
        counts = self.hits, self.predicted, self.actual
        ratios = {metric.name: metric.compute_ratio(*counts) for metric in (Precision, Recall, F1)}
        return {
            label: {name: float(ratio[index]) for name, ratio in ratios.items()}
            | {"support": to_integer_if_whole(self.actual[index])}
            for index, label in enumerate(self.labels)
        }
