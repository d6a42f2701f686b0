"""docs/commands.md says what the commands say."""

import inspect
import re

import click
import pytest

from nntrain import errors
from nntrain.cli.command_reference import EXIT_CODES, build_page
from nntrain.cli.main import COMMANDS, EXIT_BUG, cli, load_plugin_commands
from tests.laws.sources import files
from tests.paths import ROOT

PAGE = ROOT / "docs" / "commands.md"


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def test_the_page_of_the_commands_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == build_page(), (
        "run: python -m nntrain.cli.command_reference > docs/commands.md"
    )


@pytest.mark.parametrize("name", [*COMMANDS, *load_plugin_commands("nntrain")])
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


def test_every_command_that_a_message_suggests_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    suggested = re.compile(r"""format_command\(\s*["']([a-z0-9-]+)|with: nntrain ([a-z0-9-]+)""")
    code = "".join(path.read_text(encoding="utf-8") for path in files("nntrain", "plugins"))
    names = {first or second for first, second in suggested.findall(code)}
    assert {"resume", "t7", "show"} <= names
    assert not [name for name in names if f"\n## nntrain {name}\n" not in text]


def test_every_exit_code_is_reported() -> None:
    classes = [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.NntrainError)]
    assert {cls.exit_code for cls in classes} | {0, EXIT_BUG} == set(EXIT_CODES)
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"\n| {code} | {told} |\n" in text for code, told in EXIT_CODES.items())


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "docs").glob("*.md") if f"docs/{path.name}" not in readme] == []
