"""``nntrain resume``: go on with a run."""

from __future__ import annotations

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
    from nntrain.cli.train import carry_out, limits
    from nntrain.training.run_folder import RunFolder
    from nntrain.training.start import go_on

    folder = RunFolder(run)
    carry_out(*go_on(folder, (*overrides, *limits(max_time, memory))), folder)
