"""``nntrain predict``: predictions for the rows of a file, in their order."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import IO

import click

__all__ = ["predict"]


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The CSV file to write.  [default: stdout]")
@click.option("--inputs", help="The HDF5 dataset of inputs.")
def predict(run: Path, data: Path, out: Path | None, inputs: str | None) -> None:
    """Predict the rows of DATA, which needs no target column: a CSV with a line for each row, in their order.

    A class comes with its name and the probability of every class, a number in the units of its column.
    """
    from nntrain.training.prediction import predictions

    blocks, notes = predictions(run, data, inputs)
    if out is None:
        write_blocks(sys.stdout, blocks)
    else:
        write_file(out, blocks)
    for note in notes:
        click.echo(f"Note: {note}", err=True)


def write_file(out: Path, blocks: list[dict[str, list[object]]]) -> None:
    """Write the file whole: nothing half-written is left if it fails."""
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", newline="", encoding="utf-8") as file:
            write_blocks(file, blocks)
        os.replace(temporary, out)
    finally:
        temporary.unlink(missing_ok=True)


def write_blocks(file: IO[str], blocks: list[dict[str, list[object]]]) -> None:
    """The header, then the rows block by block."""
    writer = csv.writer(file, lineterminator="\n")
    for index, block in enumerate(blocks):
        if index == 0:
            writer.writerow(block)
        writer.writerows(zip(*block.values(), strict=True))
