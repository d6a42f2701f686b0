"""``nntrain doctor``: whether all is well, and as fast as it could be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from nntrain.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from nntrain.training.diagnostics.machine_report import MachineReport

__all__ = ["doctor"]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Tell versions, kernels, threads and plugins, measure the machine for a second, and say what to change.

    \b
    nntrain doctor
    """
    from nntrain.training.diagnostics.machine_report import build_machine_report

    health = build_machine_report()
    if as_json:
        print_json(dataclasses.asdict(health))
    else:
        for line in format_report(health):
            print_line(line)


def format_report(health: MachineReport) -> Iterator[str]:
    """The lines."""
    found = health.environment
    blas, libraries = found["blas"], found["libraries"]
    asked = f" (OPENBLAS_CORETYPE={health.kernels_asked})" if health.kernels_asked is not None else ""
    kernels = f", kernels for {blas['kernels']}{asked}" if blas["kernels"] else ""
    yield f"nntrain   {found['nntrain']}"
    yield f"Python    {found['python']} on {found['platform']}"
    yield f"processor {health.processor}"
    yield f"numpy     {libraries['numpy']}, products by {blas['name']} {blas['version']}{kernels}"
    yield f"threads   {found['threads']} of {health.cores} cores"
    yield f"denormals {found['denormals']}{' to 0' if found['denormals'] == 'flushed' else ''} where networks learn"
    yield f"HDF5      {health.hdf5} (h5py {libraries['h5py']})"
    yield f"DuckDB    {libraries['duckdb']}"
    broken = sum(error is not None for error in health.plugins.values())
    yield f"plugins   {len(health.plugins)}, {f'{broken} broken' if broken else 'all well'}"
    speeds = ", ".join(
        f"{speed:.0f} GFLOP/s with {count} thread{'s' * (count > 1)}" for count, speed in health.gflops.items()
    )
    yield f"products  {speeds}"
    yield ""
    yield from health.advice or ["Nothing to change."]
