"""What a command prints about a run in addition to its results."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RunOutput:
    """``profiled``: a profile at the end. ``plain``: a progress bar without a plot of the losses."""

    profiled: bool = False
    plain: bool = False
