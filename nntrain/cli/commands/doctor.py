"""``nntrain doctor``: check the installation and its speed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from nntrain.cli.options import json_option
from nntrain.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from nntrain.training.diagnostics.machine_report import MachineReport


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Print versions, kernels, threads and plugins, measure the machine for a second, and suggest changes.

    \b
    nntrain doctor
    """
    from nntrain.training.diagnostics.machine_report import build_machine_report

    report = build_machine_report()
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        for line in format_report(report):
            print_line(line)


def format_report(report: MachineReport) -> Iterator[str]:
    """The lines of the report."""
    found = report.environment
    blas, libraries = found["blas"], found["libraries"]
    setting = f" (OPENBLAS_CORETYPE={report.kernels_asked})" if report.kernels_asked is not None else ""
    kernels = f", kernels for {blas['kernels']}{setting}" if blas["kernels"] else ""
    yield f"nntrain   {found['nntrain']}"
    yield f"Python    {found['python']} on {found['platform']}"
    yield f"processor {found['processor']}"
    yield f"numpy     {libraries['numpy']}, matrix products by {blas['name']} {blas['version']}{kernels}"
    yield f"threads   {found['threads']} of {report.cores} cores"
    yield f"denormals {found['denormals']}{' to 0' if found['denormals'] == 'flushed' else ''} in training"
    yield f"HDF5      {report.hdf5} (h5py {libraries['h5py']})"
    yield f"DuckDB    {libraries['duckdb']}"
    broken = sum(error is not None for error in report.plugins.values())
    yield f"plugins   {len(report.plugins)}, {f'{broken} broken' if broken else 'none broken'}"
    speeds = ", ".join(
        f"{speed:.0f} GFLOP/s with {count} thread{'s' * (count > 1)}" for count, speed in report.gflops.items()
    )
    yield f"products  {speeds}"
    for name, speedup in report.engines.items():
        used = found["products"]
        use = f"used from {used['min_work']:,} multiplications on" if used["engine"] == name else "not used"
        yield f"{name:9} {speedup:.2f} times NumPy's speed with 1 thread, {use}"
    yield ""
    yield from report.advice or ["Nothing to change."]
