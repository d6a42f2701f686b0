"""``nntrain resume``: go on with a run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

__all__ = ["resume"]


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change how long: --set train.epochs=200.")
@click.option("--max-time", help="The most time to train, with that before: 90s, 10min, 1h30m.")
@click.option("--memory", help="The memory to use, such as 512MB.")
def resume(run: Path, overrides: tuple[str, ...], max_time: str | None, memory: str | None) -> None:
    """Go on with a run that was stopped, to the same bits as if it had not been.

    \b
    nntrain resume runs/iris --set train.epochs=200
    """
    from nntrain.cli.cross_validation import cross_validate
    from nntrain.cli.train import carry_out, limits
    from nntrain.errors import ConfigError
    from nntrain.training.folds_folder import FoldsFolder
    from nntrain.training.run_folder import RunFolder
    from nntrain.training.start import go_on

    if FoldsFolder(run).begun:
        if overrides:
            raise ConfigError(f"{run}: --set is for one fold, such as nntrain resume {run / 'fold-1'} --set ...")
        cross_validate(FoldsFolder(run), sys.argv[1:], limits(max_time, memory))
        return
    folder = RunFolder(run)
    carry_out(*go_on(folder, (*overrides, *limits(max_time, memory))), folder)
