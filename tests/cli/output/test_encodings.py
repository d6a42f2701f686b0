"""Terminals and locales that lack characters: text is spelled out, data are the same bytes."""

from pathlib import Path

import pytest

from tests.cli.processes import environment, run

NARROW = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]

NAMES = ("größe", "日本", "λ")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of rows with such names of columns and of classes, and a run on it."""
    folder = tmp_path_factory.mktemp("rows")
    lines = (f"{index % 7},{index % 5},{NAMES[index % 3]}" for index in range(60))
    (folder / "rows.csv").write_text(f"größe,日本,y\n{chr(10).join(lines)}\n", encoding="utf-8")
    arguments = ("fit", "rows.csv", "--target", "y", "--set", "train.epochs=1", "--out", "run")
    assert run(*arguments, cwd=folder).code == 0
    return folder


@pytest.mark.parametrize("narrow", NARROW, ids=lambda narrow: next(iter(narrow.values())))
@pytest.mark.parametrize(
    ("arguments", "escaped"),
    [
        (("show", "run"), None),
        (("evaluate", "run"), "\\u03bb"),
        (("check", "rows.csv", "--target", "y"), "\\u65e5"),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_what_an_encoding_lacks_is_spelled_out(
    arguments: tuple[str, ...], escaped: str | None, narrow: dict[str, str], rows: Path
) -> None:
    encoding = narrow.get("PYTHONIOENCODING", "ascii")
    outcome = run(*arguments, cwd=rows, env=environment(**narrow), encoding=encoding)
    assert outcome.code == 0, outcome.err
    assert escaped is None or escaped in outcome.out


@pytest.mark.parametrize("narrow", NARROW, ids=lambda narrow: next(iter(narrow.values())))
def test_data_are_utf_8_in_every_locale(narrow: dict[str, str], rows: Path) -> None:
    env = environment(**narrow)
    predicted = run("predict", "run", "rows.csv", cwd=rows, env=env)
    assert predicted.code == 0
    assert predicted.out.startswith("y,p(größe),p(λ),p(日本)\n")
    assert predicted.out == run("predict", "run", "rows.csv", cwd=rows).out
    assert '# columns."日本".type = "number"' in run("init", "rows.csv", "--target", "y", cwd=rows, env=env).out
