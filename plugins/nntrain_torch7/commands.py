"""``nntrain t7``: print the contents of a .t7 file."""

from pathlib import Path

import click

from nntrain.formatting import escape_line
from nntrain.hooks import hookimpl


@click.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE.t7")
@click.option("--depth", type=click.IntRange(0), default=4, show_default=True, help="Maximum depth of tables to print.")
@click.option(
    "--long-size", type=click.Choice(["4", "8"]), help="Size of a C long in the .t7 file, if detection gets it wrong."
)
def t7(path: Path, depth: int, long_size: str | None) -> None:
    """Print the contents of a .t7 file.

    Tables, tensors, and objects of any class with their fields; no code in the file is run.

    \b
    nntrain t7 old.t7 --depth 2
    """
    from nntrain_torch7.format import read
    from nntrain_torch7.outline import format_outline

    for line in format_outline(read(path, long_size=None if long_size is None else int(long_size)), depth):
        click.echo(escape_line(line))


@hookimpl
def nntrain_commands() -> tuple[click.Command, ...]:
    return (t7,)
