"""``nntrain predict``: predictions for the rows of a file, in their order."""

from __future__ import annotations

from pathlib import Path

import click

from nntrain.cli.options import long_size_option, memory_option, threshold_option

__all__ = ["predict"]


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path), metavar="DATA")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    help="The file to write, CSV, Parquet or HDF5 by its suffix; - is CSV to stdout.  [default: -]",
)
@click.option("--with", "columns", multiple=True, metavar="COLUMN", help="Keep a column of DATA, such as a key.")
@click.option("--safe-csv", is_flag=True, help="Put ' before text that a spreadsheet would run as a formula.")
@click.option("--inputs", help="The HDF5 dataset of inputs.")
@memory_option
@threshold_option
@long_size_option
def predict(
    run: Path,
    data: Path,
    out: Path | None,
    columns: tuple[str, ...],
    safe_csv: bool,
    inputs: str | None,
    memory: int | None,
    threshold: float | None,
    long_size: int | None,
) -> None:
    """Predict the rows of DATA, which needs no target column: a line for each row, in their order.

    DATA is a CSV, Parquet, JSON or HDF5 file, or - for the standard input. A class comes with its name and the
    probability of every class, a number in the units of its column. RUN may also be a checkpoint, or a network of
    another program, such as old.t7: the numbers of the rows go into that as they are.

    Cells are exact by default. Open predictions from untrusted data in a spreadsheet only with --safe-csv: text that
    begins with = + - @, a tab or a line end, in names of columns too, then gets an apostrophe; numbers stay.

    \b
    nntrain predict runs/iris new.csv --with id -o predictions.parquet
    """
    from nntrain.cli.message_level import MessageLevel, print_message, print_warning
    from nntrain.cli.terminal import get_data_output
    from nntrain.data.file_state import check_unchanged
    from nntrain.data.writers.row_writer import check_output_path, escape_formula, write_csv, write_rows
    from nntrain.files.piped_input import receive_file
    from nntrain.formatting import escape_line
    from nntrain.training.inference.prediction import predict_file
    from nntrain.training.run_folder.run_files import check_output_file

    if out == Path("-"):
        out = None
    if out is not None:
        check_output_path(out)
        check_output_file(out, (data, run))
    if safe_csv and out is not None and out.suffix.lower() != ".csv":
        raise click.UsageError(f"--safe-csv is for CSV, got {str(out)!r}; leave it out")
    spell = escape_formula if safe_csv else None
    file = receive_file(data)
    with check_unchanged(file):
        blocks, notes = predict_file(run, file, inputs, columns, memory, long_size, threshold, print_warning)
        if out is None:
            output = get_data_output()
            if output.isatty():
                write_csv(output, blocks, lambda text: escape_line(text if spell is None else spell(text)))
            else:
                write_csv(output, blocks, spell)
        else:
            write_rows(out, blocks, spell)
    for note in notes:
        print_message(MessageLevel.NOTE, note)
