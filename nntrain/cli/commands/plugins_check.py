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
EXIT_CHECK_FAILED = 1


def complete_name(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names that a shell offers."""
    from nntrain.hooks.registry import get_registry

    names = {name for plugin in get_registry().plugins for name in (plugin.distribution, plugin.name)}
    names |= {entry.name for plugin in get_registry().plugins for entry in plugin.provides}
    return [CompletionItem(name) for name in sorted(names) if name.lower().startswith(incomplete.lower())]


@click.command("check")
@click.argument("name", required=False, metavar="[DISTRIBUTION|NAME]", shell_complete=complete_name)
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
        for line in format_report(verdicts):
            print_line(line)
    unchecked = sum(verdict.unchecked is not None for verdict in verdicts)
    if not all(verdict.is_passed for verdict in verdicts):
        return EXIT_CHECK_FAILED
    if unchecked and not as_json:
        classes = format_count(unchecked, "class", "classes")
        raise UncheckedError(f"{classes} could not be checked: add a case for each by the hook nntrain_cases")
    return UncheckedError.exit_code if unchecked else 0


def format_report(verdicts: list[PluginCheckResult]) -> Iterator[str]:
    """The lines about verdicts, by distribution, and the sum."""
    for title, members in groupby(verdicts, key=lambda verdict: f"{verdict.distribution} {verdict.version}"):
        yield title
        for verdict in members:
            yield from format_verdict(verdict)
    counts = {
        "in order": sum(verdict.is_passed and bool(verdict.laws) for verdict in verdicts),
        "broken": sum(not verdict.is_passed for verdict in verdicts),
        "not checked": sum(verdict.unchecked is not None for verdict in verdicts),
        "without laws": sum(verdict.exempt is not None for verdict in verdicts),
    }
    yield ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def format_verdict(verdict: PluginCheckResult) -> Iterator[str]:
    """The lines about one class."""
    who = f"  {verdict.kind} {verdict.name}"
    if verdict.unchecked is not None:
        yield f"{who}: not checked: {verdict.unchecked}"
    elif verdict.exempt is not None:
        yield f"{who}: nothing to check: {verdict.exempt}"
    elif verdict.is_passed:
        yield f"{who}: obeys {len(verdict.laws)} laws in {format_count(len(verdict.cases), 'case')}"
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


def format_count(count: int, singular: str, plural: str = "") -> str:
    """1 case, 2 cases."""
    return f"{count} {singular}" if count == 1 else f"{count} {plural or singular + 's'}"
