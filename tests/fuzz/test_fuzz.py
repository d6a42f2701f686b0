"""The short form of ``python -m tests.fuzz``, and what hypothesis thinks of: read, or refused in words."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nntrain.checkpoint.reading import read_checkpoint
from nntrain.checkpoint.writing import write_checkpoint
from nntrain.config.config import Config
from nntrain.hooks.registry import get_registry
from tests.fuzz import worker as watch
from tests.fuzz.__main__ import corpus_in, fuzz
from tests.fuzz.attempt import FAULTS, SUCCESS, attempt, taken
from tests.fuzz.case import Case
from tests.fuzz.corpus import Corpus
from tests.fuzz.worker import Worker

# Cases of the command with this seed. Most are read by a quick command, and there are fewer of those that take long.
SEED, CASES = 1, 1050
SLOW = ("csv", "attack")

examples = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
SECTIONS = {
    name: list(field.annotation.model_fields)
    for name, field in Config.model_fields.items()
    if isinstance(field.annotation, type)
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return corpus_in(tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(scope="module")
def worker(corpus: Corpus) -> Iterator[Worker]:
    with Worker(corpus.folder, corpus.folder.with_name("worker")) as found:
        found.folder.mkdir()
        yield found


def test_mutated_files_are_read_or_refused_in_words(corpus: Corpus) -> None:
    cases = [Case.of(SEED, number, quick=number % 5 > 0) for number in range(CASES)]
    counts = fuzz(corpus.folder.parent, [case for case in cases if case.kind not in SLOW or not case.quick], workers=1)
    assert counts.total > 600
    assert not counts.faults, counts.table()


def fine(worker: Worker, *arguments: str) -> None:
    told = worker.command(*arguments)
    assert told.outcome not in FAULTS, told.words


def specs() -> st.SearchStrategy[Any]:
    """Networks of every registered class, with any arguments."""
    names = st.sampled_from(sorted(get_registry().names("module")))
    arguments = st.dictionaries(st.sampled_from(("input_size", "output_size", "size", "p", "dim", "kw", "n")), VALUES)
    leaf = st.builds(lambda name, given: {"type": name, **given}, names, arguments)
    holder = st.sampled_from(("Sequential", "ConcatTable", "Concat", "MapTable", "Bottle"))
    return st.recursive(
        leaf, lambda inner: st.builds(lambda name, inside: {"type": name, "modules": inside}, holder, st.lists(inner))
    )


@examples
@given(spec=specs() | VALUES)
def test_any_spec(corpus: Corpus, worker: Worker, spec: Any) -> None:
    tree = read_checkpoint(corpus.run("iris") / "best.h5")
    tree["network"]["spec"] = spec
    write_checkpoint(worker.folder / "network.h5", tree)
    fine(worker, "show", "network.h5")


# Where a checkpoint has a value that hypothesis may put another in place of.
PLACES = (
    *("nntrain", "criterion", "metrics", "scores", "scores/train", "scores/train/loss", "data", "data/columns"),
    *("data/target", "data/target/labels", "data/notes", "network", "network/origins", "network/state"),
    *("network/state/type", "network/state/views", "network/state/gradients", "network/state/sizes"),
)


@examples
@given(place=st.sampled_from(PLACES), value=VALUES)
def test_any_value(corpus: Corpus, worker: Worker, place: str, value: Any) -> None:
    tree = read_checkpoint(corpus.run("iris") / "best.h5")
    *above, name = place.split("/")
    inner = tree
    for key in above:
        inner = inner[key]
    inner[name] = value
    write_checkpoint(worker.folder / "network.h5", tree)
    fine(worker, "show", "network.h5")
    fine(worker, "evaluate", "network.h5", str(corpus.data("iris")))


def configs() -> st.SearchStrategy[dict[str, Any]]:
    """Every section with any of its keys, and any values."""
    sections = {
        name: st.dictionaries(st.sampled_from(keys), VALUES, max_size=4) for name, keys in SECTIONS.items() if keys
    }
    return st.fixed_dictionaries({}, optional=sections)


@examples
@given(config=configs())
def test_any_config(corpus: Corpus, worker: Worker, config: dict[str, Any]) -> None:
    config.setdefault("data", {})["path"] = str(corpus.data("iris"))
    (worker.folder / "config.toml").write_text(toml(config), "utf-8", "replace")
    fine(worker, "check", "config.toml")


def toml(value: dict[str, Any]) -> str:
    return tomli_w.dumps(without_none(value))


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value if item is not None] if isinstance(value, list) else value


@examples
@given(
    rows=st.lists(st.lists(st.text(max_size=5) | st.floats().map(str) | st.integers().map(str), max_size=5), max_size=6)
)
def test_any_table(corpus: Corpus, worker: Worker, rows: list[list[str]]) -> None:
    lines = ["sepal_length,sepal_width,petal_length,petal_width,species", *(",".join(row) for row in rows)]
    (worker.folder / "rows.csv").write_text("\n".join(lines), "utf-8", "replace")
    fine(worker, "predict", str(corpus.run("iris")), "rows.csv", "-o", "out.csv")


def test_a_process_that_crashes_or_hangs_is_reported(
    corpus: Corpus, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine(worker, "show", str(corpus.run("iris")))
    for outcome, number in (("crash", signal.SIGSEGV), ("hang", signal.SIGSTOP)):
        assert worker.process is not None
        os.kill(worker.process.pid or 0, number)
        monkeypatch.setattr(watch, "PATIENCE", 0.2 if outcome == "hang" else 120)
        assert worker.command("show", "nowhere").outcome == outcome
        monkeypatch.undo()
        assert worker.command("show", "nowhere").outcome == "RunError"


@pytest.mark.skipif(not taken(), reason="the system does not tell how much memory is in use")
def test_memory_in_use_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.attempt.IN_USE", 20 << 20)
    monkeypatch.setattr(
        "tests.fuzz.attempt.run", lambda arguments: (SUCCESS, str(len(b"x" * (1 << int(arguments[0])))))
    )
    assert attempt(["20"])[0] == SUCCESS
    assert attempt(["26"])[0] == "memory"
