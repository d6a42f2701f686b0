"""The laws of randomness."""

from __future__ import annotations

from typing import Any

import numpy as np

from nntrain.nn.testing.case import Case
from nntrain.nn.testing.compare import agree
from nntrain.nn.testing.law import law
from nntrain.nn.testing.law_broken import LawBroken
from nntrain.nn.testing.passes import passed, prepared, restarted, streams
from nntrain.nn.testing.tree import copied, leaves

__all__ = ["evaluate_is_deterministic", "noise_follows_the_stream"]


@law
def evaluate_is_deterministic(case: Case) -> None:
    """In evaluate mode a second forward gives the same bits, whatever the streams of noise."""
    module = prepared(case)
    module.evaluate()
    first = copied(restarted(module, 1).forward(copied(case.input)))
    agree("output of a second forward in evaluate mode", restarted(module, 2).forward(copied(case.input)), first)


@law
def noise_follows_the_stream(case: Case) -> None:
    """In training the output is a function of input and stream, and of the stream only if something is drawn."""
    module = prepared(case)
    before = streams(restarted(module, 1))
    first = passed(module, case)
    drawn = streams(module) != before
    again = passed(restarted(module, 1), case)
    agree("output of the same stream", again.output, first.output)
    agree("grad_input of the same stream", again.grad_input, first.grad_input)
    others = [passed(restarted(module, seed), case).output for seed in range(2, 10)]
    if drawn and all(equal(other, first.output) for other in others):
        raise LawBroken("the stream of noise is drawn from, but the output does not depend on it")


def equal(a: Any, b: Any) -> bool:
    """Whether two values have the same bits."""
    return all(np.array_equal(p, q) for (_, p), (_, q) in zip(leaves(a), leaves(b), strict=True))
