"""``nntrain resume``: resume a stopped run."""

import sys
from pathlib import Path

import click

from nntrain.cli.options import RunLimits, add_run_options, add_set_option
from nntrain.cli.run_output import RunOutput


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--data", type=click.Path(), metavar="PATH", help="New path of the data file, if it has moved.")
@add_set_option("Override a key, e.g. train.epochs=200 (list: docs/reliability.md).")
@click.option(
    "--allow-change",
    "allowed",
    multiple=True,
    metavar="KEY",
    help="Let --set change a key that affects the results, or all keys of a section.",
)
@add_run_options
def resume(
    run: Path,
    data: str | None,
    overrides: tuple[str, ...],
    allowed: tuple[str, ...],
    limits: RunLimits,
    output: RunOutput,
    report: bool,
) -> None:
    """Resume a stopped run. The result is bit-for-bit identical to that of an uninterrupted run.

    \b
    nntrain resume runs/iris --set train.epochs=200
    nntrain resume runs/iris --set optimizer.learning_rate=0.01 --allow-change optimizer.learning_rate
    nntrain resume runs/iris --data moved/iris.csv

    docs/reliability.md lists the keys that --set may change. Other keys need --allow-change, which marks the run as not
    exact.
    """
    from nntrain.cli.cross_validation import run_folds
    from nntrain.cli.messages import print_note
    from nntrain.cli.output_stream import ignore_print_errors
    from nntrain.cli.refit import resume_and_refit
    from nntrain.cli.report_file import print_report
    from nntrain.config.override import Override
    from nntrain.errors import ConfigError
    from nntrain.shell_command import format_command
    from nntrain.training.run_folder.folds_folder import FoldsFolder
    from nntrain.training.run_folder.run_folder import RunFolder

    ignore_print_errors()
    moved = () if data is None else (Override.from_option("--data", data, "data", "path"),)
    limits = (*moved, *limits)
    if FoldsFolder(run).is_started:
        if overrides or allowed:
            fold = format_command("resume", run / "fold-1", options=("--set", "..."))
            raise ConfigError(f"{run}: --set and --allow-change need a single fold, e.g. {fold}")
        run_folds(FoldsFolder(run), sys.argv[1:], limits, output=output)
        if report:
            print_report(run)
        return
    outer = RunFolder(run.parent)
    if outer.is_started and outer.refit.path == run:
        raise ConfigError(f"{run}: the refit of a run; resume that: {format_command('resume', outer.path)}")
    resume_and_refit(RunFolder(run), (*overrides, *limits), sys.argv[1:], allowed, output=output)
    if report:
        print_report(run)
    if FoldsFolder(outer.path).fold_scores.is_file():
        again = format_command("resume", outer.path)
        print_note(f"the results of all folds are without this; to update them: {again}")
