"""``nntrain plugins list``: list the installed plugins."""

from typing import Any

import click

from nntrain.cli.options import json_option
from nntrain.cli.tables import format_table
from nntrain.cli.terminal import print_json
from nntrain.formatting import format_count
from nntrain.hooks.registry import Plugin, get_registry


@click.command("list")
@json_option
def plugins_list(as_json: bool) -> None:
    """List the installed plugins: distribution, version, registered classes, or the error of a broken one.

    \b
    nntrain plugins list
    """
    if as_json:
        print_json([to_json(plugin) for plugin in get_registry().plugins])
        return
    rows = [["plugin", "distribution", "version", "state"]]
    rows += [
        [plugin.name, plugin.distribution, plugin.version, format_state(plugin)] for plugin in get_registry().plugins
    ]
    click.echo(format_table(rows))


def to_json(plugin: Plugin) -> dict[str, Any]:
    """A plugin as JSON values."""
    provides = [{"kind": entry.kind, "name": entry.name} for entry in plugin.provides]
    names = {"plugin": plugin.name, "distribution": plugin.distribution, "version": plugin.version}
    return {
        **names,
        "provides": provides,
        "contested": list(get_registry().find_conflicts(plugin)),
        "error": plugin.error,
    }


def format_state(plugin: Plugin) -> str:
    """The number of classes that a plugin provides, or its error."""
    if plugin.error is not None:
        return f"broken: {plugin.error}"
    kinds = [entry.kind for entry in plugin.provides]
    provides = ", ".join(format_count(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)) or "nothing"
    return "; ".join([provides, *get_registry().find_conflicts(plugin)])
