"""A learning rate that decreases along a cosine."""

import math

from nntrain.optim.schedules.schedule import Schedule


class CosineSchedule(Schedule):
    """learning rate = peak · (floor + (1 − floor) (1 + cos π p) / 2), p = step / steps, repeated ``cycles`` times.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """

    def __init__(self, floor: float = 0.0, cycles: int = 1, warm_up: float = 0) -> None:
        super().__init__(warm_up)
        self.floor = self.check_fraction("floor", floor)
        self.require(cycles >= 1, f"expected cycles of at least 1, got {cycles}")
        self.cycles = cycles

    def compute_factor(self, step: int, steps: int) -> float:
        return cosine_decay(step * self.cycles % steps / steps, self.floor)


def cosine_decay(p: float, floor: float) -> float:
    """Return half a cosine wave: 1 at p = 0, ``floor`` at p = 1."""
    return floor + (1 - floor) * (1 + math.cos(math.pi * p)) / 2
