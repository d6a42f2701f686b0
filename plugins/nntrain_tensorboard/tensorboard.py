"""A callback that logs a run for TensorBoard."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nntrain.compute.array import Array
from nntrain.errors import PluginError
from nntrain.nn.module import Module
from nntrain.nn.state import named_modules
from nntrain.training import Callback


class TensorBoard(Callback):
    """Log scalars, the loss every ``every`` steps, scores and learning rate every epoch, and parameter histograms.

    Files are in the log folder of the run: ``tensorboard --logdir runs``. A resumed run replaces the values after the
    step that it resumes from. ``histograms = false`` disables the histograms.
    Errors: PluginError, from ``setup``, unless tensorboardX is installed.
    """

    def __init__(self, every: int = 10, histograms: bool = True) -> None:
        self.every = max(every, 1)
        self.histograms = histograms
        self.writer: Any = None

    def setup(self, folder: Path, model: Module, config: Mapping[str, Any]) -> None:
        try:
            import tensorboardX  # noqa: F401
        except ImportError:
            raise PluginError('it needs tensorboardX: pip install "nntrain[tensorboard]"') from None
        self.folder = folder
        self.model = model

    def on_step_end(self, step: int, loss: float) -> None:
        self.open_event_file(step)
        if step % self.every == 0:
            self.writer.add_scalar("step/loss", loss, step)

    def on_epoch_end(self, logs: dict[str, Any]) -> None:
        step = logs["step"]
        self.open_event_file(step)
        if "rate" in logs:
            self.writer.add_scalar("step/rate", logs["rate"], step)
        for part in ("train", "validation"):
            for name, value in logs.get(part, {}).items():
                if isinstance(value, int | float):
                    self.writer.add_scalar(f"{part}/{name}", value, step)
        if self.histograms:
            for name, array in iterate_parameters(self.model):
                self.writer.add_histogram(name, array.reshape(-1), step)
        self.writer.flush()

    def teardown(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None

    def open_event_file(self, step: int) -> None:
        """Open an event file, unless one is open, that starts at this step and purges later values of older files."""
        if self.writer is not None:
            return
        from tensorboardX import SummaryWriter

        self.folder.mkdir(mode=0o700, exist_ok=True)
        # Two files of the same second would otherwise have the same name.
        self.writer = SummaryWriter(logdir=str(self.folder), purge_step=step, filename_suffix=f".{step:09d}")


def iterate_parameters(model: Module) -> Iterator[tuple[str, Array]]:
    """Yield every parameter with its path: ``0.2.weight``."""
    for place, module in named_modules(model):
        for name in module.parameter_names:
            array = getattr(module, name, None)
            if array is not None:
                yield f"{place}.{name}".lstrip("."), array
