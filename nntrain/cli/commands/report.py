"""``nntrain report``: write the report of a run."""

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@click.option("--png", type=click.Path(path_type=Path), metavar="FOLDER", help="Also write each plot as a PNG file.")
def report(run: Path, opens: bool, png: Path | None) -> None:
    """Write RUN/report.html: scores, curves, predictions, columns and settings of a run on one page.

    The page is one file that any browser shows without a network. fit writes it too.

    \b
    nntrain report runs/iris --open
    nntrain report runs/iris --png plots
    """
    from nntrain.formatting import escape_line
    from nntrain.report.run_report import write_report

    path = write_report(run, png)
    click.echo(escape_line(f"Report: {path}"))
    if opens:
        click.launch(str(path))
