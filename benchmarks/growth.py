"""Growth of time with rows, width, depth and batch size, compared to the growth of the work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.comparison import Case, Comparison, Goal, Row, Settings
from benchmarks.endless_run import EndlessRun
from benchmarks.growth_plot import draw
from benchmarks.mlp.mlp import MLP
from benchmarks.mlp.ours import step
from benchmarks.pairing import Turn, alternate, turn
from nntrain.compute.threads import configure_compute

__all__ = ["COMPARISON"]

LINEAR, MEASURED = "in proportion", "measured"

ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
WIDTHS = (32, 64, 128, 256, 512, 1024, 2048)
DEPTHS = (1, 2, 4, 8, 16, 32)
BATCHES = (1, 4, 16, 64, 256, 1024, 4096)

# The smallest case of each axis.
STREAMED, WIDE, DEEP, BATCH = MLP(1024, 10, 32), MLP(256, 32, 32), MLP(256, 128, 128), MLP(1, 128, 128)

# Large epochs take so long that three are enough.
ROUNDS = 3

# Short epochs are timed in groups.
LEAST_ROWS = 100_000


@dataclass(frozen=True)
class Point:
    """A network and, for complete epochs, the rows of a file; ``x`` is the size along ``axis``."""

    axis: str
    x: int
    mlp: MLP
    rows: int | None = None

    @property
    def case(self) -> Case:
        """Return the point as a case."""
        return Case(f"{self.axis}: {self.x:,}")

    @property
    def work(self) -> int:
        """Return the multiplications of a pass through the network."""
        return (self.rows or self.mlp.batch) * sum(i * o for i, o in self.mlp.sizes)


def points(settings: Settings) -> Iterator[Point]:
    """Iterate over the points of each axis from the smallest; with ``quick`` the first half."""

    def some(values: Sequence[int]) -> Sequence[int]:
        return values[: (len(values) + 1) // 2] if settings.quick else values

    yield from (Point("rows of an epoch, streamed", rows, STREAMED, rows) for rows in some(ROWS))
    yield from (Point("units in each hidden layer", o, replace(WIDE, inputs=o, hidden=o)) for o in some(WIDTHS))
    yield from (Point("hidden layers", depth, replace(DEEP, depth=depth)) for depth in some(DEPTHS))
    yield from (Point("rows in a batch", batch, replace(BATCH, batch=batch)) for batch in some(BATCHES))


def cases(settings: Settings) -> Sequence[Case]:
    """Return every point as a case."""
    return [point.case for point in points(settings)]


def measure(case: Case, settings: Settings) -> Row:
    """Measure a point and the previous one in turns, in milliseconds, with the extrapolation."""
    found = list(points(settings))
    (index,) = (index for index, point in enumerate(found) if point.case == case)
    point, before = found[index], found[index - 1]
    with TemporaryDirectory() as folder, configure_compute():
        turns = {MEASURED: timed(point, settings, Path(folder))}
        if before.axis == point.axis and before.x < point.x:
            turns[LINEAR] = timed(before, settings, Path(folder))
        taken = alternate(turns, ROUNDS if point.rows else settings.rounds)
    factors = {MEASURED: 1.0, LINEAR: point.work / before.work}
    milliseconds = {side: [seconds * 1e3 * factors[side] for seconds in rounds] for side, rounds in taken.items()}
    base = LINEAR if LINEAR in taken else MEASURED
    return Row.of(case, milliseconds, base, {MEASURED: Goal(1.2, at_most=True)})


def timed(point: Point, settings: Settings, folder: Path) -> Turn:
    """Return the work: an epoch, or a step."""
    if point.rows is None:
        return turn(step(point.mlp), settings.seconds)
    run_folder = folder / str(point.rows)
    run_folder.mkdir()
    run = EndlessRun(point.mlp, point.rows, run_folder, stream=True, cache=str(run_folder / "cache"))
    return run.turn(max(LEAST_ROWS // point.rows, 2))


COMPARISON = Comparison(
    "Growth",
    "nntrain alone: an epoch over rows streamed from a file, and a training step (SGD, ReLU), as "
    "one size grows. The time in proportion is that of the smaller case above, measured in turns, times the growth of "
    "the work (multiplications): a ratio above 1 means that time grows faster.",
    "ms",
    cases,
    measure,
    base=LINEAR,
    after=draw,
)
