"""One rate for the whole run."""

from __future__ import annotations

from nntrain.optim.schedules.schedule import Schedule

__all__ = ["Constant"]


class Constant(Schedule):
    """rate = peak, after the warm-up."""

    def course(self, step: int, steps: int) -> float:
        return 1.0
