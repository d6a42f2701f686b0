"""A plot of the losses of the last epochs in one line of text per set."""

from collections.abc import Sequence
from math import isfinite, log
from typing import TypeAlias

# The losses of an epoch on the training and validation rows; None without such rows.
EpochLosses: TypeAlias = tuple[float | None, float | None]

SETS = ("train", "validation")
LABEL_WIDTH = max(map(len, SETS)) + 1

# The heights of a value, lowest first.
BLOCKS, ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.-=+*%#"

# Cyan and magenta are readable on dark and light backgrounds.
COLORS, DEFAULT_COLOR = ("\x1b[36m", "\x1b[35m"), "\x1b[0m"

# From this ratio of the highest to the lowest loss on, the scale is logarithmic: the first losses would flatten others.
LOG_RATIO = 10

# With fewer epochs the scale is printed without words; with fewer than the minimum, nothing is plotted.
SHORT_EPOCHS, MIN_EPOCHS = 20, 4


def choose_levels(encoding: str | None) -> str:
    """Return the characters for a plot that an encoding has."""
    try:
        BLOCKS.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII_LEVELS
    return BLOCKS


def plot_losses(
    losses: Sequence[EpochLosses], epoch: int, width: int, levels: str = BLOCKS, *, colored: bool = False
) -> list[str]:
    """Plot the losses of the last epochs, the last of which is ``epoch``, in lines of at most ``width`` characters.

    One line for each set, on a common scale, whose minimum and maximum are printed after the curves. An epoch is one
    character, a space if its loss is missing, NaN or infinite. Empty without losses, or if too few epochs fit.
    """
    plotted, scale = fit_epochs(losses, epoch, width - LABEL_WIDTH, short=False)
    if len(plotted) < min(len(losses), SHORT_EPOCHS):
        plotted, scale = fit_epochs(losses, epoch, width - LABEL_WIDTH, short=True)
    if not scale or len(plotted) < min(len(losses), MIN_EPOCHS):
        return []
    values = list_finite(plotted)
    lowest, highest = min(values), max(values)
    lines: list[str] = []
    for index in list_sets(plotted):
        curve = "".join(draw_value(pair[index], lowest, highest, levels) for pair in plotted)
        start, end = (COLORS[index], DEFAULT_COLOR) if colored else ("", "")
        lines.append(f"{start}{SETS[index]:<{LABEL_WIDTH}}{curve}{end}{scale[len(lines)]}")
    return lines


def fit_epochs(
    losses: Sequence[EpochLosses], epoch: int, width: int, *, short: bool
) -> tuple[Sequence[EpochLosses], list[str]]:
    """Return the last epochs that fit in the width together with their scale, and the text of the scale by line."""
    plotted, scale = losses[-max(width, 1) :], list[str]()
    while plotted:
        scale = format_scale(plotted, epoch, short=short)
        excess = len(plotted) + max(map(len, scale), default=0) - width
        if excess <= 0:
            break
        plotted = plotted[excess:]
    return plotted, scale


def format_scale(losses: Sequence[EpochLosses], epoch: int, *, short: bool) -> list[str]:
    """Return the range of the losses and that of the epochs, in a text for each line; empty without losses."""
    if not (values := list_finite(losses)):
        return []
    lowest, highest, first = min(values), max(values), epoch - len(losses) + 1
    scale = " log" if is_logarithmic(lowest, highest) else ""
    ranges = [f"  loss {lowest:.3g} to {highest:.3g}{scale}", f"  epochs {first} to {epoch}"]
    if short:
        ranges = [f"  {lowest:.3g}..{highest:.3g}{scale}", f"  {first}..{epoch}"]
    return ranges if len(list_sets(losses)) == len(SETS) else ["".join(ranges)]


def list_finite(losses: Sequence[EpochLosses]) -> list[float]:
    """List the losses that can be plotted."""
    return [value for pair in losses for value in pair if value is not None and isfinite(value)]


def list_sets(losses: Sequence[EpochLosses]) -> list[int]:
    """List the positions of the sets with losses that can be plotted."""
    return [index for index in range(len(SETS)) if list_finite([(pair[index], None) for pair in losses])]


def draw_value(value: float | None, lowest: float, highest: float, levels: str) -> str:
    """Return the character of a value."""
    if value is None or not isfinite(value):
        return " "
    if is_logarithmic(lowest, highest):
        value, lowest, highest = log(value), log(lowest), log(highest)
    span = highest - lowest
    # The span of values near the largest float is infinite.
    fraction = (value - lowest) / span if span > 0 and isfinite(span) else 0.0
    return levels[min(int(fraction * len(levels)), len(levels) - 1)]


def is_logarithmic(lowest: float, highest: float) -> bool:
    """Whether the scale between two losses is logarithmic."""
    return lowest > 0 and highest >= LOG_RATIO * lowest
