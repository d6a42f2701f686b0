"""``nntrain layers``: the registered layers and criterions."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from nntrain.cli.options import complete_names, json_option
from nntrain.cli.terminal import print_json, print_line


def complete_name(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names for shell completion."""
    from nntrain.hooks.registry import get_registry

    return complete_names([*get_registry().names("module"), *get_registry().names("criterion")], incomplete)


@click.command()
@click.argument("name", required=False, shell_complete=complete_name)
@click.option(
    "--markdown",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value="docs/layers",
    metavar="[FOLDER]",
    help="Write a page for each family to FOLDER (default: docs/layers).",
)
@json_option
def layers(name: str | None, markdown: Path | None, as_json: bool) -> None:
    """List all layers and criterions by family, with their formulas, or explain NAME.

    \b
    nntrain layers Linear
    """
    from nntrain.nn import layer_reference

    if markdown is not None:
        for page in layer_reference.write_pages(markdown):
            print_line(f"Wrote {page}")
    elif as_json:
        found = layer_reference.list_layers() if name is None else [layer_reference.find_layer(name)]
        print_json([layer_reference.build_json(entry) for entry in found])
    else:
        click.echo(
            layer_reference.format_overview()
            if name is None
            else layer_reference.format_explanation(layer_reference.find_layer(name))
        )
