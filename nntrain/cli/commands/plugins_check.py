"""``nntrain plugins check``: run the checks on the classes of plugins."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from nntrain.cli.options import complete_names, json_option
from nntrain.cli.terminal import print_json, print_line
from nntrain.errors import UncheckedError
from nntrain.formatting import format_count

if TYPE_CHECKING:
    from nntrain.training.diagnostics.plugin_check_result import PluginCheckResult

# The exit code if a check fails.
EXIT_CHECK_FAILED = 1


def complete_name(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names for shell completion."""
    from nntrain.hooks.registry import get_registry

    names = {name for plugin in get_registry().plugins for name in (plugin.distribution, plugin.name)}
    names |= {entry.name for plugin in get_registry().plugins for entry in plugin.provides}
    return complete_names(sorted(names), incomplete)


@click.command("check")
@click.argument("name", required=False, metavar="[DISTRIBUTION|NAME]", shell_complete=complete_name)
@json_option
def plugins_check(name: str | None, as_json: bool) -> int:
    """Run the checks for their kind on the classes of a distribution or plugin, or on one class.

    Without a name, checks all plugins that are not built-in. The exit code is 1 if a check fails, or 6 if all pass but
    a class could not be checked because there is no input for it.

    \b
    nntrain plugins check nntrain-swish
    nntrain plugins check Swish
    """
    from nntrain.hooks.registry import get_registry
    from nntrain.training.diagnostics.plugin_checks import check_plugins

    results = list(check_plugins(get_registry(), name))
    if as_json:
        print_json([result.to_dict() for result in results])
    elif not results:
        click.echo(
            "No plugins are installed besides the built-in ones; check those with: nntrain plugins check nntrain"
        )
    else:
        for line in format_report(results):
            print_line(line)
    unchecked = sum(result.unchecked is not None for result in results)
    if not all(result.is_passed for result in results):
        return EXIT_CHECK_FAILED
    if unchecked and not as_json:
        classes = format_count(unchecked, "class", "classes")
        raise UncheckedError(f"{classes} could not be checked; add a case for each with the hook nntrain_cases")
    return UncheckedError.exit_code if unchecked else 0


def format_report(results: list[PluginCheckResult]) -> Iterator[str]:
    """The results by distribution, and their counts."""
    for title, members in groupby(results, key=lambda result: f"{result.distribution} {result.version}"):
        yield title
        for result in members:
            yield from format_class_result(result)
    counts = {
        "passed": sum(result.is_passed and bool(result.checks) for result in results),
        "failed": sum(not result.is_passed for result in results),
        "not checked": sum(result.unchecked is not None for result in results),
        "without checks": sum(result.exempt is not None for result in results),
    }
    yield ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def format_class_result(result: PluginCheckResult) -> Iterator[str]:
    """The lines about one class."""
    title = f"  {result.kind} {result.name}"
    if result.unchecked is not None:
        yield f"{title}: not checked: {result.unchecked}"
    elif result.exempt is not None:
        yield f"{title}: nothing to check: {result.exempt}"
    elif result.is_passed:
        yield f"{title}: passes {len(result.checks)} checks in {format_count(len(result.cases), 'case')}"
    else:
        checks = {failure.check for failure in result.failures}
        yield f"{title}: fails {len(checks)} of {len(result.checks)} checks" if result.checks else f"{title}: is broken"
    for check, reason in result.skipped.items():
        yield f"    skipped: {check}: {reason}"
    for check, failures in groupby(result.failures, key=lambda failure: failure.check):
        first, *more = failures
        yield f"    {check}: {first.advice}"
        yield from (f"      {failure.case}: {failure.what}" for failure in (first, *more))
    for warning in result.deprecated:
        yield f"    deprecated: {warning}"
