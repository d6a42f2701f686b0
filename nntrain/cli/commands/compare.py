"""``nntrain compare``: compare the scores of runs."""

from pathlib import Path

import click

from nntrain.cli.options import json_option


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN RUN ...")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="PATH", help="Also write a page, e.g. comparison.html."
)
@json_option
def compare(runs: tuple[Path, ...], out: Path | None, as_json: bool) -> None:
    """Compare the scores of two or more runs, and test whether the best is better by more than chance.

    Runs with the same test rows are compared row by row: McNemar's test for the accuracy, a paired bootstrap for other
    scores. diff compares two runs bit for bit.

    \b
    nntrain compare runs/base runs/wide
    nntrain compare runs/base runs/wide runs/deep -o comparison.html
    """
    from nntrain.cli.tables import format_table
    from nntrain.cli.terminal import print_data, print_line
    from nntrain.report.comparison_report import build_comparison_report, build_score_rows, format_value
    from nntrain.report.page.rendering import render_page
    from nntrain.report.run_comparison import compare_runs, format_verdict
    from nntrain.training.run_folder.records import to_json
    from nntrain.training.run_folder.run_files import check_output_file
    from nntrain.training.run_folder.run_folder import write_text

    if out is not None:
        check_output_file(out, ())
    found = compare_runs(runs)
    if out is not None:
        write_text(out, render_page(build_comparison_report(found)))
    if as_json:
        print_data(to_json(found.to_dict()))
        return
    header, rows = build_score_rows(found)
    click.echo(format_table([header, *rows]))
    if found.config:
        lines = [[key, *map(format_value, values)] for key, values in found.config.items()]
        click.echo(f"\n{format_table([['config', *found.names], *lines])}")
    click.echo()
    for sentence in format_verdict(found):
        print_line(sentence)
    if out is not None:
        print_line(f"Page: {out}")
