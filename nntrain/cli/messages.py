"""Errors, warnings and notes, each on one line of bounded length."""

from typing import Literal

import click

from nntrain.formatting import escape_line, shorten


def format_message(level: Literal["Error", "Warning", "Note"], text: str) -> str:
    """A message after its level."""
    from nntrain.files.piped_input import restore_given_names

    return f"{level}: {shorten(escape_line(restore_given_names(text)))}"


def print_error(text: str) -> None:
    """Print why the command stopped."""
    click.echo(format_message("Error", text), err=True)


def print_warning(text: str) -> None:
    """Print why results may be wrong."""
    click.echo(format_message("Warning", text), err=True)


def print_note(text: str, *, err: bool = False) -> None:
    """Print a decision, as part of the result; ``err``: on stderr, because stdout is data."""
    click.echo(format_message("Note", text), err=err)
