"""A learning rate that decreases by the same factor in every step."""

from nntrain.optim.schedules.schedule import Schedule


class Exponential(Schedule):
    """learning rate = peak · floor^(step / steps): from peak to floor · peak at the end of the run."""

    def __init__(self, floor: float = 0.01, warm_up: float = 0) -> None:
        super().__init__(warm_up)
        self.floor = self.check_fraction("floor", floor)
        self.require(floor > 0, f"expected floor above 0, got {floor}")

    def compute_factor(self, step: int, steps: int) -> float:
        return self.floor ** (step / steps)
