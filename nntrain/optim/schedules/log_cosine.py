"""A learning rate that falls and rises in cycles of growing length."""

import math

from nntrain.optim.schedules.schedule import Schedule

# The first of 30 cycles is a billionth of the run.
MAX_CYCLES = 30


class LogCosine(Schedule):
    """learning rate = peak · (1 − cos(2π log₂(1 + (2^cycles − 1) p))) / 2, p = (step + ½) / steps.

    ``cycles`` waves from 0 to the peak and back, each twice as long as the one before, so that the last
    one is about half of the run. p is the middle of a step: no learning rate is 0.
    Source: Holzmüller, Grinsztajn and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on tabular
    data", 2024.
    """

    registered_name = "log_cosine"

    def __init__(self, cycles: int = 4) -> None:
        super().__init__()
        self.require(1 <= cycles <= MAX_CYCLES, f"expected cycles from 1 to {MAX_CYCLES}, got {cycles}")
        self.cycles = cycles

    def compute_factor(self, step: int, steps: int) -> float:
        p = (step + 0.5) / steps
        return (1 - math.cos(2 * math.pi * math.log2(1 + (2**self.cycles - 1) * p))) / 2
