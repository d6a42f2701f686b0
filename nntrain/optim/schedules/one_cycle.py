"""A rate that rises high once, and falls to almost nothing."""

from __future__ import annotations

from nntrain.optim.schedules.cosine_schedule import cosine_decay
from nntrain.optim.schedules.schedule import Schedule

__all__ = ["OneCycle"]


class OneCycle(Schedule):
    """Along half a wave from the share ``start`` up to the peak in ``warm_up`` steps, along another down to ``floor``.

    Source: Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates",
    2018, with waves in the place of lines.
    """

    def __init__(self, start: float = 0.04, floor: float = 4e-6, warm_up: float = 0.3) -> None:
        super().__init__(warm_up)
        self.start = self.check_fraction("start", start)
        self.floor = self.check_fraction("floor", floor)

    def compute_warm_up(self, step: int, steps: int) -> float:
        return cosine_decay(1 - step / steps, self.start)

    def compute_factor(self, step: int, steps: int) -> float:
        return cosine_decay(step / steps, self.floor)
