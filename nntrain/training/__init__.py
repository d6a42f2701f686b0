"""Training: build a trainer from a config, train it, and save and resume it in a run folder."""

from nntrain.training.callback import Callback
from nntrain.training.metrics.metric import Metric

__all__ = ["Callback", "Metric"]
