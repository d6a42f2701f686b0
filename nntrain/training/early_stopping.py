"""Early stopping: training ends when the monitored score does not improve."""

from __future__ import annotations

from nntrain.optim.improvement_counter import ImprovementCounter


class EarlyStopping(ImprovementCounter):
    """Stops after ``patience`` epochs in which the score did not exceed the best one by more than ``min_delta``.

    Higher scores are better; NaN is never better. With ``patience`` 0 training is never stopped.
    """

    def __init__(self, patience: int, min_delta: float) -> None:
        super().__init__(min_delta)
        self.patience = patience

    @property
    def should_stop(self) -> bool:
        """Whether the patience is used up."""
        return 0 < self.patience <= self.bad_epochs
