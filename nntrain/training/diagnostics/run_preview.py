"""A preview of a run: nothing is written, and only a few steps are trained to measure their time."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numpy as np

from nntrain.compute.storage_location import find_owner
from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.data.checks.inspection import Inspection, inspect_data
from nntrain.nn.batch_axis import forward_batch
from nntrain.optim.schedules.schedule_preview import SchedulePreview
from nntrain.training.building.trainer_assembly import assemble_trainer, get_data_options
from nntrain.training.diagnostics.hyperparameter_summary import summarize_hyperparameters
from nntrain.training.diagnostics.layer_summary import LayerSummary, summarize_outputs
from nntrain.training.product_choice import choose_engine
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.trained_network import slice_rows
from nntrain.training.trainer import Trainer


def measure_memory(trainer: Trainer) -> dict[str, int]:
    """Return the bytes of all arrays after a step, each counted once, for the first of these that holds it."""
    holders = {
        "parameters": trainer.w,
        "gradients": trainer.dw,
        "optimizer": trainer.optimizer,
        "data": [trainer.splits, trainer.data_loader],
        "activations": [trainer.network.model, trainer.network.criterion],
        "other": trainer,
    }
    seen: set[int] = set()
    return {name: sum(array.nbytes for array in iterate_owners(holder, seen)) for name, holder in holders.items()}


def iterate_owners(value: Any, seen: set[int]) -> Iterator[np.ndarray[Any, Any]]:
    """Yield every array below a value that owns memory and was not seen before."""
    if id(value) in seen:
        return
    if isinstance(value, np.ndarray):
        owner = find_owner(value)
        if id(owner) not in seen:
            seen.add(id(owner))
            yield owner
        return
    if isinstance(value, dict | list | tuple):
        inner = list(value.values() if isinstance(value, dict) else value)
    elif hasattr(value, "__dict__") and not isinstance(value, type) and not callable(getattr(value, "__code__", None)):
        seen.add(id(value))
        inner = list(vars(value).values())
    else:
        return
    for item in inner:
        yield from iterate_owners(item, seen)


# Number of rows that show the shapes of outputs.
PROBE_ROWS = 3

# Maximum number of measured steps, and maximum seconds.
MEASURED_STEPS = 20
MEASURED_SECONDS = 0.5


@dataclass(frozen=True)
class RunPreview:
    """``memory`` in bytes; ``settings``: the resolved epochs, batch size and patience."""

    inspection: Inspection
    path: str
    layers: list[LayerSummary]
    parameters: int
    criterion: str
    optimizer: str
    hyperparameters: list[str]
    settings: dict[str, Any]
    steps_per_epoch: int
    schedule: SchedulePreview | None
    memory: dict[str, int]
    seconds_per_step: float
    problems: list[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the preview as JSON values."""
        splits = self.inspection.splits
        return {
            "data": {
                "path": self.path,
                "fingerprint": splits.fingerprint,
                "rows": {name: dataset.rows for name, dataset in splits.datasets.items()},
                "task": splits.preprocessor.target.task,
                "columns": [asdict(column) for column in self.inspection.columns],
                "balance": self.inspection.balance,
                "repeats": [asdict(found) for found in self.inspection.repeats],
            },
            "network": {"layers": [asdict(layer) for layer in self.layers], "parameters": self.parameters},
            "criterion": self.criterion,
            "optimizer": self.optimizer,
            "train": self.settings,
            "schedule": None if self.schedule is None else asdict(self.schedule),
            "memory": self.memory,
            "time": {
                "seconds_per_step": self.seconds_per_step,
                "steps_per_epoch": self.steps_per_epoch,
                "seconds_per_epoch": self.seconds_per_step * self.steps_per_epoch,
            },
            "notes": [note for note in splits.notes if note not in self.problems],
            "problems": self.problems,
        }


def preview_run(config: Config) -> RunPreview:
    """Build everything that a run needs, and measure it. Raises the errors of ``fit``."""
    found = inspect_data(get_data_options(config), config.train.seed)
    if config.data.trains_every_fold:
        networks = getattr(config.data, config.data.fold_keys[0])
        found.splits.notes.append(f"fit trains {networks} networks, one per fold; memory and time are those of one")
    if config.train.refit:
        found.splits.notes.append("fit trains twice; memory and time are those of the first training")
    choose_engine()
    trainer, decided = assemble_trainer(config, found.splits)
    model = trainer.network.model
    model.evaluate()
    with configure_compute(), limit_to_free_memory(), np.errstate(all="ignore"):
        layers = summarize_trained_layers(trainer)
        seconds = measure_step_time(trainer)
    return RunPreview(
        inspection=found,
        path=config.data.path,
        layers=layers,
        parameters=int(trainer.w.size),
        criterion=repr(trainer.network.criterion),
        optimizer=repr(trainer.optimizer),
        hyperparameters=summarize_hyperparameters(model, decided),
        settings=decided.train.model_dump(include={"epochs", "batch_size", "patience", "monitor"}),
        steps_per_epoch=len(trainer.micro_batches),
        schedule=trainer.preview_schedule(),
        memory=measure_memory(trainer),
        seconds_per_step=seconds,
        problems=[*found.problems, *trainer.find_long_warm_up()],
    )


def summarize_trained_layers(trainer: Trainer) -> list[LayerSummary]:
    """Summarize the network, run on the first training rows."""
    network, train = trainer.network, trainer.splits.train

    def forward(rows: int) -> None:
        forward_batch(network.model, network.cast_floats(slice_rows(train.inputs, 0, rows)), rows)

    return summarize_outputs(network.model, forward, min(PROBE_ROWS, train.rows))


def measure_step_time(trainer: Trainer) -> float:
    """Return the median time of a few steps after the first, which allocates the buffers."""
    trainer.train_step()
    times: list[float] = []
    begin = time.perf_counter()
    while len(times) < MEASURED_STEPS and time.perf_counter() - begin < MEASURED_SECONDS:
        start = time.perf_counter()
        if trainer.train_step() is None:
            trainer.data_loader.start_epoch(trainer.data_loader.epoch + 1)
        else:
            times.append(time.perf_counter() - start)
    return median(times)
