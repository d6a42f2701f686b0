"""A learning rate that rises once and then decreases to almost 0."""

from nntrain.optim.schedules.cosine_schedule import cosine_decay
from nntrain.optim.schedules.schedule import Schedule


class OneCycle(Schedule):
    """From start · peak up to peak in ``warm_up`` steps, then down to floor · peak, both along half a cosine wave.

    Source: Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates",
    2018, with cosines instead of lines.
    """

    def __init__(self, start: float = 0.04, floor: float = 4e-6, warm_up: float = 0.3) -> None:
        super().__init__(warm_up)
        self.start = self.check_fraction("start", start)
        self.floor = self.check_fraction("floor", floor)

    def compute_warm_up(self, step: int, steps: int) -> float:
        return cosine_decay(1 - step / steps, self.start)

    def compute_factor(self, step: int, steps: int) -> float:
        return cosine_decay(step / steps, self.floor)
