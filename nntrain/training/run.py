"""A run: a network, its optimizer and its data, step by step; and all it must remember to go on to the same bits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nntrain.checkpoint.layout import Tree
from nntrain.config.train_config import TrainConfig
from nntrain.data.batches import Batches
from nntrain.data.prepared import Prepared
from nntrain.errors import CheckpointError, ConfigError, DivergenceError, nearest
from nntrain.optim import Optimizer
from nntrain.training.best import Best
from nntrain.training.scoreboard import Scoreboard
from nntrain.training.trained_network import TrainedNetwork

__all__ = ["Run"]


class Run:
    """Training, one step at a time. Epochs and steps are counted from 0, and told from 1."""

    def __init__(self, network: TrainedNetwork, optimizer: Optimizer, data: Prepared, settings: TrainConfig) -> None:
        assert settings.epochs is not None
        assert settings.batch_size is not None
        assert settings.patience is not None
        assert data.train.targets is not None
        self.network = network
        self.optimizer = optimizer
        self.data = data
        self.epochs = settings.epochs
        self.patience = settings.patience
        self.w, self.dw = network.model.get_parameters()
        network.model.spare_grad_input()
        inputs, targets = network.typed(data.train.inputs), network.typed(data.train.targets)
        self.batches = Batches(inputs, targets, settings.batch_size, settings.seed)
        self.best = Best(settings.monitor, higher_is_better(network, settings.monitor))
        self.board = Scoreboard(network.task.metrics())
        self.epoch = 0
        self.step = 0
        self.batches.start(0)

    @property
    def finished(self) -> str | None:
        """Why training is over, in words; None while it is not."""
        if self.epoch >= self.epochs:
            return f"all {self.epochs} epochs are done"
        if self.patience and self.epoch - self.best.epoch >= self.patience:
            return f"no better {self.best.monitor} for {self.patience} epochs"
        return None

    def advance(self) -> float | None:
        """Make one step and return the loss of its batch; None at the end of the epoch.

        DivergenceError if the loss is no number.
        """
        batch = self.batches.next()
        if batch is None:
            return None
        x, t = batch
        model, criterion, task = self.network.model, self.network.criterion, self.network.task
        if not model.train:
            model.training()
        self.dw.fill(0)
        y = model.forward(x)
        fitted = task.fitted(t)
        loss = criterion.forward(y, fitted)
        if not math.isfinite(loss):
            raise DivergenceError(self.diverged(loss))
        self.board.update(loss, *task.judged(y, t))
        model.backward(x, criterion.backward(y, fitted))
        self.optimizer.step(self.w, self.dw)
        self.step += 1
        return loss

    def diverged(self, loss: float) -> str:
        """What to say, and to try, when a loss is no number."""
        rate = self.optimizer.learning_rate
        return (
            f"step {self.step + 1} (epoch {self.epoch + 1}): the loss is {loss}; "
            f"try a smaller learning rate, such as --set optimizer.learning_rate={rate / 10:.3g}"
        )

    def end_epoch(self) -> dict[str, Any]:
        """Score the validation rows, keep the best, and begin the next epoch; returns the line for the metrics."""
        scores = {"train": self.board.values()}
        if self.data.validation is not None:
            scores["validation"] = self.network.score(self.data.validation)
        self.epoch += 1
        judged = scores.get("validation", scores["train"])
        value = judged[self.best.monitor]
        improved = self.best.sign * value > self.best.score
        if improved:
            self.network.scores = dict(scores)
            self.best.offer(self.epoch, scores, value, self.network.tree())
        self.board = Scoreboard(self.network.task.metrics())
        self.batches.start(self.epoch)
        return {"epoch": self.epoch, "step": self.step, **scores, "best": improved}

    def tree(self) -> Tree:
        """Everything, as arrays and JSON values: a checkpoint."""
        return self.network.tree() | {
            "training": {
                "epoch": self.epoch,
                "step": self.step,
                "optimizer": self.optimizer.state(),
                "batches": self.batches.state(),
                "board": self.board.state(),
                "best": self.best.state(),
            }
        }

    def restore(self, tree: Tree, where: str) -> None:
        """Go on from a checkpoint whose network this run was made with. CheckpointError if it is damaged."""
        try:
            training = tree["training"]
            self.epoch, self.step = training["epoch"], training["step"]
            self.optimizer.restore(training["optimizer"])
            self.batches.restore(training["batches"])
            self.board.restore(training["board"])
            self.best.restore(training["best"])
        except (KeyError, TypeError) as error:
            raise CheckpointError(f"{where}: not a whole checkpoint of a run: {error}") from error
        check_sizes(self.optimizer, self.w, where)


def check_sizes(optimizer: Optimizer, w: np.ndarray[Any, Any], where: str) -> None:
    """CheckpointError if the optimizer's vectors are not as long as the parameters."""
    for name in optimizer.state_names:
        value = getattr(optimizer, name)
        if isinstance(value, np.ndarray) and value.shape != w.shape:
            raise CheckpointError(f"{where}: the optimizer's {name} has shape {value.shape}, the parameters {w.shape}")


def higher_is_better(network: TrainedNetwork, monitor: str) -> bool:
    """Which way the monitored score goes. ConfigError if the task has no such score."""
    metrics = {metric.name: metric.higher_is_better for metric in network.task.metrics()} | {"loss": False}
    if monitor not in metrics:
        raise ConfigError(
            f"train.monitor: expected one of {', '.join(sorted(metrics))}, got {monitor!r}{nearest(monitor, metrics)}"
        )
    return metrics[monitor]
