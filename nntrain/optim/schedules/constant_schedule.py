"""A constant learning rate."""

from nntrain.optim.schedules.schedule import Schedule


class ConstantSchedule(Schedule):
    """learning rate = peak, after the warm-up."""

    def compute_factor(self, step: int, steps: int) -> float:
        return 1.0
