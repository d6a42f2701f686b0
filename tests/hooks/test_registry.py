"""The registry: broken plugins give one warning each, and name conflicts list both plugins."""

import sys
import types
from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from nntrain.errors import PluginError, UnknownNameError
from nntrain.hooks import hookimpl
from nntrain.hooks.registry import PluginWarning, Registry, get_registry
from nntrain.nn.module import Module


class Distribution:
    def __init__(self, name: str, version: str) -> None:
        self.name, self.version = name, version


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., EntryPoint]:
    """Return a plugin that provides classes of these names, or fails."""

    def make(
        name: str, *classes: str, distribution: str = "stranger", broken: BaseException | None = None
    ) -> EntryPoint:
        plugin = types.ModuleType(f"plugin_{name}_{distribution}")

        @hookimpl
        def nntrain_modules() -> Any:
            if broken is not None:
                raise broken
            return [type(cls, (Module,), {}) for cls in classes]

        plugin.nntrain_modules = nntrain_modules  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
        point = EntryPoint(name, plugin.__name__, "nntrain")
        vars(point).update(dist=Distribution(distribution, "1.2"))
        return point

    return make


def test_a_plugin_s_classes_are_found_by_name(install: Callable[..., EntryPoint]) -> None:
    found = Registry([install("a", "Swish", "Gate")]).find("module", "Swish")
    assert (found.cls.__name__, found.distribution, found.version, found.plugin) == ("Swish", "stranger", "1.2", "a")


def test_an_unknown_name_is_answered_with_the_nearest(install: Callable[..., EntryPoint]) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown module 'Swich'; did you mean 'Swish'\?"):
        Registry([install("a", "Swish")]).find("module", "Swich")


def test_a_criterion_as_a_module_is_named_as_such() -> None:
    with pytest.raises(UnknownNameError, match="unknown module 'MSECriterion', which is a criterion"):
        get_registry().find("module", "MSECriterion")


def test_a_broken_plugin_is_one_line_and_the_rest_works(install: Callable[..., EntryPoint]) -> None:
    points = [install("bad", broken=ValueError("no GPU\nat all")), install("good", "Swish")]
    with pytest.warns(PluginWarning) as caught:
        found = Registry(points)
    assert [str(warning.message) for warning in caught] == [
        "plugin 'bad' of stranger 1.2 is not loaded: ValueError: no GPU"
    ]
    assert found.names("module") == ["Swish"]
    assert [plugin.error for plugin in found.plugins] == ["ValueError: no GPU", None]


def test_a_plugin_that_would_end_the_program_is_left_out(install: Callable[..., EntryPoint]) -> None:
    with pytest.warns(PluginWarning, match="plugin 'bad' of stranger 1.2 is not loaded: SystemExit: bye"):
        assert Registry([install("bad", broken=SystemExit("bye")), install("good", "Swish")]).names("module") == [
            "Swish"
        ]


def test_an_interrupt_while_a_plugin_is_loaded_is_no_error_of_the_plugin(install: Callable[..., EntryPoint]) -> None:
    error = RuntimeError("Error calling __set_name__")
    error.__cause__ = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        Registry([install("interrupted", broken=error)])


def test_a_plugin_that_cannot_be_imported_is_one_line(install: Callable[..., EntryPoint]) -> None:
    point = EntryPoint("gone", "no_such_module_at_all", "nntrain")
    with pytest.warns(PluginWarning, match="plugin 'gone' of unknown unknown is not loaded: ModuleNotFoundError"):
        assert Registry([point, install("good", "Swish")]).names("module") == ["Swish"]


def test_two_claims_to_one_name_are_both_named(install: Callable[..., EntryPoint]) -> None:
    points = [install("a", "Swish", distribution="one"), install("a", "Swish", "Gate", distribution="two")]
    found = Registry(points)
    with pytest.raises(PluginError, match=r"'Swish' is provided by one 1\.2 \(a\) and two 1\.2 \(a\); uninstall one"):
        found.find("module", "Swish")
    assert found.find("module", "Gate").distribution == "two"
    assert [list(found.find_conflicts(plugin)) for plugin in found.plugins] == [
        ["module 'Swish' is also provided by two"],
        ["module 'Swish' is also provided by one"],
    ]


def test_a_built_in_name_is_not_replaced_in_silence(install: Callable[..., EntryPoint]) -> None:
    built_in = install("simple", "Linear", distribution="nntrain")
    message = "plugin 'a' of stranger 1.2: ignored module 'Linear': the name is built in; rename it"
    with pytest.warns(PluginWarning, match=message):
        found = Registry([install("a", "Linear", "Gate"), built_in])
    assert found.find("module", "Linear").distribution == "nntrain"
    assert found.find("module", "Gate").distribution == "stranger"
    assert list(found.find_conflicts(found.plugins[-1])) == ["module 'Linear' is built in"]


def test_a_misspelt_hook_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = types.ModuleType("plugin_misspelt")

    @hookimpl
    def nntrain_module() -> Any:
        return ()

    plugin.nntrain_module = nntrain_module  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
    with pytest.warns(PluginWarning, match=r"unknown hook 'nntrain_module'; did you mean 'nntrain_modules'\?"):
        Registry([EntryPoint("misspelt", plugin.__name__, "nntrain")])


def test_every_plugin_of_this_project_loads() -> None:
    ours = [plugin for plugin in get_registry().plugins if plugin.distribution == "nntrain"]
    assert len(ours) >= 5
    assert all(plugin.error is None and plugin.provides for plugin in ours)
