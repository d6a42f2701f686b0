"""A config made into a network, its data and an optimizer; the loop; and the folder that keeps a run."""

from nntrain.training.callback import Callback
from nntrain.training.metrics.metric import Metric

__all__ = ["Callback", "Metric"]
