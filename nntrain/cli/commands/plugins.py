"""``nntrain plugins``: list, create or check plugins."""

import click

from nntrain.cli.lazy_group import LazyGroup
from nntrain.cli.options import json_option


class PluginsGroup(LazyGroup):
    """The commands of ``nntrain plugins``."""

    summaries = {
        "list": "List the installed plugins (the default).",
        "new": "Create a plugin: a layer, its tests, and a config that trains with it.",
        "check": "Run the checks on the classes of plugins.",
    }
    prefix = "nntrain.cli.commands.plugins_"


@click.group(cls=PluginsGroup, invoke_without_command=True)
@json_option
@click.pass_context
def plugins(context: click.Context, as_json: bool) -> None:
    """List, create or check plugins.

    \b
    nntrain plugins
    nntrain plugins new nntrain-swish
    nntrain plugins check nntrain-swish
    """
    if context.invoked_subcommand is None:
        from nntrain.cli.commands.plugins_list import plugins_list

        context.invoke(plugins_list, as_json=as_json)
