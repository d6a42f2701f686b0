"""The laws that every optimizer, schedule and metric must obey. Public: plugins test themselves with them."""

from nntrain.training.testing.advice import ADVICE
from nntrain.training.testing.laws import LAWS, broken, check
from nntrain.training.testing.trial import Trial

__all__ = ["ADVICE", "LAWS", "Trial", "broken", "check"]
