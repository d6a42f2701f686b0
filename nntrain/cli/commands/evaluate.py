"""``nntrain evaluate``: score a network on rows with targets."""

from pathlib import Path

import click

from nntrain.cli.options import inputs_option, json_option, memory_option, targets_option, threshold_option


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("data", type=click.Path(path_type=Path), required=False)
@inputs_option
@targets_option
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Metric to use instead of those of the run (repeatable).",
)
@threshold_option
@memory_option
@json_option
def evaluate(
    run: Path,
    data: Path | None,
    inputs: str | None,
    targets: str | None,
    metrics: tuple[str, ...],
    threshold: float | None,
    memory: int | None,
    as_json: bool,
) -> None:
    """Score a run or a checkpoint file on its test set, or on DATA.

    \b
    nntrain evaluate runs/iris labeled.csv --json
    nntrain evaluate runs/iris --metric f1 --metric '{type = "top_k", k = 2}'
    nntrain evaluate runs/churn --threshold 0.3

    For classes, prints per-class scores and a confusion matrix unless --metric is given. docs/metrics.md lists all
    metrics.
    """
    from nntrain.cli.messages import print_note, print_warning
    from nntrain.cli.summary import format_thresholds
    from nntrain.cli.tables import format_class_tables, format_scores
    from nntrain.cli.terminal import print_data
    from nntrain.formatting import escape_line
    from nntrain.training.inference.evaluation import evaluate_file, evaluate_test_set
    from nntrain.training.run_folder.records import to_json
    from nntrain.training.run_folder.run_metadata import find_unfinished

    if data is None and (inputs or targets):
        raise click.UsageError("--inputs and --targets name datasets of DATA; add the file: nntrain evaluate RUN DATA")
    if data is None:
        scored = evaluate_test_set(run, metrics, threshold, memory, warn=print_warning)
    else:
        scored = evaluate_file(run, data, inputs, targets, metrics, threshold, memory, warn=print_warning)
    for warning in (*find_unfinished(run), *scored.warnings):
        print_warning(warning)
    if as_json:
        header = {"run": str(run), "data": scored.data, "rows": scored.rows, **scored.decision}
        print_data(to_json({**header, **scored.scores}))
        return
    parts = [
        escape_line(f"{scored.rows:,} rows of {scored.data}"),
        format_scores({"": scored.scores}),
        *map(escape_line, format_thresholds(scored.decision)),
        *format_class_tables(scored.scores),
    ]
    click.echo("\n\n".join(parts))
    for note in scored.notes:
        print_note(note)
