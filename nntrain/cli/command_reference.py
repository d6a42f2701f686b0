"""The page of all commands: ``python -m nntrain.cli.command_reference > docs/commands.md``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from nntrain.cli.main import COMMANDS, cli, load_plugin_commands
from nntrain.hooks import PROJECT

__all__ = ["EXIT_CODES", "build_page"]

EXIT_CODES = {
    0: "done",
    1: "the machine would not (disk, memory, permissions, stdout), the loss was no longer a number, or a law is broken",
    2: "the command line, the config or the run folder cannot be used",
    3: "the data cannot be read or used",
    4: "a plugin cannot be loaded, is missing, or two claim one name",
    5: "a checkpoint is damaged, foreign, does not fit, or cannot be written",
    6: "not all classes could be checked by `nntrain plugins check`, and no law is broken",
    70: "a bug in nntrain; `NNTRAIN_DEBUG=1` shows where",
    130: "stopped by Ctrl-C, TERM, HUP or XCPU; a run in training was saved: `nntrain resume` continues it",
}

# Characters of the line on a command of a plugin.
LINE_WIDTH = 100

HEADER = """# The commands

Made by `python -m nntrain.cli.command_reference > docs/commands.md` from the commands themselves: change it there.

Results go to stdout, warnings and errors to stderr. An error is one line: where, what was
expected and got, and what to do; a config with several has a line for each, and one in the use of a command shows the
use above it. Control and invisible characters in names are printed as `\\x1b` or `\\u202e`, but data on stdout (JSON, a
schema, a config, predictions) is exact unless stdout is a terminal. `--json` makes any listing one line of JSON.
`nntrain COMMAND --help` prints the same."""

COMPLETION_SECTION = """## Completion

The shell completes commands, options, files and the names of layers after one of

    eval "$(_NNTRAIN_COMPLETE=bash_source nntrain)"     # bash, in ~/.bashrc
    eval "$(_NNTRAIN_COMPLETE=zsh_source nntrain)"      # zsh, in ~/.zshrc
    _NNTRAIN_COMPLETE=fish_source nntrain | source      # fish, in ~/.config/fish/config.fish"""


def build_page() -> str:
    """The whole page."""
    context = click.Context(cli, info_name="nntrain")
    lines = {
        **COMMANDS,
        **{name: command.get_short_help_str(LINE_WIDTH) for name, command in load_plugin_commands(PROJECT).items()},
    }
    links = [(f"[{name}](#nntrain-{name})", line) for name, line in lines.items()]
    listed = format_markdown_table(links, ("command", "what it does"))
    codes = format_markdown_table(
        [(str(code), told) for code, told in EXIT_CODES.items()], ("exit code", "what happened")
    )
    sections = [part for name in lines for part in format_command(name, context)]
    return "\n\n".join([HEADER, listed, "## Exit codes", codes, COMPLETION_SECTION, *sections]) + "\n"


def format_command(name: str, parent: click.Context) -> Iterator[str]:
    """One command: what it does, an example, its arguments and options; and those below it."""
    assert isinstance(parent.command, click.Group)
    command = parent.command.get_command(parent, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent)
    yield f"## {context.command_path}"
    yield f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}"
    yield from format_help(command)
    options = [param for param in command.params if isinstance(param, click.Option)]
    if options:
        yield format_markdown_table(
            [(format_option(option), option.help or "") for option in options], ("option", "what it does")
        )
    for inner in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from format_command(inner, context)


def format_help(command: click.Command) -> Iterator[str]:
    """The text of a command; what click is told to leave as it is, are lines to type."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b\n"):
            yield "\n".join(f"    {line}" for line in paragraph.splitlines()[1:])
        else:
            yield paragraph


def format_option(option: click.Option) -> str:
    """An option as it is typed."""
    names = ", ".join(f"`{name}`" for name in option.opts)
    return names if option.is_flag else f"{names} {option.metavar or option.type.name.upper()}"


def format_markdown_table(rows: list[tuple[str, str]], head: tuple[str, str]) -> str:
    """A table of Markdown."""
    lines = [head, ("---", "---"), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    click.echo(build_page(), nl=False)
