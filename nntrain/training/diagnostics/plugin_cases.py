"""The cases that plugins provide by the hook ``nntrain_cases``."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from nntrain.errors import suggest_name
from nntrain.hooks.registry import Plugin, RegisteredClass
from nntrain.nn.testing import Case
from nntrain.training.diagnostics.plugin_check_result import CheckFailure
from nntrain.training.testing import TrainingCase

AnyCase: TypeAlias = Case | TrainingCase

CASE_ADVICE = "nntrain_cases must return Cases and TrainingCases of classes of this distribution"


class PluginCases:
    """The cases of one distribution, which may have classes and cases in several plugins."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        # In lowercase, as a config names optimizers, schedules and metrics.
        self.names = {entry.name.lower(): entry.name for plugin in plugins for entry in plugin.provides}
        self.cases: list[AnyCase] = []
        self.failures = {plugin.name: tuple(self.collect(plugin)) for plugin in plugins}

    def collect(self, plugin: Plugin) -> Iterator[CheckFailure]:
        """Collect the valid cases of one plugin, and yield a failure for each of the others."""
        if plugin.error is not None:
            advice = "the import of the plugin or one of its hooks raises an error"
            yield CheckFailure("loading", plugin.name, plugin.error, advice)
            return
        try:
            cases = [case for answer in plugin.hook.nntrain_cases() for case in answer]
        except Exception as error:
            problem = f"{type(error).__name__}: {error}".splitlines()[0]
            yield CheckFailure("nntrain_cases", plugin.name, problem, CASE_ADVICE)
            return
        for case in cases:
            if not isinstance(case, Case | TrainingCase):
                problem = f"expected a Case or a TrainingCase, got {case!r}"
                yield CheckFailure("nntrain_cases", plugin.name, problem, CASE_ADVICE)
            elif not self.find_subjects(case):
                near = suggest_name(get_type_name(case), self.names.values())
                problem = f"is not for a class of {plugin.distribution}{near}"
                yield CheckFailure("nntrain_cases", str(case), problem, CASE_ADVICE)
            else:
                self.cases.append(case)

    def find_subjects(self, case: AnyCase) -> set[str]:
        """Return the classes of the distribution that a case checks: the one it builds, or those inside it."""
        built = {get_type_name(case).lower()} & self.names.keys()
        inner = {name.lower() for name in iterate_types(case.spec)}
        return {self.names[name] for name in built or inner & self.names.keys()}

    def get_cases(self, entry: RegisteredClass) -> list[AnyCase]:
        """Return the cases of a class."""
        return [case for case in self.cases if is_of_kind(case, entry.kind) and entry.name in self.find_subjects(case)]


def is_of_kind(case: AnyCase, kind: str) -> bool:
    """Whether a case checks that kind: a TrainingCase has one kind, a Case may have a criterion inside a module."""
    return case.kind == kind if isinstance(case, TrainingCase) else kind in ("module", "criterion")


def get_type_name(case: AnyCase) -> str:
    """Return the name of the class that a case builds."""
    return str(case) if isinstance(case, TrainingCase) else str(case.spec.get("type"))


def iterate_types(spec: Any) -> Iterator[str]:
    """Yield every class name in a spec."""
    if isinstance(spec, dict):
        if isinstance(spec.get("type"), str):
            yield spec["type"]
        spec = list(spec.values())
    if isinstance(spec, list | tuple):
        for item in spec:
            yield from iterate_types(item)
