"""The cases that plugins tell by the hook ``nntrain_cases``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from nntrain.errors import suggest_name
from nntrain.hooks.registry import Plugin, RegisteredClass
from nntrain.nn.testing import Case
from nntrain.training.diagnostics.plugin_check_result import CheckFailure
from nntrain.training.testing import TrainingCase

__all__ = ["AnyCase", "PluginCases"]

AnyCase: TypeAlias = Case | TrainingCase

CASE_ADVICE = "nntrain_cases returns Cases and Trials of classes that this distribution brings"


class PluginCases:
    """The cases of one distribution, whose classes and cases may stand in several plugins."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        # In lower case, as a config may name optimizers, schedules and metrics.
        self.names = {entry.name.lower(): entry.name for plugin in plugins for entry in plugin.provides}
        self.cases: list[AnyCase] = []
        self.faults = {plugin.name: tuple(self.collect(plugin)) for plugin in plugins}

    def collect(self, plugin: Plugin) -> Iterator[CheckFailure]:
        """Keep the cases of one plugin that are about something, and tell what is wrong with the others."""
        if plugin.error is not None:
            yield CheckFailure(
                "loading", plugin.name, plugin.error, "this comes up where it is imported or its hooks are asked"
            )
            return
        try:
            told = [case for answer in plugin.hook.nntrain_cases() for case in answer]
        except Exception as error:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            yield CheckFailure("nntrain_cases", plugin.name, what, CASE_ADVICE)
            return
        for case in told:
            if not isinstance(case, Case | TrainingCase):
                yield CheckFailure(
                    "nntrain_cases", plugin.name, f"expected a Case or a TrainingCase, got {case!r}", CASE_ADVICE
                )
            elif not self.find_subjects(case):
                near = suggest_name(get_type_name(case), self.names.values())
                yield CheckFailure(
                    "nntrain_cases", str(case), f"is about no class of {plugin.distribution}{near}", CASE_ADVICE
                )
            else:
                self.cases.append(case)

    def find_subjects(self, case: AnyCase) -> set[str]:
        """The classes of the distribution that a case is about: the one it makes, or else those inside that one."""
        made = {get_type_name(case).lower()} & self.names.keys()
        inside = {name.lower() for name in iterate_types(case.spec)}
        return {self.names[name] for name in made or inside & self.names.keys()}

    def get_cases(self, entry: RegisteredClass) -> list[AnyCase]:
        """The cases of a class."""
        return [case for case in self.cases if is_of_kind(case, entry.kind) and entry.name in self.find_subjects(case)]


def is_of_kind(case: AnyCase, kind: str) -> bool:
    """Whether a case may be of that kind: a TrainingCase has its own, a Case may have a criterion inside a module."""
    return case.kind == kind if isinstance(case, TrainingCase) else kind in ("module", "criterion")


def get_type_name(case: AnyCase) -> str:
    """The class that a case makes."""
    return str(case) if isinstance(case, TrainingCase) else str(case.spec.get("type"))


def iterate_types(spec: Any) -> Iterator[str]:
    """Every class that a spec names."""
    if isinstance(spec, dict):
        if isinstance(spec.get("type"), str):
            yield spec["type"]
        spec = list(spec.values())
    if isinstance(spec, list | tuple):
        for item in spec:
            yield from iterate_types(item)
