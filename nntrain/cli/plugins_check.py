"""``nntrain plugins check``: what plugins bring, held against the laws."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from nntrain.cli.terminal import print_json, print_line
from nntrain.errors import UncheckedError

if TYPE_CHECKING:
    from nntrain.training.diagnostics.plugin_check_result import PluginCheckResult

__all__ = ["plugins_check"]

# The exit code where a law is broken.
BROKEN = 1


def completed(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The names that a shell offers."""
    from nntrain.hooks.registry import get_registry

    names = {name for plugin in get_registry().plugins for name in (plugin.distribution, plugin.name)}
    names |= {entry.name for plugin in get_registry().plugins for entry in plugin.provides}
    return [CompletionItem(name) for name in sorted(names) if name.lower().startswith(begun.lower())]


@click.command("check")
@click.argument("name", required=False, metavar="[DISTRIBUTION|NAME]", shell_complete=completed)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plugins_check(name: str | None, as_json: bool) -> int:
    """Run the checks for their kind on the classes of a distribution or plugin, or on one class.

    Without a name: of all plugins but nntrain's own. The exit code is 1 if a law is broken, and 6 if none is but a
    class could not be checked, because no input is known on which it runs.

    \b
    nntrain plugins check nntrain-swish
    nntrain plugins check Swish
    """
    from nntrain.hooks.registry import get_registry
    from nntrain.training.diagnostics.plugin_checks import check_plugins

    verdicts = list(check_plugins(get_registry(), name))
    if as_json:
        print_json([verdict.to_dict() for verdict in verdicts])
    elif not verdicts:
        click.echo("No plugin is installed beside nntrain's own, which `nntrain plugins check nntrain` checks.")
    else:
        for line in report(verdicts):
            print_line(line)
    unchecked = sum(verdict.unchecked is not None for verdict in verdicts)
    if not all(verdict.is_passed for verdict in verdicts):
        return BROKEN
    if unchecked and not as_json:
        classes = counted(unchecked, "class", "classes")
        raise UncheckedError(f"{classes} could not be checked: add a case for each by the hook nntrain_cases")
    return UncheckedError.exit_code if unchecked else 0


def report(verdicts: list[PluginCheckResult]) -> Iterator[str]:
    """The lines about verdicts, by distribution, and the sum."""
    for title, members in groupby(verdicts, key=lambda verdict: f"{verdict.distribution} {verdict.version}"):
        yield title
        for verdict in members:
            yield from about(verdict)
    counts = {
        "in order": sum(verdict.is_passed and bool(verdict.laws) for verdict in verdicts),
        "broken": sum(not verdict.is_passed for verdict in verdicts),
        "not checked": sum(verdict.unchecked is not None for verdict in verdicts),
        "without laws": sum(verdict.exempt is not None for verdict in verdicts),
    }
    yield ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def about(verdict: PluginCheckResult) -> Iterator[str]:
    """The lines about one class."""
    who = f"  {verdict.kind} {verdict.name}"
    if verdict.unchecked is not None:
        yield f"{who}: not checked: {verdict.unchecked}"
    elif verdict.exempt is not None:
        yield f"{who}: nothing to check: {verdict.exempt}"
    elif verdict.is_passed:
        yield f"{who}: obeys {len(verdict.laws)} laws in {counted(len(verdict.cases), 'case')}"
    else:
        laws = {fault.law for fault in verdict.faults}
        yield f"{who}: breaks {len(laws)} of {len(verdict.laws)} laws" if verdict.laws else f"{who}: is broken"
    for law, reason in verdict.skipped.items():
        yield f"    left out: {law}: {reason}"
    for law, faults in groupby(verdict.faults, key=lambda fault: fault.law):
        first, *more = faults
        yield f"    {law}: {first.advice}"
        yield from (f"      {fault.case}: {fault.what}" for fault in (first, *more))
    for warning in verdict.deprecated:
        yield f"    will go: {warning}"


def counted(count: int, one: str, more: str = "") -> str:
    """1 case, 2 cases."""
    return f"{count} {one}" if count == 1 else f"{count} {more or one + 's'}"
