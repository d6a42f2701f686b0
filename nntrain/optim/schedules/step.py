"""A learning rate that decreases in steps."""

from nntrain.optim.schedules.schedule import Schedule, to_steps


class Step(Schedule):
    """learning rate = peak · factorᵏ, k = ⌊step / every⌋: multiplied by ``factor`` after each period ``every``."""

    def __init__(self, every: float = 0.3, factor: float = 0.1, warm_up: float = 0) -> None:
        super().__init__(warm_up)
        self.every = self.check_length("every", every)
        self.require(every > 0, f"expected every above 0, got {every}")
        self.factor = self.check_fraction("factor", factor)

    def compute_factor(self, step: int, steps: int) -> float:
        drops: int = step // max(to_steps(self.every, steps), 1)
        return self.factor**drops
