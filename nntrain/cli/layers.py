"""``nntrain layers``: the registered layers and criterions."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["layers"]


@click.command()
@click.argument("name", required=False)
@click.option(
    "--markdown",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value="docs/layers",
    metavar="[FOLDER]",
    help="Write a page for each family into FOLDER, docs/layers unless named.",
)
def layers(name: str | None, markdown: Path | None) -> None:
    """List every layer and criterion by family, with its formula; or explain the one called NAME."""
    from nntrain.nn import reference

    if markdown is not None:
        for page in reference.write_pages(markdown):
            click.echo(f"wrote {page}")
    else:
        click.echo(reference.overview() if name is None else reference.explanation(reference.find(name)))
