"""``nntrain convert``: a table as an HDF5 file."""

from __future__ import annotations

from pathlib import Path

import click

from nntrain.cli.source import one_or_all

__all__ = ["convert"]


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--target", multiple=True, callback=one_or_all, help="The column to predict, which the file will remember; several."
)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="A key of [data], which it will remember.")
@click.option("--memory", help="The memory to use, such as 512MB.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def convert(
    data: Path,
    out: Path,
    target: str | tuple[str, ...] | None,
    overrides: tuple[str, ...],
    memory: str | None,
    force: bool,
) -> None:
    """Write the typed columns of a table of any size into an HDF5 file, which is read faster and in less memory.

    \b
    nntrain convert big.csv big.h5 --target price
    nntrain fit big.h5

    Training on it gives what training on the table gives, to the last bit.
    """
    from nntrain.config.source import config_from
    from nntrain.data.streaming.convert import convert as write
    from nntrain.errors import ConfigError, RunError
    from nntrain.training.assemble import options_of

    if data.suffix == ".toml":
        raise ConfigError(f"{data}: expected a table: CSV, Parquet or JSON")
    if out.exists() and not force:
        raise RunError(f"{out}: there is a file already; overwrite it: --force")
    options = options_of(config_from(data, {"target": target, "memory": memory}, overrides))
    rows, columns = write(options, out)
    click.echo(f"{rows:,} rows of {columns} columns in {out}. Train on them: nntrain fit {out}")
