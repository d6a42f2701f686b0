"""Message levels and their output."""

from __future__ import annotations

from enum import Enum

import click

from nntrain.formatting import escape_line, shorten


class MessageLevel(Enum):
    """An error stops the command. A warning means that results may be wrong. A note reports a decision."""

    ERROR = "Error"
    WARNING = "Warning"
    NOTE = "Note"


def print_message(level: MessageLevel, text: str, *, err: bool = True) -> None:
    """Print a message with its level, on one line of stderr; ``err=False``: of stdout, as part of the result."""
    click.echo(format_message(level, text), err=err)


def format_message(level: MessageLevel, text: str) -> str:
    """A message with its level, on one line of bounded length."""
    from nntrain.files.piped_input import restore_given_names

    return f"{level.value}: {shorten(escape_line(restore_given_names(text)))}"


def print_warning(text: str) -> None:
    """Print a warning."""
    print_message(MessageLevel.WARNING, text)
