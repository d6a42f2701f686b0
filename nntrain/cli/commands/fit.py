"""``nntrain fit``: train a network from a config or a data file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nntrain.cli.options import RunLimits, add_run_options, add_source_options
from nntrain.cli.run_output import RunOutput

if TYPE_CHECKING:
    from nntrain.config.override import Override


@click.command()
@add_source_options
@click.option("--out", type=click.Path(path_type=Path), help="Run folder.  [default: runs/NAME]")
@add_run_options
@click.option("--folds", type=int, help="Number of cross-validation folds; one run per fold.")
@click.option("--refit", is_flag=True, help="Train once more, on training and validation rows.")
@click.option("--resume", is_flag=True, help="Resume the run in the folder, if there is one; its config must match.")
@click.option("--force", is_flag=True, help="Overwrite the run in the folder.")
def fit(
    source: Path,
    data_options: dict[str, Any],
    out: Path | None,
    overrides: "tuple[str | Override, ...]",
    limits: RunLimits,
    folds: int | None,
    refit: bool,
    output: RunOutput,
    report: bool,
    resume: bool,
    force: bool,
) -> None:
    """Train a network on a CSV, Parquet, JSON or HDF5 file, or from a config.

    \b
    nntrain fit iris.csv --target species
    nntrain fit digits.h5
    nntrain fit configs/iris.toml --set train.epochs=50
    nntrain fit iris.csv --target species --folds 5
    nntrain fit iris.csv --target species --quality best
    """
    from nntrain.cli.cross_validation import start_folds
    from nntrain.cli.messages import print_note
    from nntrain.cli.output_stream import ignore_print_errors
    from nntrain.cli.refit import resume_and_refit, run_refit
    from nntrain.cli.report_file import print_report
    from nntrain.cli.training import read_rows, run_training
    from nntrain.config.load import load_config_or_defaults
    from nntrain.config.old_keys import translate_old_keys
    from nntrain.config.override import Override
    from nntrain.config.run_name import derive_run_name
    from nntrain.config.toml import read_toml
    from nntrain.errors import DataError
    from nntrain.shell_command import quote
    from nntrain.training.resuming.requested_config import find_requested_changes
    from nntrain.training.run_folder.folder_lock import lock_folder
    from nntrain.training.run_folder.folds_folder import FoldsFolder
    from nntrain.training.run_folder.run_folder import RunFolder
    from nntrain.training.run_start import start_run

    ignore_print_errors()
    if resume and force:
        raise click.UsageError("--resume continues a run and --force overwrites it; expected one of the two")
    if refit:
        overrides = (*overrides, Override.from_option("--refit", True, "train", "refit"))
    config = load_config_or_defaults(source, {**data_options, "folds": folds}, (*overrides, *limits))
    given = f"# nntrain {' '.join(map(quote, sys.argv[1:]))}\n"
    if source.suffix == ".toml":
        given = source.read_text(encoding="utf-8")
    where = out or Path("runs") / (config.name or derive_run_name(source))
    if config.data.trains_every_fold:
        start_folds(FoldsFolder(where), config, sys.argv[1:], output=output, resume=resume, force=force)
    elif resume and (folder := RunFolder(where)).is_started:
        lock_folder(folder.path)
        in_file = translate_old_keys(read_toml(folder.given_config)[0])
        changes = find_requested_changes(folder.read_metadata().get("asked"), config, in_file, print_note)
        resume_and_refit(folder, (*changes, *limits), sys.argv[1:], output=output)
    else:
        folder = RunFolder(where)
        if not Path(config.data.path).exists() and folder.is_started:
            raise DataError(f"{config.data.path}: no such file")
        folder.check_free(force)
        data = read_rows(config)
        run = start_run(config, data, given, folder, sys.argv[1:], force=force)
        run_training(*run, folder, output=output, is_part=config.train.refit)
        if config.train.refit:
            run_refit(folder, sys.argv[1:], output=output)
    if report:
        print_report(where)
