"""The command line: its commands, and the output of errors."""

import os
import sys
import warnings
from typing import Any, cast

import click

from nntrain import __version__
from nntrain.cli.entry import EXIT_INTERRUPTED
from nntrain.cli.lazy_group import LazyGroup
from nntrain.cli.messages import print_error, print_warning
from nntrain.cli.terminal import use_terminal
from nntrain.errors import ConfigError, InterruptedRunError, NntrainError
from nntrain.formatting import escape_line, shorten
from nntrain.system_limits import explain_cpu_limit, explain_system_error

# Each command is in the file of its name, which is imported when the command is called.
COMMANDS = {
    "init": "Print a complete config for a data file.",
    "check": "Preview a run: data, network, memory and time.",
    "fit": "Train a network on a CSV, Parquet, JSON or HDF5 file, or from a config.",
    "resume": "Resume a stopped run.",
    "verify-resume": "Check on your data that a killed run resumes bit for bit.",
    "evaluate": "Score a run on its test set, or on another file.",
    "predict": "Predict the rows of a file.",
    "convert": "Convert a table to HDF5, or a network to another format, e.g. .t7 or .onnx.",
    "show": "Show the network and scores of a run or a checkpoint.",
    "report": "Write a report of a run: one HTML file.",
    "watch": "Serve the report of a run to the browser while it trains.",
    "explain": "Explain which columns matter, and single predictions.",
    "runs": "List runs with their scores, data, time and state.",
    "compare": "Compare the scores of runs: is one better by more than chance?",
    "diff": "Show where two runs differ: config, versions, bits.",
    "schema": "Print the JSON Schema of a config, for editors.",
    "layers": "List the layers and criterions, or explain one.",
    "doctor": "Check the installation and its speed.",
    "plugins": "List, create or check plugins.",
}

# The exit code of a bug in nntrain.
EXIT_BUG = 70

# Maximum number of config problems to print.
MAX_PROBLEMS = 20


class MainGroup(LazyGroup):
    """The commands of ``nntrain``, then those of plugins whose names are free."""

    summaries = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *load_plugin_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        built_in = super().get_command(ctx, cmd_name)
        return load_plugin_commands().get(cmd_name) if built_in is None else built_in

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_commands(ctx, formatter)
        if load_plugin_commands():
            with formatter.section("Plugin commands"):
                formatter.write_dl(
                    [(name, command.get_short_help_str()) for name, command in load_plugin_commands().items()]
                )


def load_plugin_commands(distribution: str | None = None) -> dict[str, click.Command]:
    """The commands of all installed plugins, or of those in one distribution."""
    from nntrain.hooks.registry import get_command_registry

    registry = get_command_registry()
    found = (registry.find("command", name) for name in registry.names("command") if name not in COMMANDS)
    return {entry.name: cast(click.Command, entry.cls) for entry in found if distribution in (None, entry.distribution)}


@click.group(cls=MainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nntrain")
@click.option("--no-plugins", is_flag=True, help="Load built-in plugins only.")
def cli(no_plugins: bool) -> None:
    """Train neural networks from the command line.

    \b
    nntrain fit DATA.csv --target COLUMN     train on a table
    nntrain predict runs/DATA NEW.csv        predict with the trained network
    """
    if no_plugins:
        os.environ["NNTRAIN_PLUGINS"] = ""


@use_terminal()
def run_command(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    warnings.showwarning = show_warning
    try:
        result = cli.main(arguments, prog_name="nntrain", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.UsageError as error:
        # click quotes command-line arguments, which may contain line ends.
        click.UsageError(shorten(escape_line(error.format_message() + get_key_hint(error))), error.ctx).show()
        return error.exit_code
    except click.ClickException as error:
        print_error(error.format_message())
        return error.exit_code
    except InterruptedRunError as stop:
        click.echo(shorten(escape_line(format_stop(str(stop)))), err=True)
        return stop.exit_code
    except NntrainError as error:
        for line in format_problems(error):
            print_error(line)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"{format_stop('stopped at once')}.", err=True)
        return EXIT_INTERRUPTED
    except OSError as error:
        print_error(f"{find_blamed_file(error)}: {explain_system_error(error) or error.strerror or error}")
        return 1
    except Exception as error:
        if reason := explain_system_error(error):
            print_error(reason)
            return 1
        if os.environ.get("NNTRAIN_DEBUG"):
            import traceback

            traceback.print_exc()
            return EXIT_BUG
        print_error(
            f"a bug in nntrain: {type(error).__name__}: {error}; set NNTRAIN_DEBUG=1 for the traceback and report it",
        )
        return EXIT_BUG


def format_stop(text: str) -> str:
    """The line about a stopped command, after the limit that stopped it, if any."""
    line = f"{limit}: {text}" if (limit := explain_cpu_limit()) else text
    return f"{line[0].upper()}{line[1:]}"


def find_blamed_file(error: OSError) -> str:
    """The file of a system error, if it has one."""
    try:
        os.getcwd()
    except FileNotFoundError:
        return str(error.filename or "the current folder was deleted")
    return str(error.filename or "the system")


def get_key_hint(error: click.UsageError) -> str:
    """A hint for an unknown option that is a config key, if the command has ``--set``."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return ""
    if not any("--set" in parameter.opts for parameter in error.ctx.command.params):
        return ""
    from nntrain.config.error_messages import find_sections_of

    name = error.option_name.lstrip("-").replace("-", "_")
    overrides = " or ".join(f"--set {key}=..." for key in find_sections_of(name))
    return f" This is a config key; use {overrides}" if overrides else ""


def format_problems(error: NntrainError) -> tuple[str, ...]:
    """The lines of an error: one for each problem of a config, else one, with the path of the module at its end."""
    if not isinstance(error, ConfigError):
        return (str(error).replace("\n  in ", " in "),)
    more = len(error.problems) - MAX_PROBLEMS
    return (*error.problems[:MAX_PROBLEMS], *([f"and {more:,} more problems"] if more > 0 else []))


def show_warning(message: Warning | str, *args: Any, **kwargs: Any) -> None:
    """Print a warning on one line, in the place of ``warnings.showwarning``."""
    print_warning(str(message))
