"""``nntrain watch``: serve the report of a run while it trains."""

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="NUMBER",
    help="Port of the server, e.g. 8000.  [default: a free one]",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def watch(run: Path, port: int, opens: bool) -> None:
    """Serve the report of a run to a browser on this machine, and refresh it while the run trains.

    \b
    nntrain watch runs/iris --open
    nntrain watch runs/iris --port 8000

    The address is 127.0.0.1, and the URL contains a random token, so that other users cannot open it. Predictions and
    test scores are on the page when the run is complete. Ctrl-C stops the server, with exit code 0.
    """
    from nntrain.cli.messages import print_warning
    from nntrain.errors import ConfigError
    from nntrain.formatting import escape_line
    from nntrain.report.serving.live_report import check_watchable
    from nntrain.report.serving.report_server import ReportServer
    from nntrain.report.serving.watched_report import WatchedReport
    from nntrain.system_limits import format_os_error

    check_watchable(run)
    report = WatchedReport(run, print_warning)
    try:
        server = ReportServer(port, report.get_page)
    except OSError as error:
        raise ConfigError(f"--port {port}: {format_os_error(error)}; choose another, or omit it") from None
    try:
        # The first page takes longest, because it imports.
        report.get_page()
        click.echo(escape_line(f"The report of {run}, until Ctrl-C: {server.url}"))
        if opens:
            click.launch(server.url)
        server.run()
    except KeyboardInterrupt:
        click.echo("Stopped.")
