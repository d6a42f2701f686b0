"""``nntrain layers``: the registered layers and criterions."""

from __future__ import annotations

import inspect
from itertools import groupby

import click

from nntrain.hooks.registry import Registered, registry

__all__ = ["layers"]


@click.command()
@click.argument("name", required=False)
def layers(name: str | None) -> None:
    """List every layer and criterion by family, with its formula; or explain the one called NAME."""
    click.echo(catalogue() if name is None else explanation(find(name)))


def find(name: str) -> Registered:
    """The layer or criterion of that name. UnknownNameError names the nearest layer."""
    kind = "criterion" if name in registry().names("criterion") else "module"
    return registry().find(kind, name)


def catalogue() -> str:
    """All classes by family, a line each."""
    entries = [registry().find(kind, name) for kind in ("module", "criterion") for name in registry().names(kind)]
    entries.sort(key=family)
    width = max(len(entry.cls.__name__) for entry in entries)
    lines = []
    for title, members in groupby(entries, key=family):
        lines += ["" if lines else None, title]
        lines += [f"  {entry.cls.__name__:{width}}  {formula(entry.cls)}" for entry in members]
    return "\n".join(line for line in lines if line is not None)


def family(entry: Registered) -> str:
    """The title under which an entry is listed."""
    title = f"{entry.plugin} criterions" if entry.kind == "criterion" else entry.plugin
    return title if entry.distribution == "nntrain" else f"{title} ({entry.distribution} {entry.version})"


def formula(cls: type) -> str:
    """The first line of a class's docstring."""
    return (inspect.getdoc(cls) or "").partition("\n")[0]


def explanation(entry: Registered) -> str:
    """Signature, documentation, parameters, and where the class is written."""
    cls = entry.cls
    lines, line = inspect.getsourcelines(cls)
    signature = str(inspect.signature(cls)).replace(" -> None", "")
    origin = f"{entry.plugin} of {entry.distribution} {entry.version}"
    names = getattr(cls, "parameter_names", ())
    found = [name for name in names if f"self.{name}" in "".join(lines)]
    parameters = f"parameters: {', '.join(found) or 'none'}\n" if entry.kind == "module" else ""
    return (
        f"{cls.__name__}{signature}\n\n{inspect.getdoc(cls)}\n\n"
        f"{parameters}{entry.kind} from {origin}\n{inspect.getsourcefile(cls)}:{line}"
    )
