"""A learning rate that is constant at first and then decreases along a cosine."""

from nntrain.optim.schedules.cosine_schedule import cosine_decay
from nntrain.optim.schedules.schedule import Schedule


class FlatCosine(Schedule):
    """learning rate = peak · (1 + cos π q) / 2, q = max(0, p − start) / (1 − start), p = step / steps.

    It is the peak until the fraction ``start`` of the run.
    Source: Holzmüller, Grinsztajn and Steinwart, "Better by default: strong pre-tuned MLPs and boosted trees on tabular
    data", 2024.
    """

    registered_name = "flat_cosine"

    def __init__(self, start: float = 0.5, warm_up: float = 0) -> None:
        super().__init__(warm_up)
        self.start = self.check_fraction("start", start)
        self.require(start < 1, f"expected start below 1, a fraction of the run, got {start}")

    def compute_factor(self, step: int, steps: int) -> float:
        return cosine_decay(max((step / steps - self.start) / (1 - self.start), 0.0), 0.0)
