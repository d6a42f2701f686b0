"""``nntrain predict``: predict the rows of a file, in order."""

from functools import partial
from pathlib import Path

import click

from nntrain.cli.options import inputs_option, long_size_option, memory_option, threshold_option


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path), metavar="DATA")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="Output file: CSV, Parquet or HDF5, by its suffix; replaced if it exists; -: CSV to stdout.  [default: -]",
)
@click.option(
    "--with",
    "columns",
    multiple=True,
    metavar="COLUMN",
    help="Copy a column of DATA to the output, e.g. a key (repeatable).",
)
@click.option("--explain", is_flag=True, help="Add the contribution of each column to the prediction.")
@click.option("--safe-csv", is_flag=True, help="Write an apostrophe before text that a spreadsheet would evaluate.")
@inputs_option
@memory_option
@threshold_option
@long_size_option
def predict(
    run: Path,
    data: Path,
    out: Path | None,
    columns: tuple[str, ...],
    explain: bool,
    safe_csv: bool,
    inputs: str | None,
    memory: int | None,
    threshold: float | None,
    long_size: int | None,
) -> None:
    """Predict the rows of DATA, in order. DATA needs no target column.

    DATA is a CSV, Parquet, JSON or HDF5 file, or - for stdin. The output is the predicted class and the probability of
    every class, or numbers in the units of the target column. RUN may also be a checkpoint, or an imported network,
    e.g. old.t7, which gets the numbers of the rows unchanged.

    --explain adds the columns explained (the name of a probability or number), baseline (its value for the mean
    training row) and contribution(COLUMN) for each input column: the explained one is the sum of all others. It takes
    many times as long.

    Cells are exact by default. Use --safe-csv before opening predictions of untrusted data in a spreadsheet: it puts an
    apostrophe before text and column names that start with = + - @, a tab or a line end; numbers do not change.

    \b
    nntrain predict runs/iris new.csv --with id -o predictions.parquet
    """
    from nntrain.cli.messages import print_note, print_warning
    from nntrain.cli.terminal import get_data_output
    from nntrain.data.file_state import check_unchanged
    from nntrain.data.writers.csv_writer import escape_formula, write_csv
    from nntrain.data.writers.row_writer import check_output_path, write_rows
    from nntrain.files.piped_input import receive_file
    from nntrain.formatting import escape_line
    from nntrain.training.inference.prediction import predict_file
    from nntrain.training.run_folder.run_files import check_output_file
    from nntrain.training.run_folder.run_metadata import find_unfinished

    if out == Path("-"):
        out = None
    if out is not None:
        check_output_path(out)
        check_output_file(out, (data, run))
    if safe_csv and out is not None and out.suffix.lower() != ".csv":
        raise click.UsageError(f"--safe-csv requires CSV output, got {str(out)!r}; remove it")
    explainer = None
    if explain:
        from nntrain.explanation.contribution_columns import ContributionColumns

        explainer = partial(ContributionColumns.for_run, run, memory=memory)
    escape = escape_formula if safe_csv else None
    file = receive_file(data)
    with check_unchanged(file):
        blocks, notes = predict_file(run, file, inputs, columns, memory, long_size, threshold, print_warning, explainer)
        if out is None:
            output = get_data_output()
            format_text = escape or str
            write_csv(output, blocks, (lambda text: escape_line(format_text(text))) if output.isatty() else format_text)
        else:
            write_rows(out, blocks, escape)
    for warning in find_unfinished(run):
        print_warning(warning)
    for note in notes:
        print_note(note, err=True)
