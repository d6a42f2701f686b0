"""``nntrain fit``: from a config or a file of rows to a trained network."""

from __future__ import annotations

import sys
from pathlib import Path

import click

__all__ = ["fit"]


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="CONFIG.toml|DATA")
@click.option("--target", help="The column to predict.")
@click.option("--inputs", help="The HDF5 dataset of inputs, such as /images.")
@click.option("--targets", help="The HDF5 dataset of targets.")
@click.option("--out", type=click.Path(path_type=Path), help="The run folder.  [default: runs/NAME]")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key: --set train.epochs=20.")
@click.option("--max-time", help="The most time to train: 90s, 10min, 1h30m.")
@click.option("--resume", is_flag=True, help="Go on with the run in the folder, if there is one.")
@click.option("--force", is_flag=True, help="Overwrite the run in the folder.")
def fit(
    source: Path,
    target: str | None,
    inputs: str | None,
    targets: str | None,
    out: Path | None,
    overrides: tuple[str, ...],
    max_time: str | None,
    resume: bool,
    force: bool,
) -> None:
    """Train a network on a CSV, Parquet, JSON or HDF5 file, or as a config says.

    \b
    nntrain fit iris.csv --target species
    nntrain fit digits.h5
    nntrain fit configs/iris.toml --set train.epochs=50
    """
    from nntrain.cli.train import carry_out, tell_notes, time_limit
    from nntrain.config.source import config_from
    from nntrain.training.run_folder import RunFolder
    from nntrain.training.start import begin, go_on, prepare

    chosen = {"target": target, "inputs": inputs, "targets": targets}
    config = config_from(source, chosen, (*overrides, *time_limit(max_time)))
    given = f"# nntrain {' '.join(sys.argv[1:])}\n"
    if source.suffix == ".toml":
        given = source.read_text(encoding="utf-8")
    folder = RunFolder(out or Path("runs") / (config.name or source.name.split(".")[0]))
    if resume and folder.saved():
        carry_out(*go_on(folder, time_limit(max_time)), folder)
        return
    folder.check_free(force)
    data = prepare(config)
    tell_notes(data.notes)
    carry_out(*begin(config, data, given, folder, sys.argv[1:]), folder)
