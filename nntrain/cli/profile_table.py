"""Where the time of a run went, as a table."""

from __future__ import annotations

from nntrain.cli.report import columns, duration
from nntrain.training.diagnostics.run_profile import ProfileRow, RunProfile

__all__ = ["profile_table"]

HEAD = ["where the time went", "%", "seconds", "calls", "µs a call", "forward", "backward"]


def profile_table(profile: RunProfile) -> str:
    """A line for each thing that took time, and one for the whole."""
    whole = profile.seconds
    rows = [cells(row, whole) for row in profile.iterate_rows()]
    told = columns([HEAD, *rows])
    return f"{told}\n\n{duration(whole)} in all; a container's time is what it adds to its modules'."


def cells(row: ProfileRow, whole: float) -> list[str]:
    """Share of the whole, seconds, calls, microseconds a call; of a layer or criterion also those of both its ways."""
    each = {way: f"{1e6 * spent.seconds / row.calls:,.1f}" for way, spent in row.calls_by_pass.items() if row.calls}
    return [
        row.name,
        f"{100 * row.seconds / whole if whole else 0:.1f}",
        f"{row.seconds:.3f}",
        f"{row.calls:,}" if row.calls else "-",
        f"{1e6 * row.seconds / row.calls:,.1f}" if row.calls else "-",
        each.get("forward", "-"),
        each.get("backward", "-"),
    ]
