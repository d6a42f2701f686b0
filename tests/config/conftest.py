"""Stand-ins for the registries, and a way to say what is wrong with a text in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nntrain.config.load import load_config
from nntrain.config.spec_checks import SpecChecks
from nntrain.errors import ConfigError, suggest_name
from nntrain.nn.building.factory import find_option_problems

LAYERS = {
    "Linear": {"input_size", "output_size", "bias"},
    "ReLU": set(),
    "Tanh": set(),
    "Sequential": {"modules"},
    "CrossEntropyCriterion": {"size_average"},
}
OPTIONS = {
    "optimizer": {"adam": {"learning_rate"}, "sgd": {"learning_rate", "momentum"}},
    "schedule": {"cosine": {"floor"}},
}

Problems = list[tuple[tuple[str | int, ...], str]]
ProblemsOf = Callable[..., tuple[str, ...]]


def judge(spec: dict[str, object], known: dict[str, set[str]], word: str) -> Problems:
    kind = spec.get("type")
    if kind is None:
        return [(("type",), "missing")]
    if kind not in known:
        return [(("type",), f"unknown {word} {kind!r}{suggest_name(str(kind), known)}")]
    wrong = [key for key in spec if key not in known[str(kind)] | {"type"}]
    found: Problems = [((key,), f"unknown argument{suggest_name(key, known[str(kind)])}") for key in wrong]
    for index, child in enumerate(spec.get("modules", ())):
        found += [(("modules", index, *path), what) for path, what in judge(child, known, word)]
    return found


@pytest.fixture
def checks() -> SpecChecks:
    return SpecChecks(
        layer=lambda spec, kind, incomplete: judge(spec, LAYERS, kind),
        options=lambda spec, kind: (
            judge(spec, OPTIONS[kind], kind) if kind in OPTIONS else find_option_problems(spec, kind)
        ),
    )


@pytest.fixture
def problems_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checks: SpecChecks) -> ProblemsOf:
    """Every problem of the text as ``c.toml``, with overrides; none when it loads."""
    monkeypatch.chdir(tmp_path)

    def problems(text: str, *overrides: str) -> tuple[str, ...]:
        Path("c.toml").write_text(text, encoding="utf-8")
        try:
            load_config(Path("c.toml"), overrides, checks)
        except ConfigError as error:
            return error.problems
        return ()

    return problems
