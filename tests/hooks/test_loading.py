"""Loading of plugins, and warnings about those that fail."""

import sys
import types
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any

import click
import pytest

from nntrain.cli.main import COMMANDS, run_command
from nntrain.hooks import hookimpl
from nntrain.hooks import registry as registering
from nntrain.hooks.registry import PluginWarning, Registry, get_command_registry, get_registry
from nntrain.nn.module import Module
from nntrain.optim import Schedule


class Distribution:
    def __init__(self, name: str, *requires: str) -> None:
        self.name, self.version, self.requires = name, "1.2", list(requires)


def point(monkeypatch: pytest.MonkeyPatch, distribution: str, *requires: str, **hooks: Callable[[], Any]) -> EntryPoint:
    """Return an installed plugin that implements the given hooks."""
    plugin = types.ModuleType(f"plugin_of_{distribution}")
    for name, hook in hooks.items():
        hook.__name__ = name
        setattr(plugin, name, hookimpl(hook))
    monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
    made = EntryPoint(distribution, plugin.__name__, "nntrain")
    vars(made).update(dist=Distribution(distribution, *requires))
    return made


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Install plugins in addition to the built-in ones."""
    ours = list(registering.entry_points(group="nntrain"))

    def add(*points: EntryPoint) -> None:
        monkeypatch.setattr(registering, "entry_points", lambda group: [*ours, *points])
        get_registry.cache_clear()
        get_command_registry.cache_clear()

    yield add
    monkeypatch.undo()
    get_registry.cache_clear()
    get_command_registry.cache_clear()


@click.command()
def hello() -> None:
    """Say hello."""
    click.echo("hello")


@click.command()
def fit() -> None:
    """Fit nothing."""


@pytest.mark.filterwarnings("ignore:NNTRAIN_PLUGINS")
@pytest.mark.parametrize(("chosen", "there"), [(None, True), ("one,two", True), ("two", False), ("", False)])
def test_plugins_are_chosen_by_their_distributions(
    monkeypatch: pytest.MonkeyPatch, installed: Callable[..., None], chosen: str | None, there: bool
) -> None:
    if chosen is not None:
        monkeypatch.setenv("NNTRAIN_PLUGINS", chosen)
    installed(point(monkeypatch, "one", nntrain_commands=lambda: [hello]))
    assert ("hello" in get_registry().names("command")) == there
    assert "Linear" in get_registry().names("module")


@pytest.mark.filterwarnings("ignore:NNTRAIN_PLUGINS")
@pytest.mark.parametrize("chosen", ["one", " One , two", "o_ne,one", "ONE"])
def test_distributions_are_chosen_as_indexes_compare_their_names(
    monkeypatch: pytest.MonkeyPatch, installed: Callable[..., None], chosen: str
) -> None:
    monkeypatch.setenv("NNTRAIN_PLUGINS", chosen)
    installed(point(monkeypatch, "one", nntrain_commands=lambda: [hello]))
    assert "hello" in get_registry().names("command")


def test_a_distribution_that_is_chosen_and_not_there_is_reported(
    monkeypatch: pytest.MonkeyPatch, installed: Callable[..., None]
) -> None:
    monkeypatch.setenv("NNTRAIN_PLUGINS", "swich,swish")
    installed(point(monkeypatch, "swish", nntrain_commands=lambda: [hello]))
    message = "NNTRAIN_PLUGINS: no plugin of a distribution 'swich' is installed; did you mean 'swish'?"
    with pytest.warns(PluginWarning) as caught:
        get_registry()
    assert [str(warning.message) for warning in caught] == [message]


@pytest.mark.parametrize(
    ("hook", "answer", "message"),
    [
        ("nntrain_modules", 3, "nntrain_modules: expected a list of classes, got 3"),
        ("nntrain_modules", "Swish", "nntrain_modules: expected a list of classes, got 'Swish'"),
        ("nntrain_modules", ["Swish"], "nntrain_modules: expected a list of classes, got the element 'Swish'"),
        ("nntrain_metrics", [int], "nntrain_metrics: expected a name for <class 'int'>; set name = ..."),
        ("nntrain_commands", [print], "nntrain_commands: expected a list of commands, got the element <built-in"),
    ],
)
def test_an_answer_that_is_no_list_of_classes_names_the_hook(
    monkeypatch: pytest.MonkeyPatch, hook: str, answer: Any, message: str
) -> None:
    with pytest.warns(PluginWarning) as caught:
        Registry([point(monkeypatch, "one", **{hook: lambda: answer})])
    assert f"plugin 'one' of one 1.2 is not loaded: {message}" in str(caught[0].message)


def test_commands_of_plugins_are_called_and_listed(
    monkeypatch: pytest.MonkeyPatch, installed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    installed(point(monkeypatch, "one", nntrain_commands=lambda: [hello]))
    assert run_command(["hello"]) == 0
    assert run_command(["--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("hello\n")
    assert "Plugin commands:\n  hello  Say hello." in out
    monkeypatch.setenv("NNTRAIN_PLUGINS", "")  # put back afterwards
    get_command_registry.cache_clear()
    assert run_command(["--no-plugins", "hello"]) == 2
    assert "unknown command 'hello'" in capsys.readouterr().err


def test_nntrain_s_own_commands_cannot_be_replaced(
    monkeypatch: pytest.MonkeyPatch, installed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    installed(point(monkeypatch, "one", nntrain_commands=lambda: [fit, hello]))
    run_command(["fit", "--help"])
    assert "Train a network" in capsys.readouterr().out
    assert run_command(["--help"]) == 0
    assert capsys.readouterr().out.count("\n  fit ") == 1
    assert "fit" in COMMANDS


def test_a_name_that_two_claim_ends_a_command_with_the_code_of_plugins(
    monkeypatch: pytest.MonkeyPatch, installed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    layer, schedule = type("Twice", (Module,), {}), type("Slow", (Schedule,), {})
    both = {"nntrain_modules": lambda: [layer], "nntrain_schedules": lambda: [schedule]}
    installed(point(monkeypatch, "one", **both), point(monkeypatch, "two", **both))
    for override in ('model.modules=[{type="Twice"}]', 'schedule.type="slow"'):
        assert run_command(["check", "x.csv", "--set", override]) == 4
        assert "is provided by one 1.2 (one) and two 1.2 (two); uninstall one of them" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("requires", "fits"),
    [
        ("nntrain>=0.1", True),
        ("nntrain (>=0.0.3)", True),
        ("nntrain", True),
        ("nntrain-more>=9", True),
        ("nntrain>=0.1.1", False),
        ("nntrain >=99.0,<100", False),
    ],
)
def test_a_plugin_for_a_newer_nntrain_says_so(monkeypatch: pytest.MonkeyPatch, requires: str, fits: bool) -> None:
    made = point(monkeypatch, "one", "numpy>=1", requires, nntrain_commands=lambda: [hello])
    if fits:
        assert Registry([made]).names("command") == ["hello"]
        return
    with pytest.warns(PluginWarning, match=r"plugin 'one' of one 1\.2 is not loaded: expected nntrain .* update"):
        assert Registry([made]).names("command") == []


def test_the_traceback_of_a_broken_plugin_is_printed_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Any:
        raise ValueError("no GPU")

    made = point(monkeypatch, "one", nntrain_modules=broken)
    for asked in (False, True):
        monkeypatch.setenv("NNTRAIN_PLUGIN_DEBUG", "1" if asked else "")
        with pytest.warns(PluginWarning, match="not loaded: ValueError: no GPU"):
            Registry([made])
        assert ("Traceback" in capsys.readouterr().err) == asked
