"""The refit for ``fit`` and ``resume``: a second run on training and validation rows, which gives the network."""

from collections.abc import Sequence

import click

from nntrain.cli.messages import print_note, print_warning
from nntrain.cli.run_output import RunOutput
from nntrain.cli.summary import format_joined_summary
from nntrain.cli.training import locate_stop, run_training
from nntrain.compute.threads import configure_compute
from nntrain.config.config import Config
from nntrain.config.override import Override
from nntrain.config.toml import format_toml
from nntrain.errors import ConfigError, InterruptedRunError
from nntrain.training.refit import finish_refit, start_refit
from nntrain.training.resuming.resume import resume_run
from nntrain.training.resuming.resume_policy import apply_overrides
from nntrain.training.row_limit import limit_to_free_memory
from nntrain.training.run_folder.folder_lock import lock_folder, unlock_folder
from nntrain.training.run_folder.run_folder import RunFolder, write_text
from nntrain.training.trainer import Trainer

# Keys that would end one of the two runs at another epoch.
END_KEYS = ("train.epochs", "train.max_steps", "train.patience", "train.max_time")


def resume_and_refit(
    folder: RunFolder,
    overrides: Sequence[str | Override],
    command: list[str],
    allowed: Sequence[str] = (),
    *,
    output: RunOutput,
) -> None:
    """Resume a run, and refit it if ``train.refit`` is set; once the refit has started, only that is resumed."""
    if not folder.refit.is_started:
        run = resume_run(folder, overrides, print_note, warn=print_warning, allowed=allowed, command=command)
        run_training(*run, folder, output=output, is_part=run[1].train.refit)
        overrides = ()
        if not run[1].train.refit:
            return
    elif allowed:
        raise ConfigError(f"{folder.path}: --allow-change: the refit has started; start another run with --out")
    run_refit(folder, command, overrides, output=output)


def run_refit(
    folder: RunFolder, command: list[str], overrides: Sequence[str | Override] = (), *, output: RunOutput
) -> None:
    """Train a complete run again on training and validation rows, or resume that, and print the scores.

    ConfigError for overrides of keys that affect the results. InterruptedRunError after Ctrl-C.
    """
    lock_folder(folder.path)
    click.echo("\nRefit on training and validation rows\n")
    try:
        run_training(*open_refit(folder, command, overrides), folder.refit, output=output, is_part=True)
        with configure_compute(), limit_to_free_memory():
            network = finish_refit(folder, print_note)
    except (InterruptedRunError, KeyboardInterrupt) as stop:
        raise locate_stop(stop, "the refit", folder.path) from None
    folder.delete_backup()
    unlock_folder(folder.path)
    headline = "Refit on training and validation rows. The validation scores are those of the first run."
    click.echo(f"\n{format_joined_summary(headline, network, folder.path)}")


def open_refit(folder: RunFolder, command: list[str], overrides: Sequence[str | Override]) -> tuple[Trainer, Config]:
    """Start the refit of a run, or resume it. ConfigError for overrides that would change its length or results."""
    config, found = apply_overrides(folder.config, overrides)
    if changed := [key for key in END_KEYS if key in found]:
        raise ConfigError(
            f"{folder.path}: {changed[0]}: cannot change once the refit has started; start another run with --out"
        )
    if found:
        write_text(folder.config, format_toml(config.model_dump()))
    if folder.refit.is_started:
        return resume_run(folder.refit, overrides, print_note, warn=print_warning, command=command)
    return start_refit(folder, command, print_note)
