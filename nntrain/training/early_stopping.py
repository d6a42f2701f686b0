"""Early stopping: training ends when the monitored score no longer improves."""

from nntrain.optim.improvement_counter import ImprovementCounter


class EarlyStopping(ImprovementCounter):
    """Stops after ``patience`` epochs in which the score did not exceed the best one by more than ``threshold``."""

    @property
    def should_stop(self) -> bool:
        """Whether the patience is used up."""
        return self.is_patience_used_up
