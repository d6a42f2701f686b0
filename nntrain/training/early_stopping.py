"""Early stopping: training ends when the monitored score no longer improves.

``Trainer.end_epoch`` gives it the score of each epoch, and ``Trainer.stop_reason`` asks whether to stop, next to the
other reasons: the number of epochs, of steps, and the time. ``ImprovementCounter`` compares and counts. The default
patience is chosen in ``building/training_defaults.py``.
"""

from nntrain.optim.improvement_counter import ImprovementCounter


class EarlyStopping(ImprovementCounter):
    """Stops after ``patience`` epochs in which the score did not exceed the best one by more than ``threshold``.

    Higher scores are better; NaN is never better. With ``patience`` 0 training is never stopped. The schedule Plateau
    counts in the same way.
    """

    @property
    def should_stop(self) -> bool:
        """Whether 0 < patience ≤ the epochs without improvement."""
        return self.is_patience_used_up
