"""Weight decay and dropout that change from step to step."""

from nntrain.config.train_config import ScheduleEntry, TrainConfig
from nntrain.errors import ConfigError
from nntrain.nn.bases.noise import Noise
from nntrain.nn.building.factory import build_registered
from nntrain.nn.module import Module
from nntrain.optim import Optimizer, Schedule


class RegularizationSchedules:
    """weight_decay and p of each step: their values in the config, times the factors of two schedules.

    The factors depend on the step and the number of steps alone, so there is nothing to save, and specs and checkpoints
    contain the values of the config.
    Errors: ConfigError for a schedule that depends on scores, and for one that would change nothing.
    """

    def __init__(self, model: Module, optimizer: Optimizer, settings: TrainConfig) -> None:
        self.optimizer = optimizer
        self.weight_decay = optimizer.weight_decay or 0.0
        self.weight_decay_schedule = build_schedule(settings.weight_decay_schedule, "weight_decay")
        self.dropout_schedule = build_schedule(settings.dropout_schedule, "dropout")
        self.dropouts = [] if self.dropout_schedule is None else list_dropouts(model)
        if self.weight_decay_schedule is not None and self.weight_decay == 0:
            name = type(optimizer).__name__
            reason = f"{name} has no weight_decay" if optimizer.weight_decay is None else f"{name} has weight_decay = 0"
            fix = "choose another optimizer" if optimizer.weight_decay is None else "set optimizer.weight_decay"
            raise ConfigError(f"train.weight_decay_schedule: {reason}; {fix}, or remove the key")

    def apply(self, step: int, steps: int) -> None:
        """Set weight_decay and p of a step of a run of ``steps`` steps."""
        if self.weight_decay_schedule is not None:
            self.optimizer.weight_decay = self.weight_decay_schedule.get_learning_rate(step, steps, self.weight_decay)
        if self.dropout_schedule is not None:
            for module in self.dropouts:
                module.p_factor = self.dropout_schedule.get_learning_rate(step, steps, 1.0)


def build_schedule(entry: ScheduleEntry | None, name: str) -> Schedule | None:
    """Return the schedule of an entry. ConfigError if it depends on scores."""
    if entry is None:
        return None
    schedule: Schedule = build_registered(entry, "schedule")
    if schedule.depends_on_scores:
        problem = f"{type(schedule).__name__} depends on scores"
        raise ConfigError(f"train.{name}_schedule: {problem}; choose another schedule, or remove the key")
    return schedule


def list_dropouts(model: Module) -> list[Noise]:
    """Return the modules whose p a schedule can change. ConfigError if there are none, or others with a p."""
    noisy = [module for module in model.list_modules() if isinstance(module, Noise) and hasattr(module, "p")]
    if not noisy:
        raise ConfigError("train.dropout_schedule: the network has no dropout; add Dropout modules, or remove the key")
    for module in noisy:
        if module.p_factor is None:
            raise ConfigError(
                f"train.dropout_schedule: {module.label()} cannot change its p, because its outputs in evaluation mode "
                "depend on it; use Dropout, or remove the key"
            )
    return noisy
