"""docs/commands.md says what the commands say."""

import inspect
from pathlib import Path

import click
import pytest

from nntrain import errors
from nntrain.cli.main import BUG, COMMANDS, cli
from nntrain.cli.reference import EXIT_CODES, page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "commands.md"


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def test_the_page_of_the_commands_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m nntrain.cli.reference > docs/commands.md"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_there_with_every_option_and_an_example(name: str) -> None:
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## nntrain {name}\n")[2].partition("\n## ")[0]
    assert text.count(f"\n    nntrain {name}") >= 2, "the usage, and an example"
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help
            assert all(f"`{option}`" in text for option in parameter.opts)


@pytest.mark.parametrize("name", ["check", "evaluate", "show", "diff", "layers", "plugins"])
def test_every_listing_has_json(name: str) -> None:
    assert "--json" in [option for parameter in command(name).params for option in parameter.opts]


def test_every_exit_code_is_told() -> None:
    classes = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.NntrainError)]
    assert {cls.exit_code for cls in classes} | {0, BUG} == set(EXIT_CODES)
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"\n| {code} | {told} |\n" in text for code, told in EXIT_CODES.items())


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"docs/{path.name}" not in readme] == []
