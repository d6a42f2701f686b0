"""``nntrain plugins new``: create a plugin."""

from pathlib import Path

import click


@click.command("new")
@click.argument("name")
def plugins_new(name: str) -> None:
    """Create a complete plugin in the new folder NAME: a layer, its tests, and a config that trains with it.

    \b
    nntrain plugins new nntrain-swish
    """
    from nntrain.hooks.plugin_names import create_plugin
    from nntrain.shell_command import format_command

    names = create_plugin(name, Path(name))
    click.echo(f"Wrote {name}: the layer {names.layer} is in {name}/{names.package}/{names.stem}.py")
    click.echo("Install it, run the checks on it, and train with it:")
    click.echo(f"  pip install ./{name}")
    click.echo(f"  {format_command('plugins check', name)}")
    click.echo(f"  {format_command('fit', f'{name}/{names.stem}.toml')}")
