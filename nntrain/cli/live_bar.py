"""A progress bar whose terminal may be resized, with lines below it."""

import os
from collections import deque
from collections.abc import Iterable
from time import monotonic
from typing import Any, TextIO

from tqdm import tqdm
from tqdm.utils import disp_len, disp_trim

from nntrain.cli.loss_plot import EpochLosses, choose_levels, plot_losses

# The size of a terminal that does not report one, and the maximum number of epochs in a plot.
DEFAULT_SIZE, MAX_EPOCHS = os.terminal_size((80, 24)), 1000

# Control sequences (ECMA-48) of every terminal but a dumb one: erase to the end of the line or screen, and move up.
ERASE_LINE, ERASE_BELOW, MOVE_UP = "\x1b[K", "\x1b[J", "\x1b[{}A"


class LiveBar(tqdm):  # type: ignore[misc]
    """The steps of a run on one line. ``plotted``: with the scores of the last epoch and a plot of the losses below.
    ``losses``: those of all earlier epochs.

    The cursor stays at the start of the bar: a terminal that is resized wraps the lines after it, and the next draw
    erases all of them.
    """

    def __init__(self, file: TextIO, *, plotted: bool, losses: Iterable[EpochLosses] = (), **options: Any) -> None:
        self.plotted = plotted
        self.levels = choose_levels(file.encoding)
        earlier = list(losses)
        self.losses, self.epoch = deque(earlier, MAX_EPOCHS), len(earlier)
        self.scores = ""
        self.draw_time = 0.0
        super().__init__(unit="step", leave=False, file=file, **options)

    def add_epoch(self, epoch: int, scores: str, losses: EpochLosses) -> None:
        """Show the scores and losses of an epoch, at the latest with the next step that is drawn."""
        self.epoch, self.scores = epoch, scores
        self.losses.append(losses)
        if not self.plotted:
            self.set_description_str(scores, refresh=False)
        if monotonic() - self.draw_time >= self.mininterval:
            self.refresh()

    def display(self, msg: str | None = None, pos: int | None = None) -> bool:
        """Draw the bar, or erase it if ``msg`` is empty; whether there is a bar now."""
        self.draw_time = monotonic()
        size = find_terminal_size(self.fp)
        # Terminals wrap after the last column, or erase it.
        self.ncols = size.columns - 1
        if not self.plotted:
            return bool(super().display(msg, pos))
        lines = [] if msg == "" else [str(self), *self.list_lines(size)]
        back = MOVE_UP.format(len(lines) - 1) if len(lines) > 1 else ""
        # In one write, so that nothing flickers.
        self.fp.write("\r" + f"{ERASE_LINE}\r\n".join(lines) + f"{ERASE_BELOW}{back}\r")
        self.fp.flush()
        return bool(lines)

    def clear(self, nolock: bool = False) -> None:
        """Erase the bar until it is drawn again."""
        if self.disable or not self.plotted:
            super().clear(nolock)
        else:
            self.display("")

    def list_lines(self, size: os.terminal_size) -> list[str]:
        """List the lines below the bar that the terminal has room for."""
        scores = wrap_parts(self.scores, size.columns - 1) if self.scores else []
        plot = plot_losses(list(self.losses), self.epoch, size.columns - 1, self.levels, colored=True)
        return [*scores, *plot][: max(size.lines - 2, 0)]


def wrap_parts(text: str, width: int) -> list[str]:
    """Break a text between the parts that two spaces separate, and shorten longer parts."""
    first, *rest = text.split("  ")
    lines = [first]
    for part in rest:
        joined = f"{lines[-1]}  {part}"
        lines[-1:] = [joined] if disp_len(joined) <= width else [lines[-1], part]
    return [disp_trim(line, width) for line in lines]


def find_terminal_size(stream: TextIO) -> os.terminal_size:
    """Find the size of a terminal."""
    try:
        found = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return DEFAULT_SIZE
    return found if found.columns and found.lines else DEFAULT_SIZE
