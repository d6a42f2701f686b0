"""A rate that falls in steps."""

from __future__ import annotations

from nntrain.optim.schedules.schedule import Schedule, span

__all__ = ["Step"]


class Step(Schedule):
    """rate = peak · factorᵏ, k = ⌊step / every⌋: a lower rate after each stretch of length ``every``."""

    def __init__(self, every: float = 0.3, factor: float = 0.1, warm_up: float = 0) -> None:
        super().__init__(warm_up)
        self.every = self.length("every", every)
        self.require(every > 0, f"expected every above 0, got {every}")
        self.factor = self.share("factor", factor)

    def course(self, step: int, steps: int) -> float:
        drops: int = step // max(span(self.every, steps), 1)
        return self.factor**drops
