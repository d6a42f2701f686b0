"""The cases that plugins tell by the hook ``nntrain_cases``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from nntrain.errors import nearest
from nntrain.hooks.registry import Plugin, Registered
from nntrain.nn.testing import Case
from nntrain.training.testing import Trial
from nntrain.training.verdict import Fault

__all__ = ["AnyCase", "ToldCases"]

AnyCase: TypeAlias = Case | Trial

ADVICE = "nntrain_cases returns Cases and Trials of classes that this distribution brings"


class ToldCases:
    """The cases of one distribution, whose classes and cases may stand in several plugins."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        # In lower case, as a config may name optimizers, schedules and metrics.
        self.names = {entry.name.lower(): entry.name for plugin in plugins for entry in plugin.provides}
        self.cases: list[AnyCase] = []
        self.faults = {plugin.name: tuple(self.ask(plugin)) for plugin in plugins}

    def ask(self, plugin: Plugin) -> Iterator[Fault]:
        """Keep the cases of one plugin that are about something, and tell what is wrong with the others."""
        if plugin.error is not None:
            yield Fault(
                "loading", plugin.name, plugin.error, "this comes up where it is imported or its hooks are asked"
            )
            return
        try:
            told = [case for answer in plugin.hook.nntrain_cases() for case in answer]
        except Exception as error:
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            yield Fault("nntrain_cases", plugin.name, what, ADVICE)
            return
        for case in told:
            if not isinstance(case, Case | Trial):
                yield Fault("nntrain_cases", plugin.name, f"expected a Case or a Trial, got {case!r}", ADVICE)
            elif not self.subjects(case):
                near = nearest(outermost(case), self.names.values())
                yield Fault("nntrain_cases", str(case), f"is about no class of {plugin.distribution}{near}", ADVICE)
            else:
                self.cases.append(case)

    def subjects(self, case: AnyCase) -> set[str]:
        """The classes of the distribution that a case is about: the one it makes, or else those inside that one."""
        made = {outermost(case).lower()} & self.names.keys()
        inside = {name.lower() for name in types(case.given if isinstance(case, Trial) else case.spec)}
        return {self.names[name] for name in made or inside & self.names.keys()}

    def about(self, entry: Registered) -> list[AnyCase]:
        """The cases of a class."""
        return [case for case in self.cases if fits(case, entry.kind) and entry.name in self.subjects(case)]


def fits(case: AnyCase, kind: str) -> bool:
    """Whether a case may be of that kind: a Trial says its own, a Case may have a criterion inside a module."""
    return case.kind == kind if isinstance(case, Trial) else kind in ("module", "criterion")


def outermost(case: AnyCase) -> str:
    """The class that a case makes."""
    return str(case) if isinstance(case, Trial) else str(case.spec.get("type"))


def types(spec: Any) -> Iterator[str]:
    """Every class that a spec names."""
    if isinstance(spec, dict):
        if isinstance(spec.get("type"), str):
            yield spec["type"]
        spec = list(spec.values())
    if isinstance(spec, list | tuple):
        for item in spec:
            yield from types(item)
