"""Checks that every module and criterion must pass. Public: plugins use them in their own tests."""

from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed
from nntrain.nn.testing.checks import ADVICE, CHECKS, check_case, find_failures, is_applicable

__all__ = ["ADVICE", "CHECKS", "Case", "CheckFailed", "check_case", "find_failures", "is_applicable"]
