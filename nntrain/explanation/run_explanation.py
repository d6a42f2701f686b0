"""The explanation of a run: importance of its columns, partial dependence, and contributions of single rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nntrain.compute.threads import configure_compute
from nntrain.data.dataset import Dataset
from nntrain.data.loading import open_dataset
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.tables.data_table import DataTable
from nntrain.data.tables.raw_column import RawColumn
from nntrain.errors import ConfigError, DataError, RunError
from nntrain.explanation.column_span import ColumnSpan, find_column_spans
from nntrain.explanation.dataset_rows import space_evenly, take_rows
from nntrain.explanation.explained_run import ExplainedRun
from nntrain.explanation.partial_dependence import MAX_ROWS, PartialDependence, compute_partial_dependence
from nntrain.explanation.permutation_importance import (
    DEFAULT_REPEATS,
    MAX_SCORED_ROWS,
    ColumnImportance,
    compute_permutation_importance,
)
from nntrain.explanation.row_explanation import RowExplanation, explain_file_rows, explain_set_rows, open_raw_rows
from nntrain.files.piped_input import receive_file
from nntrain.shell_command import format_command
from nntrain.training.inference.evaluation import create_metrics, get_memory
from nntrain.training.inference.run_rows import RunRows
from nntrain.training.metrics.metric import Metric
from nntrain.training.metrics.metric_selection import choose_headline
from nntrain.training.trained_network import TrainedNetwork

# Columns whose partial dependence is computed, and training rows whose values of a feature are decoded.
MAX_DEPENDENCES, MAX_DECODED_ROWS = 6, 100_000


@dataclass(frozen=True)
class ExplanationOptions:
    """What is explained: ``rows`` (from 1), or the columns if there are none.

    ``metric``: whose decrease is the importance, as on a command line; None: the monitored one. ``output``: the class,
    label or number whose contributions are computed. ``inputs``, ``targets``: datasets of an HDF5 file. ``memory``:
    bytes for the rows.
    """

    rows: Sequence[int] = ()
    repeats: int = DEFAULT_REPEATS
    metric: str | None = None
    output: str | None = None
    inputs: str | None = None
    targets: str | None = None
    memory: int | None = None


@dataclass(frozen=True)
class RunExplanation:
    """``score``: the metric whose decrease is the importance, measured on ``scored_rows`` of the ``rows`` of ``data``.

    ``notes``: what limits the explanation.
    """

    run: str
    data: str
    rows: int | None = None
    scored_rows: int | None = None
    repeats: int | None = None
    score: str | None = None
    importance: list[ColumnImportance] = field(default_factory=list)
    dependence: list[PartialDependence] = field(default_factory=list)
    explained_rows: list[RowExplanation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON values."""
        return {
            "run": self.run,
            "data": self.data,
            "rows": self.rows,
            "scored_rows": self.scored_rows,
            "repeats": self.repeats,
            "score": self.score,
            "importance": [vars(found) for found in self.importance],
            "partial_dependence": [
                {
                    "column": found.name,
                    "values": found.values,
                    "mean": {name: found.means[:, k].tolist() for k, name in enumerate(found.outputs)},
                    "individual": found.curves.tolist(),
                }
                for found in self.dependence
            ],
            "row_contributions": [found.to_dict() for found in self.explained_rows],
            "notes": self.notes,
        }


def explain_run(
    path: Path,
    data: Path | None = None,
    options: ExplanationOptions | None = None,
    *,
    warn: Callable[[str], object] = str,
) -> RunExplanation:
    """Explain the network of a run on its test rows, or on those of the file ``data``.

    RunError or DataError if that is impossible. ``warn`` receives warnings about the network.
    """
    options = options or ExplanationOptions()
    run = ExplainedRun.load(path, options.memory, warn=warn)
    file = None if data is None else receive_file(data)
    with configure_compute():
        if options.rows:
            return explain_rows(run, file, options)
        spans = find_column_spans(run.network.preprocessor)
        if not spans:
            again = format_command("explain", path, options=("--row", "1"))
            raise RunError(
                f"{path}: its inputs are images, whose pixels are not columns, so they have neither importance nor "
                f"partial dependence; contributions of the pixels of a row: {again}"
            )
        if file is None:
            return explain_columns(run, run.rows.splits.datasets[run.shown_set], spans, options)
        with open_rows_with_targets(run, file, options) as dataset:
            return explain_columns(run, dataset, spans, options, str(file))


def explain_rows(run: ExplainedRun, file: Path | None, options: ExplanationOptions) -> RunExplanation:
    """Return the contributions for single rows."""
    if file is None:
        found = explain_set_rows(run, run.shown_set, options.rows, options.output)
        return RunExplanation(str(run.path), describe_set(run), explained_rows=found)
    memory = get_memory(run.path, options.memory)
    found = explain_file_rows(run, file, options.inputs, memory, options.rows, options.output)
    return RunExplanation(str(run.path), str(file), explained_rows=found)


def explain_columns(
    run: ExplainedRun,
    dataset: Dataset,
    spans: Sequence[ColumnSpan],
    options: ExplanationOptions,
    file: str | None = None,
) -> RunExplanation:
    """Return the importance of the columns, and how predictions depend on the first; ``file`` None: of a set."""
    metric = choose_metric(run, options.metric)
    importance = compute_permutation_importance(run.network, dataset, spans, metric, repeats=options.repeats)
    notes = (
        []
        if file is not None or run.shown_set != "train"
        else [
            "the run has no other rows than its training rows, on which a network may use more columns than on new rows"
        ]
    )
    if run.rows.raw is None and run.network.preprocessor.reads_table:
        notes.append("no partial dependence: the rows of the run are streamed; with enough memory: --memory SIZE")
    return RunExplanation(
        str(run.path),
        describe_set(run) if file is None else file,
        dataset.rows,
        min(dataset.rows, MAX_SCORED_ROWS),
        options.repeats,
        "loss" if metric is None else metric.key,
        importance,
        compute_dependences(run.network, run.rows, dataset, importance),
        notes=notes,
    )


def describe_set(run: ExplainedRun) -> str:
    """Return the name of the set that is explained, and of its file."""
    own = {"validation": run.config.data.validation_path, "test": run.config.data.test_path}
    return f"the {run.shown_set} set of {own.get(run.shown_set) or run.config.data.path}"


def choose_metric(run: ExplainedRun, name: str | None) -> Metric | None:
    """Return the metric whose decrease is the importance; None: the loss. ConfigError if it is not a single number."""
    if name == "loss":
        return None
    metrics = create_metrics(run.network, () if name is None else (name,), str(run.path)).metrics
    if name is not None and not metrics[0].is_scalar:
        raise ConfigError(f"--metric {name}: expected a metric that is a single number, got a table")
    return choose_headline(metrics, run.config.train.monitor)


@contextmanager
def open_rows_with_targets(run: ExplainedRun, file: Path, options: ExplanationOptions) -> Iterator[Dataset]:
    """Open the rows of a file. DataError if it has no targets, which a score needs, or no rows."""
    memory = get_memory(run.path, options.memory)
    with ExitStack() as stack:
        try:
            names = {"inputs": options.inputs, "targets": options.targets}
            dataset, _ = stack.enter_context(open_dataset(file, run.network.preprocessor, memory, **names))
        except DataError as error:
            if not can_read_inputs(run, file, options.inputs, memory):
                raise
            command = format_command("explain", run.path, file, options=("--row", "1"))
            raise DataError(f"{error}; importance needs the targets, --row does not: {command}") from None
        if not dataset.rows:
            raise DataError(f"{file}: no rows with targets")
        yield dataset


def can_read_inputs(run: ExplainedRun, file: Path, inputs: str | None, memory: int) -> bool:
    """Whether a file can be read without its targets."""
    try:
        with open_raw_rows(file, run.network, inputs, memory):
            return True
    except DataError:
        return False


def compute_dependences(
    network: TrainedNetwork,
    known: RunRows,
    dataset: Dataset,
    importance: Sequence[ColumnImportance],
    max_rows: int = MAX_ROWS,
) -> list[PartialDependence]:
    """Return the partial dependence on the most important columns, free text excepted; none for streamed tables.

    ``max_rows``: the number of rows whose predictions are averaged.
    """
    spans = {span.name: span for span in find_column_spans(network.preprocessor)}
    texts = {column.name for column in network.preprocessor.get_text_columns()}
    chosen = [found.name for found in importance if found.importance > 0 and found.name not in texts]
    training = read_training_values(known, [spans[name] for name in chosen[:MAX_DEPENDENCES]])
    return [
        compute_partial_dependence(network, dataset.inputs, spans[name], values, max_rows)
        for name, values in training.items()
    ]


def read_training_values(known: RunRows, spans: Sequence[ColumnSpan]) -> dict[str, RawColumn]:
    """Return the values of columns in the training rows; none if these are those of a table that is streamed."""
    if all(span.column is None for span in spans):
        train = known.splits.train
        encoded = take_rows(train.inputs, space_evenly(train.rows, MAX_DECODED_ROWS))
        return {span.name: span.decode(span.get(encoded)) for span in spans}
    raw = known.get_raw("train")
    if not (isinstance(raw, RawTableDataset) and isinstance(raw.table, DataTable)):
        return {}
    return {span.name: raw.table.columns[span.name] for span in spans}
