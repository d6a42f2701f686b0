"""The laws that every module and criterion must obey, for any case. Public: plugins test themselves with them."""

from nntrain.nn.testing.advice import ADVICE
from nntrain.nn.testing.case import Case
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.laws import LAWS, applies, broken, check

__all__ = ["ADVICE", "LAWS", "Case", "LawBroken", "applies", "broken", "check"]
