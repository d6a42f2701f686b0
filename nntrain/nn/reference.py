"""The reference of all registered layers and criterions, from their docstrings."""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from nntrain.files.whole_file import whole_file
from nntrain.hooks.registry import Registered, registry
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.nn.recorded import signature
from nntrain.nn.spec_check import class_of

__all__ = ["entries", "explanation", "find", "overview", "pages", "tree", "write_pages"]


def find(name: str) -> Registered:
    """The layer or criterion of that name. UnknownNameError names the nearest."""
    kind = "criterion" if issubclass(class_of(name), Criterion) else "module"
    return registry().find(kind, name)


def entries() -> list[Registered]:
    """All layers and criterions, by family and then by name."""
    found = [registry().find(kind, name) for kind in ("module", "criterion") for name in registry().names(kind)]
    return sorted(found, key=lambda entry: (family(entry), entry.cls.__name__))


def family(entry: Registered) -> str:
    """The family that an entry belongs to: its plugin's name, or what it is if it is nntrain's own."""
    if entry.plugin == "nn" and entry.distribution == "nntrain":
        return "criterion" if entry.kind == "criterion" else "container"
    return entry.plugin


def overview() -> str:
    """All classes by family, each with its formula."""
    found = entries()
    width = max(len(entry.cls.__name__) for entry in found)
    lines: list[str] = []
    for title, members in groupby(found, key=family):
        lines += ["", title]
        lines += [f"  {entry.cls.__name__:{width}}  {formula(entry.cls)}" for entry in members]
    return "\n".join(lines[1:])


def formula(cls: type) -> str:
    """The first line of a class's docstring."""
    return documentation(cls).partition("\n")[0]


def documentation(cls: type) -> str:
    """A class's own docstring, dedented."""
    return inspect.cleandoc(cls.__doc__ or "")


def call(cls: type) -> str:
    """The constructor as it is called, defaults included, types left out."""
    parameters = list(signature(cls).parameters.values())
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return cls.__name__ + str(inspect.Signature(bare))


def explanation(entry: Registered) -> str:
    """Signature, documentation, parameters, and where the class is written."""
    cls = entry.cls
    # Annotations are texts here; the signature shows them in quotes.
    typed = re.sub(r": '([^']*)'", r": \1", str(signature(cls))).replace(" -> 'None'", "")
    _, line = inspect.getsourcelines(cls)
    parameters = f"Parameters: {', '.join(parameter_names(cls)) or 'none'}\n" if entry.kind == "module" else ""
    return (
        f"{cls.__name__}{typed}\n\n{documentation(cls)}\n\n"
        f"{parameters}A {entry.kind} of {entry.plugin}, {entry.distribution} {entry.version}\n"
        f"{inspect.getsourcefile(cls)}:{line}"
    )


def tree(entry: Registered) -> dict[str, Any]:
    """What there is to say about a class, as JSON values."""
    cls = entry.cls
    return {
        "name": cls.__name__,
        "kind": entry.kind,
        "family": family(entry),
        "formula": formula(cls),
        "call": call(cls),
        "parameters": list(parameter_names(cls)) if entry.kind == "module" else [],
        "documentation": documentation(cls),
        "distribution": entry.distribution,
        "version": entry.version,
    }


def parameter_names(cls: type) -> tuple[str, ...]:
    """The names of a layer's parameters; none where it accumulates no gradients."""
    has_any = getattr(cls, "acc_grad_parameters", None) is not Module.acc_grad_parameters
    return getattr(cls, "parameter_names", ()) if has_any else ()


def pages() -> dict[str, str]:
    """A Markdown page for each of nntrain's own families."""
    ours = [entry for entry in entries() if entry.distribution == "nntrain"]
    return {title: page(title, list(members)) for title, members in groupby(ours, key=family)}


def page(title: str, members: list[Registered]) -> str:
    """The page of one family."""
    head = f"# {title.capitalize()}\n\nMade by `nntrain layers --markdown` from the docstrings: change it there.\n"
    return "\n".join([head, *(section(entry) for entry in members)])


def section(entry: Registered) -> str:
    """One class on a page. The docstring is set as it stands: its formulas are text."""
    return f"## {entry.cls.__name__}\n\n    {call(entry.cls)}\n\n```text\n{documentation(entry.cls)}\n```\n"


def write_pages(folder: Path) -> list[Path]:
    """Write every page into a folder, and return where."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for title, text in pages().items():
        written.append(folder / f"{title}.md")
        with whole_file(written[-1]) as new:
            new.write_text(text, encoding="utf-8")
    return written
