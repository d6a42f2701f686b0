"""``nntrain compare``: compare the scores of runs."""

from pathlib import Path

import click

from nntrain.cli.options import json_option


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN RUN ...")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Labeled file whose rows are compared, instead of the test rows.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="PATH", help="Also write a page, e.g. comparison.html."
)
@json_option
def compare(runs: tuple[Path, ...], data: Path | None, out: Path | None, as_json: bool) -> None:
    """Compare the scores of two or more runs, and test whether the best is better by more than chance.

    Runs with the same test rows are compared row by row: McNemar's test for the accuracy, a paired bootstrap for the
    loss and other scores. --data compares others on a labeled file. Averages of networks are runs too.

    \b
    nntrain compare runs/base runs/wide
    nntrain compare runs/base runs/wide runs/deep -o comparison.html
    nntrain compare runs/base runs/other --data labeled.csv

    compare shows which run predicts better; diff shows where two runs stop being bit-for-bit identical.
    """
    from nntrain.cli.messages import print_warning
    from nntrain.cli.tables import format_table
    from nntrain.cli.terminal import print_data, print_line
    from nntrain.report.comparison_report import build_comparison_report
    from nntrain.report.comparison_text import (
        build_config_table,
        build_row_table,
        build_score_table,
        iterate_verdict,
        to_dict,
    )
    from nntrain.report.page.rendering import render_page
    from nntrain.report.run_comparison import compare_runs
    from nntrain.training.run_folder.records import to_json
    from nntrain.training.run_folder.run_files import check_output_file
    from nntrain.training.run_folder.run_folder import write_text

    if out is not None:
        check_output_file(out, () if data is None else (data,))
    found = compare_runs(runs, data)
    if out is not None:
        write_text(out, render_page(build_comparison_report(found)))
    for warning in found.warnings:
        print_warning(warning)
    if as_json:
        print_data(to_json(to_dict(found)))
        return
    tables = [build_score_table(found), *([build_config_table(found)] if found.config else ())]
    tables += [build_row_table(found, pair) for pair in found.pairs if pair.rows]
    for table in tables:
        if table.caption and table is not tables[0]:
            print_line(table.caption)
        click.echo(f"{format_table([table.header, *table.rows])}\n")
    for sentence in iterate_verdict(found):
        print_line(sentence)
    if out is not None:
        print_line(f"Page: {out}")
