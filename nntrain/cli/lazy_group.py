"""A group of commands, each in its own file."""

import importlib
from collections.abc import Mapping
from typing import Any, ClassVar

import click

from nntrain.errors import suggest_name


class LazyGroup(click.Group):
    """Imports a command when it is called. ``summaries``: its commands, each with one line of help."""

    summaries: ClassVar[Mapping[str, str]] = {}

    # Prefix of the module of a command; the command has the name of its module.
    prefix: ClassVar[str] = "nntrain.cli.commands."

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.summaries:
            return None
        module = importlib.import_module(f"{self.prefix}{cmd_name.replace('-', '_')}")
        command: click.Command = getattr(module, module.__name__.rpartition(".")[2])
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command to run. UsageError with the nearest name if there is none."""
        known = args[0] in self.summaries or args[0].startswith("-") or args[0] in self.list_commands(ctx)
        if not known and not ctx.resilient_parsing:
            ctx.fail(f"unknown command {args[0]!r}{suggest_name(args[0], self.summaries)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. click prints an empty line for a KeyboardInterrupt, but none for an Abort."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))
