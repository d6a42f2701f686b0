"""A config made into a network, its data and an optimizer; the loop; and the folder that keeps a run."""

from nntrain.training.events import Events
from nntrain.training.metrics.metric import Metric

__all__ = ["Events", "Metric"]
