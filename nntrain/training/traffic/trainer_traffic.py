"""Count the memory traffic of a run's step, on a copy of everything that the step changes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

from nntrain.data.batch import Batch
from nntrain.training.objective import Objective
from nntrain.training.parameter_ema import ParameterEMA
from nntrain.training.traffic.step_traffic import StepTraffic, count_second_step
from nntrain.training.traffic.traffic_counter import CountedMethod, TrafficCounter, describe_arguments
from nntrain.training.traffic.traffic_log import PassArrays
from nntrain.training.trainer import Trainer


def count_trainer_step(trainer: Trainer) -> StepTraffic:
    """Count the bytes of a step on the first training rows, in one thread. The trainer does not change.

    Raises the errors of a step, and those of ``count_second_step``.
    """
    counter = TrafficCounter()
    network = replace(trainer.network, model=trainer.network.model.clone(), criterion=trainer.network.criterion.clone())
    vectors = network.model.get_parameters()
    counter.adopt(network.model)
    counter.adopt(network.criterion)
    w, dw = map(counter.convert, vectors)
    objective = Objective(network, w, dw, trainer.objective.settings, trainer.objective.replay is not None)
    # After the objective, which reads marks of the methods that are replaced here.
    counter.watch_model(network.model)
    counter.watch_criterion(network.criterion)
    watch_objective(counter, objective)
    optimizer = copy.deepcopy(trainer.optimizer)
    counter.watch_optimizer(optimizer, w, dw)
    gradients = CountedMethod(counter.log, ("gradients", "call"), objective, lambda *_: PassArrays())
    metrics = network.create_metrics(bounded=trainer.is_bounded)
    counter.watch(metrics, "metrics", ("update",), describe_arguments)
    ema = None if trainer.ema is None else ParameterEMA(w, trainer.ema.decay)
    if ema is not None:
        counter.watch(ema, "average", ("update",), lambda owner, _: PassArrays([w, owner.average], [owner.average]))
    batches = [
        batch.with_arrays(counter.convert(network.cast_floats(array)) for array in batch.arrays)
        for batch in iterate_first_batches(trainer)
    ]

    def step() -> None:
        objective.start_step(batches, metrics)
        optimizer.advance(gradients, w)
        if ema is not None:
            ema.update(w)

    return count_second_step(counter.log, step, w)


def watch_objective(counter: TrafficCounter, objective: Objective) -> None:
    """Count the work on the gradients around the passes."""
    w, dw = objective.w, objective.dw
    counter.watch_zeroing(objective.lazy_zero_grad, dw)
    counter.watch(objective, "clipping", ("clip",), lambda *_: PassArrays([dw], [dw]))
    if objective.regularizer is not None:
        counter.watch(objective.regularizer, "penalties", ("add_gradient",), lambda *_: PassArrays([w, dw], [dw]))


def iterate_first_batches(trainer: Trainer) -> Iterator[Batch]:
    """Yield the batches of a step, of the first training rows. As in an epoch, only the first may have 1 row."""
    train, size = trainer.splits.train, trainer.data_loader.batch_size
    for start in range(0, min(train.rows, size * trainer.micro_batches.count), size):
        if start == 0 or train.rows - start > 1:
            yield train.full_batch.with_arrays(array[start : start + size] for array in train.full_batch.arrays)
