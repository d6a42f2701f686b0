"""The answers of plugins to hooks that map classes to objects, such as functions that write them to files."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from nntrain.errors import PluginError
from nntrain.hooks import PROJECT
from nntrain.hooks.registry import Plugin, Registry, describe_plugin, warn_about_plugin

T = TypeVar("T")


class HookAnswers(Generic[T]):
    """The answers of all plugins to ``hook``, by class.

    Classes must be subclasses of ``base``, and answers instances of ``kind``. Other answers are ignored with a warning.
    """

    def __init__(self, registry: Registry, hook: str, base: Any, kind: type[T]) -> None:
        self.hook = hook
        self.claims: dict[type[Any], list[tuple[Plugin, T]]] = {}
        for plugin in registry.plugins:
            try:
                for cls, value in list(self._collect(plugin, base, kind)):
                    self._add(cls, value, plugin)
            except PluginError as error:
                warn_about_plugin(f"{error}; this plugin is ignored here")

    def find(self, cls: type[Any]) -> T | None:
        """Return the answer for a class, or None. PluginError if several plugins have one."""
        claims = self.claims.get(cls)
        if claims is None:
            return None
        if len(claims) > 1:
            providers = " and ".join(sorted(plugin.distribution for plugin, _ in claims))
            raise PluginError(f"{self.hook}: {providers} both answer for {cls.__name__}; uninstall one of them")
        return claims[0][1]

    def _add(self, cls: type[Any], value: T, plugin: Plugin) -> None:
        claims = self.claims.setdefault(cls, [])
        if claims and claims[0][0].distribution == PROJECT:
            warn_about_plugin(
                f"{describe_plugin(plugin)}: {self.hook}: the answer for {cls.__name__} is built in; remove yours"
            )
        else:
            claims.append((plugin, value))

    def _collect(self, plugin: Plugin, base: Any, kind: type[T]) -> Iterator[tuple[type[Any], T]]:
        """Iterate over a plugin's answers. PluginError with its name unless they map classes to ``kind``."""
        if plugin.hook is None:
            return
        where = f"{describe_plugin(plugin)}: {self.hook}"
        try:
            answers = getattr(plugin.hook, self.hook)()
        except Exception as error:
            raise PluginError(f"{where}: {type(error).__name__}: {error}".splitlines()[0]) from error
        expected = f"expected classes, each with a {kind.__name__}"
        for answer in answers:
            if not isinstance(answer, Mapping):
                raise PluginError(f"{where}: {expected}, got {answer!r}")
            for cls, value in answer.items():
                if not (isinstance(cls, type) and issubclass(cls, base) and isinstance(value, kind)):
                    raise PluginError(f"{where}: {expected}, got {cls!r}: {value!r}")
                yield cls, value
