"""The checks that every optimizer, schedule and metric must pass. Public: plugins use them in their tests."""

from nntrain.training.testing.checks import ADVICE, CHECKS, check_case, find_failures
from nntrain.training.testing.training_case import TrainingCase

__all__ = ["ADVICE", "CHECKS", "TrainingCase", "check_case", "find_failures"]
