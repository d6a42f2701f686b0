"""``nntrain plugins``: what is installed."""

from __future__ import annotations

import click

from nntrain.cli.report import columns
from nntrain.hooks.registry import Plugin, registry

__all__ = ["plugins"]


@click.command()
def plugins() -> None:
    """List the installed plugins: distribution, version, what each provides, and why one is broken."""
    rows = [["plugin", "distribution", "version", "state"]]
    rows += [[plugin.name, plugin.distribution, plugin.version, state(plugin)] for plugin in registry().plugins]
    click.echo(columns(rows))


def state(plugin: Plugin) -> str:
    """What a plugin provides, or why it does not."""
    if plugin.error is not None:
        return f"broken: {plugin.error}"
    kinds = [entry.kind for entry in plugin.provides]
    return ", ".join(f"{kinds.count(kind)} {kind}s" for kind in dict.fromkeys(kinds)) or "nothing"
