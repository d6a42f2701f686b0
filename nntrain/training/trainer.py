"""The trainer: a network, its optimizer and its data, step by step, with the state to resume bit for bit."""

import math
from collections.abc import Collection, Iterator
from contextlib import nullcontext
from typing import Any, Protocol

import numpy as np

from nntrain.checkpoint.error_location import add_checkpoint_location
from nntrain.checkpoint.layout import Tree
from nntrain.config.train_config import TrainConfig
from nntrain.data.data_loader import DataLoader
from nntrain.data.dataset_splits import DatasetSplits
from nntrain.errors import DivergenceError
from nntrain.hooks.registry import get_registered_name
from nntrain.nn.parameter_factors import FACTOR_KEYS, build_factor_vector
from nntrain.optim import Optimizer
from nntrain.optim.schedules.schedule import Schedule, to_steps
from nntrain.optim.schedules.schedule_preview import SchedulePreview, preview_schedule
from nntrain.specs.state_schema import COUNT, validate_state
from nntrain.training.best_model import BestModel
from nntrain.training.early_stopping import EarlyStopping
from nntrain.training.micro_batches import MicroBatches
from nntrain.training.objective import Objective
from nntrain.training.parameter_ema import ParameterEMA
from nntrain.training.regularization_schedules import RegularizationSchedules
from nntrain.training.tasks.threshold_tuning import tune_threshold
from nntrain.training.timer import Timer
from nntrain.training.trained_network import TrainedNetwork
from nntrain.training.validation_scorer import ValidationScorer


class Stateful(Protocol):
    """A component with a state in the checkpoint: arrays and JSON values, by their keys in the file format."""

    def state(self) -> dict[str, Any]: ...

    def restore(self, state: dict[str, Any]) -> None: ...


class Trainer:
    """Training, one step at a time. Epochs and steps are counted from 0, and reported from 1."""

    def __init__(
        self,
        network: TrainedNetwork,
        optimizer: Optimizer,
        splits: DatasetSplits,
        settings: TrainConfig,
        schedule: Schedule | None = None,
    ) -> None:
        assert settings.epochs is not None
        assert settings.batch_size is not None
        assert settings.patience is not None
        assert splits.train.targets is not None
        self.network = network
        self.optimizer = optimizer
        self.schedule = schedule
        self.regularization = RegularizationSchedules(network.model, optimizer, settings)
        self.peak_learning_rate = optimizer.learning_rate
        self.splits = splits
        self.epochs = settings.epochs
        self.w, self.dw = network.model.get_parameters()
        network.model.skip_grad_input()
        optimizer.set_factors(*(build_factor_vector(network.model, self.w, key) for key in FACTOR_KEYS))
        self.data_loader = DataLoader(splits.train, settings.batch_size, settings.seed, network.cast_floats)
        self.micro_batches = MicroBatches(self.data_loader, settings.accumulate)
        # Such an optimizer may evaluate the loss more than once in a step.
        is_repeatable = type(optimizer).advance is not Optimizer.advance
        self.objective = Objective(network, self.w, self.dw, settings, is_repeatable)
        self.ema = None if settings.ema is None else ParameterEMA(self.w, settings.ema)
        self.validation = None if splits.validation is None else ValidationScorer(network, splits.validation)
        # The metric that tunes the threshold of each best network, if the threshold is not a number.
        self.threshold_metric = None if isinstance(settings.threshold, float) else settings.threshold
        self.best_model = BestModel(settings.monitor, network.create_metrics().higher_is_better(settings.monitor))
        self.keeps_last = settings.select_epoch == "last"
        # Whether more epochs make sense, after the best was the last.
        self.is_extendable = not (self.keeps_last or settings.refit)
        self.early_stopping = EarlyStopping(settings.min_delta, settings.patience)
        self.max_steps = settings.max_steps
        self.max_time = settings.max_time
        self.timer = Timer(settings.max_seconds)
        self.is_bounded = settings.train_metrics == "bounded" and splits.validation is not None
        self.train_metrics = network.create_metrics(bounded=self.is_bounded)
        self.epoch = 0
        self.step = 0
        self.total_steps = self.epochs * len(self.micro_batches)
        self.data_loader.start_epoch(0)

    @property
    def stop_reason(self) -> str | None:
        """Why training is over, for the user; None while it is not."""
        if self.epoch >= self.epochs:
            return f"reached {self.epochs} epoch{'s' * (self.epochs > 1)}"
        if self.early_stopping.should_stop:
            return f"{self.best_model.monitor} did not improve for {self.early_stopping.patience} epochs"
        if self.max_steps is not None and self.step >= self.max_steps and not self.is_epoch_complete:
            return f"reached {self.max_steps:,} steps"
        if self.timer.is_over and not self.is_epoch_complete:
            return f"reached the time limit of {self.max_time}"
        return None

    @property
    def is_epoch_complete(self) -> bool:
        """Whether all steps of the epoch are done, so that it is scored even after the time limit."""
        return self.data_loader.position == len(self.data_loader)

    def train_step(self) -> float | None:
        """Do one step and return the loss of its rows; None at the end of the epoch.

        DivergenceError if the loss is NaN or infinite.
        """
        if not self.micro_batches.gather():
            return None
        if self.schedule is not None:
            self.optimizer.learning_rate = self.get_learning_rate(self.step)
        self.regularization.apply(self.step, self.total_steps)
        self.objective.start_step(self.micro_batches.current, self.train_metrics)
        try:
            self.optimizer.advance(self.objective, self.w)
        except DivergenceError as error:
            raise DivergenceError(self.format_divergence(error)) from None
        self.step += 1
        if self.ema is not None:
            self.ema.update(self.w)
        return self.objective.loss

    def get_learning_rate(self, step: int) -> float:
        """Return the scheduled learning rate of a step."""
        assert self.schedule is not None
        assert self.peak_learning_rate is not None
        return self.schedule.get_learning_rate(step, self.total_steps, self.peak_learning_rate)

    def preview_schedule(self) -> SchedulePreview | None:
        """Return a preview of the schedule; None if there is none."""
        if self.schedule is None or self.peak_learning_rate is None:
            return None
        return preview_schedule(self.schedule, self.peak_learning_rate, len(self.micro_batches), self.epochs)

    def find_long_warm_up(self) -> Iterator[str]:
        """Yield a warning if the run ends during the warm-up."""
        if self.schedule is None or self.peak_learning_rate is None:
            return
        steps = min(self.total_steps, self.max_steps or self.total_steps)
        warm_up = to_steps(self.schedule.warm_up, self.total_steps)
        if warm_up >= steps:
            yield (
                f"schedule.warm_up: {warm_up:,} steps, but the run has {steps:,}, so the learning rate never reaches "
                f"{self.peak_learning_rate:.3g}; set a shorter warm_up, or a fraction of the run such as 0.1"
            )

    def check_finite(self) -> None:
        """DivergenceError if parameters are NaN or infinite: so would be the next loss."""
        if not np.isfinite(self.w).all():
            raise DivergenceError(self.format_divergence(DivergenceError("parameters are NaN or infinite")))

    def format_divergence(self, error: DivergenceError) -> str:
        """Format where the run diverged, and what to try."""
        tries = []
        if (rate := self.peak_learning_rate) is not None:
            tries.append(f"a smaller learning rate, e.g. --set optimizer.learning_rate={rate / 10:.3g}")
        if self.objective.clip_norm is None:
            tries.append("smaller gradients: --set train.clip_norm=1")
        advice = f"; try {', or '.join(tries)}" if tries else ""
        return f"step {self.step + 1} (epoch {self.epoch + 1}): {error}{advice}"

    def end_epoch(self) -> dict[str, Any]:
        """Score the validation set, keep the best network, start the next epoch; return the line for the metrics."""
        line: dict[str, Any] = {"epoch": self.epoch + 1, "step": self.step}
        if self.schedule is not None:
            # The learning rate of the epoch's first step.
            line["rate"] = self.get_learning_rate(max(self.step - len(self.micro_batches), 0))
        scores = {"train": self.train_metrics.compute()}
        self.epoch += 1
        with nullcontext() if self.ema is None else self.ema.apply_to(self.w):
            if self.validation is not None:
                scores["validation"] = self.validation.score()
            shown = scores.get("validation", scores["train"])
            score = self.best_model.sign * shown[self.best_model.monitor]
            improved = self.keeps_last or self.best_model.is_better(score, shown["loss"])
            if improved:
                if self.validation is not None:
                    self.validation.calibrate()
                self.network.scores = dict(scores)
                self.best_model.update(self.epoch, scores, score, self.build_best_tree())
        self.early_stopping.update(score)
        if self.schedule is not None:
            self.schedule.observe_score(score)
        self.train_metrics.reset()
        self.data_loader.start_epoch(self.epoch)
        return {**line, **scores, "best": improved}

    def build_best_tree(self) -> Tree:
        """Return the tree of the current network, which replaces the previous best one, with its own threshold."""
        tree = self.network.to_tree(self.best_model.network)
        if self.threshold_metric is not None:
            assert self.splits.validation is not None
            tree["threshold"] = tune_threshold(self.network, self.splits.validation, self.threshold_metric)
        return tree

    def get_stateful_parts(self) -> dict[str, Stateful]:
        """Return every component with a state, except the network, by its key in the file format."""
        parts = {
            "optimizer": self.optimizer,
            "schedule": self.schedule,
            "batches": self.data_loader,  # the position in the epoch
            "average": self.ema,
            "board": self.train_metrics,  # the sums of the epoch so far
            "best": self.best_model,
            "standstill": self.early_stopping,  # epochs without improvement
            "clock": self.timer,
        }
        return {name: part for name, part in parts.items() if part is not None}

    def to_tree(self) -> Tree:
        """Return the checkpoint: everything as arrays and JSON values."""
        counts = {"epoch": self.epoch, "step": self.step, "types": self.get_component_types()}
        return self.network.to_tree() | {
            "training": counts | {name: part.state() for name, part in self.get_stateful_parts().items()}
        }

    def get_component_types(self) -> dict[str, str | None]:
        """Return the names of optimizer and schedule, whose states only the same type can restore."""
        return {
            name: None if part is None else get_registered_name(type(part)).lower()
            for name, part in (("optimizer", self.optimizer), ("schedule", self.schedule))
        }

    def restore(self, tree: Tree, where: str, fresh: Collection[str] = ()) -> None:
        """Restore a checkpoint, whose network this trainer already has. ``fresh``: parts that keep their new state.

        CheckpointError if it is corrupt.
        """
        with add_checkpoint_location(where):
            parts = {name: part for name, part in self.get_stateful_parts().items() if name not in fresh}
            known = validate_state(
                tree["training"], {"epoch": COUNT, "step": COUNT, **dict.fromkeys(parts, dict)}, "training"
            )
            self.epoch, self.step = known["epoch"], known["step"]
            for name, part in parts.items():
                part.restore(known[name])
            self.optimizer.check_state_sizes(self.w)
        # A changed batch size changes the number of steps in the remaining epochs.
        left = math.ceil((len(self.data_loader) - self.data_loader.position) / self.micro_batches.count)
        self.total_steps = self.step + left + (self.epochs - self.epoch - 1) * len(self.micro_batches)
