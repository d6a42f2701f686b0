"""The report at the end of ``fit`` and ``resume``."""

import os
from pathlib import Path

import click

from nntrain.cli.messages import print_warning
from nntrain.errors import InterruptedRunError
from nntrain.formatting import escape_line
from nntrain.shell_command import format_command


def print_report(run: Path) -> None:
    """Write the report of a run that has trained, and print its path; a failure is a warning.

    InterruptedRunError after Ctrl-C.
    """
    from nntrain.report.run_report import write_report

    again = format_command("report", run)
    try:
        path = write_report(run)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"stopped before the report; everything else is saved; write it with: {again}"
        ) from None
    except Exception as error:
        # The run is complete without it, also if this is a bug.
        if os.environ.get("NNTRAIN_DEBUG"):
            raise
        print_warning(f"the report could not be written: {error}; try again with: {again}")
        return
    click.echo(escape_line(f"Report: {path}"))
